import { describe, expect, test } from 'vitest'
import type { Reading, Summary } from '../../src/model/index.js'
import { max } from '../../src/operators/aggregates/index.js'
import { countWindow, hopping, session, sliding, tumbling } from '../../src/operators/index.js'
import type { Timeline } from '../../src/time/index.js'
import type { OperatorFunction } from 'rxjs'
import { drive } from './window-streams.js'

const reading = (time: number, machine: string, sensor: string, value: number): Reading => ({ kind: 'reading', time, machine, sensor, value, quality: 'good' })
const readings = [reading(1, 'b', 'x', 1), reading(2, 'a', 'x', 3), reading(3, 'a', 'y', 2)]
const byText = { key: ({ sensor }: Reading): string => sensor, aggregate: max() }
const byMachine = { key: 'machine' as const, aggregate: max() }
type Made = (time: Timeline) => OperatorFunction<Reading, Summary<number>>
const last = (op: Made): readonly unknown[] => {
  const outs = drive(op, readings)
  return [...new Map(outs.map((out) => [out.key ?? out.machine, out])).values()].map(({ machine, sensor, key, values }) => ({ machine, sensor, key, values }))
}

describe('of a key that is a function, a summary has the text, the machine of the first item, and no sensor; of one machine only that', () => {
  test.each<[string, Made, Made]>([
    ['countWindow', (time) => countWindow(3, byText, time), (time) => countWindow(3, byMachine, time)],
    ['hopping', (time) => hopping(100, 50, byText, time), (time) => hopping(100, 50, byMachine, time)],
    ['session', (time) => session(50, byText, time), (time) => session(50, byMachine, time)],
    ['sliding', (time) => sliding(100, byText, time), (time) => sliding(100, byMachine, time)],
    ['tumbling', (time) => tumbling(100, byText, time), (time) => tumbling(100, byMachine, time)],
  ])('%s', (name, text, machine) => {
    expect(last(text)).toEqual([{ machine: name === 'sliding' ? expect.any(String) : 'b', sensor: undefined, key: 'x', values: 3 }, { machine: 'a', sensor: undefined, key: 'y', values: 2 }])
    expect(last(machine)).toEqual(expect.arrayContaining([{ machine: 'a', sensor: undefined, key: undefined, values: 3 }, { machine: 'b', sensor: undefined, key: undefined, values: 1 }]))
  })
})
