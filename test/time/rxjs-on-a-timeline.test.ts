import { readFileSync, writeFileSync } from 'node:fs'
import { fc, test } from '@fast-check/vitest'
import {
  auditTime, bufferTime, concat, debounceTime, delay, interval, map, merge, mergeMap, of, pipe, sampleTime, switchMap, take, throttleTime, timeout, timer, windowTime,
} from 'rxjs'
import type { Observable, OperatorFunction, SchedulerLike, Subscription } from 'rxjs'
import { TestScheduler } from 'rxjs/testing'
import { describe, expect } from 'vitest'
import { marbles, showMarbles } from '../../src/testing/marbles.js'
import type { MarbleEvent } from '../../src/testing/marbles.js'

type Operator = (time: SchedulerLike) => OperatorFunction<string, string>

const text = (values: readonly string[]): string => `[${values.join(' ')}]`

const flat = (windows: OperatorFunction<string, Observable<string>>): OperatorFunction<string, string> =>
  pipe(windows, mergeMap((window, i) => concat(of(`open ${i}`), window, of(`close ${i}`))))

const plain = (events: readonly MarbleEvent<string>[]): readonly string[] =>
  events.map((event) => `${event.time}: ${'complete' in event ? '|' : 'error' in event ? `# ${(event.error as Error).name ?? event.error}` : event.value}`)

/** What comes on subscription, before time has begun, counts as of `from`. */
const onTimeline = (operator: Operator, diagram: string, from = 0): readonly string[] =>
  plain(marbles<string, string>(operator).of(diagram).events.map((event) => ({ ...event, time: Math.max(from, event.time) })))

/** RxJS's own account of it. Subscribes at `from`, as on a timeline timers count from the first value; unsubscribes at `to`. */
const onTestScheduler = (operator: Operator, diagram: string, { from = 0, to = Infinity, kind = 'hot' as 'hot' | 'cold' }): readonly string[] => {
  const scheduler = new TestScheduler(() => undefined)
  const events: MarbleEvent<string>[] = []
  scheduler.run((helpers) => {
    const source = helpers[kind]<string>(`${diagram} `)
    let subscription: Subscription | undefined
    scheduler.schedule(() => {
      subscription = operator(scheduler)(source).subscribe({
        next: (value) => events.push({ time: scheduler.now(), value }),
        error: (error: unknown) => events.push({ time: scheduler.now(), error }),
        complete: () => events.push({ time: scheduler.now(), complete: true }),
      })
    }, from)
    if (to < Infinity) scheduler.schedule(() => subscription?.unsubscribe(), to)
  })
  return plain(events)
}

const UNIT = 16

/** Every event has a frame of its own modulo 16, and every length of time is a multiple of 16: so nothing can fall on a due time. */
const streams = fc
  .record({
    steps: fc.array(fc.record({ skip: fc.nat(6), values: fc.constantFrom(1, 1, 1, 2) }), { minLength: 1, maxLength: 12 }),
    end: fc.record({ skip: fc.nat(12), how: fc.constantFrom('|', '#', '') }),
  })
  .map(({ steps, end }) => {
    const events: MarbleEvent<string>[] = []
    let block = 0
    let letter = 97
    let room = 0
    steps.forEach(({ skip, values }, i) => {
      block += skip + room
      room = values > 1 ? 1 : 0
      for (let n = 0; n < values; n++) events.push({ time: UNIT * block + i, value: String.fromCharCode(letter++) })
    })
    const last = UNIT * (block + end.skip + room) + 14
    if (end.how === '') {
      const shown = showMarbles(events)
      const used = events.at(-1)!.time + (room > 0 ? 4 : 1)
      return { diagram: `${shown} ${last - used}ms`, from: events[0]!.time, to: last }
    }
    const ending: MarbleEvent<string> = end.how === '|' ? { time: last, complete: true } : { time: last, error: 'error' }
    return { diagram: showMarbles([...events, ending]), from: events[0]!.time, to: Infinity }
  })

const length = fc.integer({ min: 1, max: 6 }).map((n) => n * UNIT)
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })

const operators: Record<string, fc.Arbitrary<readonly [shown: string, operator: Operator]>> = {
  debounceTime: length.map((n) => [`${n}`, (time) => debounceTime(n, time)]),
  bufferTime: fc.tuple(length, maybe(length), fc.constantFrom(Infinity, 1, 2, 3)).map(([span, every, most]) =>
    [`${span}, ${every}, ${most}`, (time) => pipe(bufferTime(span, every, most, time), map(text))]),
  windowTime: fc.tuple(length, maybe(length), fc.constantFrom(Infinity, 1, 2, 3)).map(([span, every, most]) =>
    [`${span}, ${every}, ${most}`, (time) => flat(windowTime(span, every, most, time))]),
  timeout: fc.tuple(maybe(length), maybe(length), fc.boolean()).filter(([each, first]) => each !== undefined || first !== undefined).map(([each, first, other]) =>
    [`${each}, ${first}, ${other}`, (scheduler) => timeout({
      ...(each === undefined ? {} : { each }), ...(first === undefined ? {} : { first }), ...(other ? { with: () => timer(UNIT, scheduler).pipe(map(() => 'instead')) } : {}), scheduler,
    })]),
  auditTime: length.map((n) => [`${n}`, (time) => auditTime(n, time)]),
  delay: length.map((n) => [`${n}`, (time) => delay(n, time)]),
  throttleTime: fc.tuple(length, fc.boolean(), fc.boolean()).map(([n, leading, trailing]) =>
    [`${n}, ${leading}, ${trailing}`, (time) => throttleTime(n, time, { leading, trailing })]),
  sampleTime: length.map((n) => [`${n}`, (time) => sampleTime(n, time)]),
  interval: fc.tuple(length, fc.integer({ min: 1, max: 8 }), fc.boolean()).map(([n, count, each]) => [`${n}, ${count}, ${each}`, (time) => {
    const ticks = interval(n, time).pipe(take(count), map(String))
    return each ? switchMap(() => ticks) : (source) => merge(source, ticks)
  }]),
  timer: fc.tuple(length, maybe(length), fc.integer({ min: 1, max: 8 }), fc.boolean()).map(([due, every, count, each]) => [`${due}, ${every}, ${count}, ${each}`, (time) => {
    const ticks = (every === undefined ? timer(due, time) : timer(due, every, time)).pipe(take(count), map(String))
    return each ? mergeMap(() => ticks) : (source) => merge(source, ticks)
  }]),
}

describe('what does not fall on a due time comes out as on the TestScheduler', () => {
  for (const [name, operator] of Object.entries(operators))
    test.prop([operator, streams], { numRuns: 300 })(name, ([, make], { diagram, from, to }) => {
      expect(onTimeline(make, diagram, from)).toEqual(onTestScheduler(make, diagram, { from, to }))
    })

  test.prop([operators['bufferTime']!, operators['debounceTime']!, operators['delay']!, streams])('three of them in a row', ([, a], [, b], [, c], { diagram, from, to }) => {
    // two that wait for the same time tie with each other, and those are in the order in which they were set on both
    const make: Operator = (time) => pipe(c(time), b(time), a(time))
    expect(onTimeline(make, diagram, from)).toEqual(onTestScheduler(make, diagram, { from, to }))
  })
})

const ties: readonly (readonly [shown: string, diagram: string, operator: Operator])[] = [
  ['debounceTime(3)', 'a--b----|', (time) => debounceTime(3, time)],
  ['bufferTime(3)', 'a--b--c-|', (time) => pipe(bufferTime(3, time), map(text))],
  ['bufferTime(3)', 'a--|', (time) => pipe(bufferTime(3, time), map(text))],
  ['bufferTime(4, 2)', 'a-b-c--|', (time) => pipe(bufferTime(4, 2, time), map(text))],
  ['windowTime(3)', 'a--b-|', (time) => flat(windowTime(3, time))],
  ['timeout({ each: 3 })', 'a--b-|', (scheduler) => timeout({ each: 3, scheduler })],
  ['timeout({ each: 3 })', 'a--|', (scheduler) => timeout({ each: 3, scheduler })],
  ['auditTime(3)', 'a--b----|', (time) => auditTime(3, time)],
  ['delay(3)', 'a--b-|', (time) => delay(3, time)],
  ['throttleTime(3)', 'a--b-|', (time) => throttleTime(3, time)],
  ['throttleTime(3), trailing', 'a-bc----|', (time) => throttleTime(3, time, { leading: true, trailing: true })],
  ['sampleTime(3)', 'a--b--c-|', (time) => sampleTime(3, time)],
  ['sampleTime(3)', 'a--|', (time) => sampleTime(3, time)],
  ['switchMap(() => interval(3))', 'a-----b---|', (time) => switchMap((letter) => interval(3, time).pipe(take(3), map((n) => `${letter}${n}`)))],
  ['switchMap(() => timer(3))', 'a--b---|', (time) => switchMap((letter) => timer(3, time).pipe(map(() => letter)))],
]

const cell = (events: readonly string[]): string => events.map((event) => `\`${event.replaceAll('|', '∎')}\``).join(' ')

const rows = (): string =>
  ties.map(([shown, diagram, operator]) => `| \`${shown}\` | \`${diagram.replaceAll('|', '∎')}\` | ${[
    onTimeline(operator, diagram), onTestScheduler(operator, diagram, {}), onTestScheduler(operator, diagram, { kind: 'cold' }),
  ].map(cell).join(' | ')} |`).join('\n')

describe('ties', () => {
  const file = new URL('../../docs/rxjs-on-a-timeline.md', import.meta.url)

  test('the table in docs/rxjs-on-a-timeline.md is what comes out (UPDATE=1 writes it)', () => {
    const document = readFileSync(file, 'utf8')
    const table = /(<!-- ties -->\n)([^]*?)(\n<!-- end of ties -->)/.exec(document)
    expect(table).not.toBeNull()
    const head = '| operator | input | on a timeline | TestScheduler, hot | TestScheduler, cold |\n| --- | --- | --- | --- | --- |'
    const now = `${head}\n${rows()}`
    if (process.env['UPDATE'] === '1') writeFileSync(file, document.replace(table![0], `${table![1]}${now}${table![3]}`))
    else expect(table![2]).toBe(now)
  })

  // worked out by hand from the one rule: a timer that is due at t rings before the values of t
  test.each<readonly [string, string, Operator, readonly string[]]>([
    ['debounceTime', 'a--b----|', (time) => debounceTime(3, time), ['3: a', '6: b', '8: |']],
    ['bufferTime', 'a--b--c-|', (time) => pipe(bufferTime(3, time), map(text)), ['3: [a]', '6: [b]', '8: [c]', '8: |']],
    ['windowTime', 'a--b-|', (time) => flat(windowTime(3, time)), ['0: open 0', '0: a', '3: close 0', '3: open 1', '3: b', '5: close 1', '5: |']],
    ['timeout', 'a--b-|', (scheduler) => timeout({ each: 3, scheduler }), ['0: a', '3: # TimeoutError']],
    ['auditTime', 'a--b----|', (time) => auditTime(3, time), ['3: a', '6: b', '8: |']],
    ['delay', 'a--b-|', (time) => delay(3, time), ['3: a', '6: b', '6: |']],
    ['throttleTime', 'a--b-|', (time) => throttleTime(3, time), ['0: a', '3: b', '5: |']],
    ['sampleTime', 'a--b--c-|', (time) => sampleTime(3, time), ['3: a', '6: b', '8: |']],
    ['interval', 'a-----b---|', (time) => switchMap((letter) => interval(3, time).pipe(take(3), map((n) => `${letter}${n}`))),
      ['3: a0', '6: a1', '9: b0', '12: b1', '15: b2', '15: |']],
    ['timer', 'a--b---|', (time) => switchMap((letter) => timer(3, time).pipe(map(() => letter))), ['3: a', '6: b', '7: |']],
  ])('%s', (_, diagram, operator, expected) => {
    expect(onTimeline(operator, diagram)).toEqual(expected)
  })
})

describe('before the first instant', () => {
  test('a timer waits, and counts from it', () => {
    const operator: Operator = (time) => (source) => merge(source, interval(1000, time).pipe(take(2), map(String)))
    expect(onTimeline(operator, '2m a 1m |')).toEqual(['120000: a', '121000: 0', '122000: 1', '180001: |'])
  })

  test('of timers that wait, the shorter one rings first', () => {
    const operator: Operator = (time) => () => merge(timer(20, time).pipe(map(() => 'late')), timer(0, time).pipe(map(() => 'at once')), timer(10, time).pipe(map(() => 'soon')))
    expect(onTimeline(operator, '5ms a 1m |')).toEqual(['5: at once', '15: soon', '25: late', '25: |'])
  })

  test('without a reading a timeout does not fire', () => {
    const operator: Operator = (scheduler) => timeout({ first: 1000, scheduler })
    expect(onTimeline(operator, '120m')).toEqual([])
    expect(onTimeline(operator, '120m a|')).toEqual(['7200000: a', '7200001: |'])
  })

  test('one that is set for a Date never rings: RxJS makes a delay of it, which is infinite from there', () => {
    expect(onTimeline((time) => (source) => merge(source, timer(new Date(5), time).pipe(map(() => 'date'))), 'a 1m ')).toEqual(['0: a'])
    expect(onTimeline((time) => delay(new Date(5), time), 'a 1m |')).toEqual(['5: a', '60001: |'])
  })
})
