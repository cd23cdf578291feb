import type { Piece } from '../../lake/piece.js'
import type { ColumnType } from '../../lake/table.js'
import type { Reading, Rejected } from '../../model/index.js'
import { show } from '../../model/show.js'
import { describeRejection } from '../../model/wire.js'
import type { LakeObject } from './hours-of.js'

/** The rows of an object, made into readings when they are asked for. */
export interface Readings {
  readonly rows: number
  /** NaN where the row has none. */
  readonly timeOf: (row: number) => number
  /** `rejected` where the row is no reading. */
  readonly at: (row: number) => Reading | Rejected
}

const NEEDED = { time: 'time', machine: 'text', sensor: 'text', value: 'number', quality: 'text' } as const satisfies Readonly<Record<string, ColumnType>>

/** `where` the object is, for what is rejected. Throws where the object has not the columns of readings. */
export function readingsIn({ rows, columns }: Piece, { topic }: LakeObject, where: string): Readings {
  const cellsOf = (name: string, type: ColumnType): readonly unknown[] | undefined => columns.find((column) => column.name === name && column.type === type)?.cells
  const needed = (name: keyof typeof NEEDED): readonly unknown[] => {
    const cells = cellsOf(name, NEEDED[name])
    if (cells === undefined) throw new Error(`it has no column '${name}' of the type ${NEEDED[name]}, and the columns of readings are ${Object.keys(NEEDED).join(', ')}`)
    return cells
  }
  const [time, machine, sensor, value, quality] = [needed('time'), needed('machine'), needed('sensor'), needed('value'), needed('quality')]
  const [unit, partition, offset] = [cellsOf('unit', 'text'), cellsOf('partition', 'whole'), cellsOf('offset', 'whole')]
  const timeOf = (row: number): number => (typeof time[row] === 'number' ? time[row] : NaN)

  const wrong = (row: number): string | undefined => {
    const told = (field: string, got: unknown, expected: string): string => describeRejection({ field, got: show(got), expected })
    if (typeof time[row] !== 'number') return told('time', time[row], 'a timestamp')
    if (typeof machine[row] !== 'string') return told('machine', machine[row], 'a text')
    if (typeof sensor[row] !== 'string') return told('sensor', sensor[row], 'a text')
    if (!Number.isFinite(value[row])) return told('value', value[row], 'a finite number')
    if (quality[row] !== 'good' && quality[row] !== 'suspect') return told('quality', quality[row], 'good or suspect')
    return undefined
  }

  return {
    rows,
    timeOf,
    at(row) {
      const detail = wrong(row)
      if (detail !== undefined) return { kind: 'rejected', time: timeOf(row), reason: 'undecodable', detail, where: `${where}:${row + 1}` }
      return {
        kind: 'reading',
        time: timeOf(row),
        machine: machine[row] as string,
        sensor: sensor[row] as string,
        value: value[row] as number,
        ...(typeof unit?.[row] === 'string' ? { unit: unit[row] } : {}),
        quality: quality[row] as Reading['quality'],
        ...(topic === undefined || typeof partition?.[row] !== 'number' || typeof offset?.[row] !== 'number' ? {} : { origin: { topic, partition: partition[row], offset: offset[row] } }),
      }
    },
  }
}
