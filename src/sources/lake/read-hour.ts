import type { ObjectReader } from '../../lake/object-reader.js'
import { readPiece } from '../../lake/read-piece.js'
import type { Reading, Rejected } from '../../model/index.js'
import type { LakeHour } from './hours-of.js'
import { type Readings, readingsIn } from './readings-in.js'

/** What the objects of an hour hold: first what could not be read of them, then their rows by time; those of one time in the order of the objects' paths and of their rows. */
export interface HourOfReadings {
  readonly length: number
  readonly at: (place: number) => Reading | Rejected
}

/** All objects of the hour. Rejects where one has gone, and when it is told to stop. */
export async function readHour(who: string, store: ObjectReader, { start, objects }: LakeHour, signal: AbortSignal): Promise<HourOfReadings> {
  const broken: Rejected[] = []
  const parts: Readings[] = []
  for (const object of objects) {
    signal.throwIfAborted()
    const where = `${store.name}${object.path}`
    const bytes = await store.get(object.path)
    if (bytes === undefined) throw new Error(`${who}: '${where}' has gone since the lake was listed; read again when nothing removes objects there, as compactLake does`)
    try {
      parts.push(readingsIn(await readPiece('reading', bytes), object, where))
    } catch (error) {
      broken.push({ kind: 'rejected', time: start, reason: 'undecodable', detail: `this is no Parquet object of readings (${(error as Error).message}); what it held is missing: bring it back, or move it away`, where })
    }
  }

  const total = parts.reduce((sum, { rows }) => sum + rows, 0)
  const [partOf, rowOf, times] = [new Uint32Array(total), new Uint32Array(total), new Float64Array(total)]
  let next = 0
  for (const [i, { rows, timeOf }] of parts.entries()) {
    for (let row = 0; row < rows; row++, next++) {
      partOf[next] = i
      rowOf[next] = row
      const time = timeOf(row)
      times[next] = Number.isNaN(time) ? -Infinity : time
    }
  }
  const order = new Uint32Array(total).map((_, i) => i).sort((a, b) => (times[a] === times[b] ? a - b : times[a]! - times[b]!))

  return {
    length: broken.length + total,
    at: (place) => {
      const row = order[place - broken.length]
      return row === undefined ? broken[place]! : parts[partOf[row]!]!.at(rowOf[row]!)
    },
  }
}
