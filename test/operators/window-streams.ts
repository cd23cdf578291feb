import { readFileSync } from 'node:fs'
import { type OperatorFunction, Subject } from 'rxjs'
import { fc } from '@fast-check/vitest'
import { expect } from 'vitest'
import type { Reading, Summary } from '../../src/model/index.js'
import type { Aggregate } from '../../src/operators/aggregates/index.js'
import { Timeline } from '../../src/time/index.js'

export const reading = (time: number, value = 1, sensor = 's', machine = 'm', quality: Reading['quality'] = 'good'): Reading => ({
  kind: 'reading', time, machine, sensor, value, quality,
})

const text = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

export const inTotalOrder = (a: Reading, b: Reading): number => a.time - b.time || text(a.machine, b.machine) || text(a.sensor, b.sensor) || a.value - b.value

/** Readings in the order that `inOrder` gives; times lie around `origin`, often on the borders of windows of 10, seldom far apart. */
export const streams = (origin = 0): fc.Arbitrary<readonly Reading[]> =>
  fc
    .array(
      fc.record({
        kind: fc.constant('reading' as const),
        time: fc.oneof(
          fc.integer({ min: -60, max: 60 }),
          fc.integer({ min: -6, max: 6 }).map((n) => n * 10),
          { arbitrary: fc.integer({ min: -1_000_000, max: 1_000_000 }), weight: 1 },
        ).map((time) => time + origin),
        machine: fc.constantFrom('a', 'b'),
        sensor: fc.constantFrom('s', 't'),
        value: fc.integer({ min: -9, max: 9 }),
        quality: fc.constantFrom('good' as const, 'good' as const, 'suspect' as const),
      }),
      { maxLength: 30 },
    )
    .map((readings) => [...readings].sort(inTotalOrder))

/** Keeps all that it is given, so that a test sees which items a window had. */
export const collect: Aggregate<Reading, { items: Reading[] }, readonly Reading[]> = {
  start: () => ({ items: [] }),
  add: (state, item) => {
    state.items.push(item)
  },
  merge: (into, from) => {
    into.items.push(...from.items)
  },
  result: ({ items }) => [...items],
}

type Pipeline<Out> = (time: Timeline) => OperatorFunction<Reading, Out>

/** Runs readings that are in order through an operator, saved and restored before each instant of `cuts`. */
export function drive<Out>(pipeline: Pipeline<Out>, readings: readonly Reading[], { cuts = [], until }: { cuts?: readonly number[]; until?: number } = {}): readonly Out[] {
  const outs: Out[] = []
  let time = new Timeline()
  let input = new Subject<Reading>()
  const subscribe = () =>
    input.pipe(pipeline(time)).subscribe({
      next: (out) => outs.push(out),
      error: (error: unknown) => {
        throw error
      },
    })
  let subscription = subscribe()
  for (const at of [...new Set(readings.map((each) => each.time))]) {
    if (cuts.includes(at)) {
      const saved = time.save()
      subscription.unsubscribe()
      expect(time.pending()).toBe(0)
      time = new Timeline(saved)
      input = new Subject<Reading>()
      subscription = subscribe()
      expect(time.unclaimed()).toEqual([])
    }
    time.advance(at)
    for (const each of readings) if (each.time === at) input.next(each)
    time.settle()
  }
  if (until !== undefined) time.advance(until)
  input.complete()
  expect(time.pending()).toBe(0)
  return outs
}

/** The law that a cut changes nothing, at each instant alone and at all of them. */
export function expectCutsChangeNothing<Out>(pipeline: Pipeline<Out>, readings: readonly Reading[]): void {
  const whole = drive(pipeline, readings)
  const times = [...new Set(readings.map((each) => each.time))]
  for (const cut of times) expect(drive(pipeline, readings, { cuts: [cut] })).toEqual(whole)
  expect(drive(pipeline, readings, { cuts: times })).toEqual(whole)
}

/** The series of a stream, in the order of their text. */
export function bySeries(readings: readonly Reading[]): readonly (readonly Reading[])[] {
  const series = new Map<string, Reading[]>()
  for (const each of readings) series.set(`${each.machine}/${each.sensor}`, [...(series.get(`${each.machine}/${each.sensor}`) ?? []), each])
  return [...series].sort(([a], [b]) => text(a, b)).map(([, each]) => each)
}

/** The order in which summaries go out: by time, then by key; partial ones last. */
export const inOrderOfEmission = <Result>(summaries: readonly Summary<Result>[]): readonly Summary<Result>[] =>
  [...summaries].sort((a, b) =>
    Number(a.status === 'partial') - Number(b.status === 'partial') || a.time - b.time || text(a.machine, b.machine) || text(a.sensor ?? '', b.sensor ?? '') || a.end - b.end)

/** Runs the marble diagram in the documentation of an operator, one character a second, and expects what it shows. */
export function expectDocumentedMarbles(file: string, pipeline: Pipeline<Summary<number>>): void {
  const source = readFileSync(new URL(`../../src/operators/${file}`, import.meta.url), 'utf8')
  const readings = /\/\/ readings +(\S+)\|/.exec(source)![1]!
  const summaries = /\/\/ summaries +(\S+)/.exec(source)![1]!
  const given = [...readings].flatMap((mark, second) => (mark === '-' ? [] : [reading(second * 1000, Number(mark))]))
  const end = readings.length * 1000
  const outs = drive(pipeline, given, { until: end })
  let shown = ''
  for (let at = 0; at < end; at += 1000) shown += outs.find((out) => out.time === at)?.values ?? '-'
  const last = outs.filter((out) => out.time === end).map((out) => out.values).join('')
  expect(shown + (last === '' ? '|' : `(${last}|)`)).toBe(summaries)
}
