import { fc } from '@fast-check/vitest'
import { TestScheduler } from 'rxjs/testing'
import type { Observable } from 'rxjs'
import { expect } from 'vitest'
import type { Input, Reading } from '../../src/model/index.js'
import { epoch } from '../../src/testing/index.js'
import { ordered as behindEdge, run } from '../../src/testing/laws/line.js'
import type { Edge, OperatorUnderTest } from '../../src/testing/index.js'

const edge: Edge = { lateness: '5s' }

export const second = 1000
export const quiet = 30 * second

/** Readings of two machines and two sensors on whole seconds, with many ties, in order of time; then a tick after 30 s of quiet. Values are 0 to 3. */
export const smallStreams: fc.Arbitrary<readonly Input[]> = fc
  .array(
    fc.record({
      step: fc.constantFrom(0, 0, 1, 1, 2, 3, 4, 5, 11),
      machine: fc.constantFrom('a', 'b'),
      sensor: fc.constantFrom('x', 'y'),
      value: fc.integer({ min: 0, max: 3 }),
      quality: fc.constantFrom('good' as const, 'good' as const, 'good' as const, 'suspect' as const),
    }),
    { maxLength: 30 },
  )
  .map((steps) => {
    let time = epoch
    const readings = steps.map(({ step, ...fields }): Reading => {
      time += step * second
      return { kind: 'reading', time, ...fields }
    })
    return [...readings, { kind: 'tick', time: time + quiet }]
  })

/** What the operator under test is handed behind `inOrder`: the readings in their total order. */
export const ordered = (inputs: readonly Input[]): readonly Reading[] => behindEdge(edge, inputs).filter((item) => item.kind === 'reading')

/** What comes of the inputs, `inOrder` standing in front. */
export const outputsOf = <Out>(op: OperatorUnderTest<Out>, inputs: readonly Input[]): readonly Out[] => run(op, edge, inputs) as readonly Out[]

/** All whole seconds from the first of the inputs to the last one. */
export const seconds = (inputs: readonly Input[]): readonly number[] => {
  const first = inputs[0]!.time
  return Array.from({ length: (inputs.at(-1)!.time - first) / second + 1 }, (_, i) => first + i * second)
}

export const series = ['a', 'b'].flatMap((machine) => ['x', 'y'].map((sensor) => ({ machine, sensor })))

export const reading = (seconds: number, machine: string, sensor: string, value: number, quality: 'good' | 'suspect' = 'good'): Reading =>
  ({ kind: 'reading', time: seconds * second, machine, sensor, value, quality })

/** A marble test in which a frame is a millisecond. */
export const marbles = (test: (helpers: {
  readonly scheduler: TestScheduler
  readonly hot: <T>(marbles: string, values?: Readonly<Record<string, T>>) => Observable<T>
  readonly expectObservable: (actual: Observable<unknown>) => { toBe: (marbles: string, values?: unknown) => void }
}) => void): void => {
  const scheduler = new TestScheduler((actual, expected) => { expect(actual).toEqual(expected) })
  scheduler.run(({ hot, expectObservable }) => {
    test({ scheduler, hot: (text, values) => hot(text, values), expectObservable: (actual) => ({ toBe: (text, values) => { expectObservable(actual).toBe(text, values) } }) })
  })
}
