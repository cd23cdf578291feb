import { fc, test } from '@fast-check/vitest'
import { Subject, take } from 'rxjs'
import { describe, expect } from 'vitest'
import { clocks, inOrder } from 'motorwatch/operators'
import type { InOrderOptions } from 'motorwatch/operators'
import type { Command, Input, Item, Reading, Rejected, Tick, Verdict } from 'motorwatch/model'
import { Timeline } from 'motorwatch/time'

const T = Date.UTC(2026, 0, 1)
const YEAR_2099 = Date.UTC(2099, 0, 1)

const reading = (seconds: number, machine = 'a', value = 1, sensor = 's'): Reading => ({ kind: 'reading', time: T + seconds * 1000, machine, sensor, value, quality: 'good' })
const tick = (seconds: number): Tick => ({ kind: 'tick', time: T + seconds * 1000 })

/** The outputs after each input, and those of the end. */
function drive(options: InOrderOptions, inputs: readonly Item[], complete = true): readonly (readonly Item[])[] {
  const input = new Subject<Item>()
  const steps: Item[][] = []
  let now: Item[] = []
  inOrder<Item>(options, new Timeline())(input).subscribe((item) => now.push(item))
  for (const item of inputs) {
    input.next(item)
    steps.push(now)
    now = []
  }
  if (complete) input.complete()
  steps.push(now)
  return steps
}

const all = (options: InOrderOptions, inputs: readonly Item[]): readonly Item[] => drive(options, inputs).flat()
const readingsOf = (items: readonly Item[]): readonly Reading[] => items.filter((item): item is Reading => item.kind === 'reading')
const rejectedOf = (items: readonly Item[]): readonly Rejected[] => items.filter((item): item is Rejected => item.kind === 'rejected')

const order = (a: Reading, b: Reading): number =>
  a.time - b.time || (a.machine < b.machine ? -1 : a.machine > b.machine ? 1 : 0) || (a.sensor < b.sensor ? -1 : a.sensor > b.sensor ? 1 : 0) || a.value - b.value

const anyReading = (span: number): fc.Arbitrary<Reading> =>
  fc.record({ seconds: fc.integer({ min: 0, max: span }), machine: fc.constantFrom('a', 'b', 'c'), value: fc.integer({ min: 0, max: 2 }), sensor: fc.constantFrom('s', 't') })
    .map(({ seconds, machine, value, sensor }) => reading(seconds, machine, value, sensor))

/** What goes out after each input, and with the end: `a 5` is a reading of machine a at 5 s, `ahead a 5` is one that was rejected. */
const told = (options: InOrderOptions, inputs: readonly Item[], complete = true): readonly string[] => drive(options, inputs, complete).map((items) => items.map(inShort).join(', '))
const seconds = (time: number): string => String((time - T) / 1000)
const inShort = (item: Item): string => {
  if (item.kind === 'reading') return `${(item as Reading).machine} ${seconds((item as Reading).time)}`
  if (item.kind !== 'rejected') return `${item.kind} ${seconds((item as Tick).time)}`
  const { reason, reading: of } = item as Rejected
  return `${reason} ${of!.machine} ${seconds(of!.time)}`
}

describe('the order', () => {
  test.prop([fc.array(anyReading(30))])('is time, machine, sensor, value; nothing is lost: what is late or twice goes out as rejected', (inputs) => {
    const outputs = all({ lateness: '5s' }, inputs)
    const taken = readingsOf(outputs)
    expect(taken).toEqual([...taken].sort(order))
    expect([...taken, ...rejectedOf(outputs).map((each) => each.reading!)].sort(order)).toEqual([...inputs].sort(order))
  })

  test.prop([fc.array(anyReading(30))])('a reading is late exactly where it lies behind the latest before it by more than the lateness, and is told by how much', (inputs) => {
    const expected: number[] = []
    let max = -Infinity
    for (const { time } of inputs) {
      if (time < max - 5000) expected.push(max - 5000 - time)
      max = Math.max(max, time)
    }
    expect(rejectedOf(all({ lateness: '5s' }, inputs)).filter(({ reason }) => reason === 'late').map(({ by }) => by)).toEqual(expected)
  })

  test('readings go out with all others of their instant, when the watermark has passed them', () => {
    expect(drive({ lateness: '2s' }, [reading(0, 'b'), reading(0, 'a'), reading(2), reading(3)])).toEqual([[], [], [], [reading(0, 'a'), reading(0, 'b')], [reading(2), reading(3)]])
  })

  test('an identical reading that comes twice goes out once, and once as a duplicate', () => {
    const outputs = all({ lateness: '5s' }, [reading(0), reading(1), reading(0), reading(0, 'a', 2)])
    expect(readingsOf(outputs)).toEqual([reading(0), reading(0, 'a', 2), reading(1)])
    expect(rejectedOf(outputs)).toMatchObject([{ reason: 'duplicate', reading: reading(0) }])
  })

  test('fractions of a millisecond count', () => {
    const half = { ...reading(0), time: T + 0.5 }
    expect(readingsOf(all({ lateness: 0 }, [half, reading(0, 'b')]))).toEqual([half])
    expect(readingsOf(all({ lateness: 1 }, [half, reading(0, 'b')]))).toEqual([reading(0, 'b'), half])
  })

  test('nothing comes of nothing', () => {
    expect(all({ lateness: '5s' }, [])).toEqual([])
  })
})

describe('ahead', () => {
  const guarded: InOrderOptions = { lateness: '5s', ahead: '5s' }

  test.prop([fc.integer({ min: 0, max: 59 }), fc.integer({ min: 1, max: 4e9 }), fc.integer({ min: 0, max: 2 })])(
    'one wrong stamp, anywhere and however wrong, makes no other reading late',
    (at, wrongBy, which) => {
      const inputs = Array.from({ length: 60 }, (_, i) => reading(Math.floor(i / 3), 'abc'[i % 3]))
      const wrong = { ...inputs[at]!, machine: 'abc'[which]!, time: inputs[at]!.time + wrongBy, value: 99 }
      const spoilt = inputs.with(at, wrong)
      const taken = readingsOf(all(guarded, spoilt)).filter(({ value }) => value !== 99)
      expect(taken).toEqual(inputs.filter((_, i) => i !== at))
    },
  )

  test('a stamp in 2099 is rejected with by how much, the first one of all too', () => {
    const wrong = { ...reading(0, 'b', 9), time: YEAR_2099 }
    for (const at of [0, 1, 5]) {
      const outputs = all(guarded, Array.from({ length: 8 }, (_, i) => reading(Math.floor(i / 2), 'ab'[i % 2])).toSpliced(at, 0, wrong))
      expect(readingsOf(outputs)).toHaveLength(8)
      expect(rejectedOf(outputs)).toMatchObject([{ reason: 'ahead', reading: wrong }])
      const { by } = rejectedOf(outputs)[0]!
      expect(by).toBeGreaterThan(YEAR_2099 - T - 10_000)
      expect(by).toBeLessThanOrEqual(YEAR_2099 - T)
    }
  })

  test('a machine whose clock stays in 2099 harms no other, and its clock is told of', () => {
    const inputs = Array.from({ length: 120 }, (_, i) => [reading(i, 'a'), { ...reading(i, 'b'), time: YEAR_2099 + i * 1000 }, reading(i, 'c')]).flat()
    const outputs = all(guarded, inputs)
    expect(readingsOf(outputs)).toEqual(inputs.filter(({ machine }) => machine !== 'b'))
    const verdicts: Verdict[] = []
    const items = new Subject<Item>()
    clocks({}, new Timeline())(items).subscribe((verdict) => verdicts.push(verdict))
    for (const item of outputs) items.next(item)
    expect(verdicts).toMatchObject([{ machine: 'b', condition: 'clock', truth: true }])
    expect(verdicts[0]!.margin).toBeGreaterThan(0)
  })

  test('a machine that runs ten minutes behind is rejected as late, harms no other, and its clock is told of', () => {
    const inputs = Array.from({ length: 60 }, (_, i) => [reading(600 + i, 'a'), reading(i, 'b'), reading(600 + i, 'c')]).flat()
    const outputs = all(guarded, inputs)
    expect(readingsOf(outputs).filter(({ machine }) => machine !== 'b')).toEqual(inputs.filter(({ machine }) => machine !== 'b'))
    const late = rejectedOf(outputs)
    expect(late.every(({ reason, reading: of }) => reason === 'late' && of?.machine === 'b')).toBe(true)
    expect(late.at(-1)!.by).toBe(595_000)
    const verdicts: Verdict[] = []
    const items = new Subject<Item>()
    clocks({ count: 5 }, new Timeline())(items).subscribe((verdict) => verdicts.push(verdict))
    for (const item of [...outputs, reading(700, 'b')]) items.next(item)
    expect(verdicts).toMatchObject([{ machine: 'b', truth: true }, { machine: 'b', truth: false }])
    expect(verdicts[0]!.margin).toBeLessThan(-590_000)
  })

  test('after a pause of all machines the first readings are believed as soon as two machines agree', () => {
    const steps = drive(guarded, [reading(0, 'a'), reading(0, 'b'), reading(36_000, 'a'), reading(36_000, 'b'), reading(36_006, 'a')])
    expect(readingsOf(steps.flat())).toHaveLength(5)
    expect(readingsOf(steps[3]!)).toEqual([reading(0, 'a'), reading(0, 'b')])
  })

  test('a machine that is alone is believed with its next reading, one sampling period later', () => {
    const inputs = Array.from({ length: 10 }, (_, i) => reading(i * 10))
    const steps = drive(guarded, inputs)
    expect(readingsOf(steps.flat())).toEqual(inputs)
    expect(readingsOf(steps[2]!)).toEqual([reading(0)])
  })

  test('where other machines were heard lately, one that goes on alone is believed after a minute', () => {
    const steps = drive(guarded, [reading(0, 'a'), reading(0, 'b'), ...Array.from({ length: 70 }, (_, i) => reading(3600 + i, 'a'))])
    expect(readingsOf(steps.flat())).toHaveLength(72)
    expect(readingsOf(steps.slice(0, 62).flat())).toHaveLength(0)
    expect(readingsOf(steps[63]!).length).toBeGreaterThan(50)
  })

  test('at the end of the data one is believed that is no further ahead than a minute, or than twice the largest pause so far', () => {
    expect(readingsOf(all(guarded, [reading(0, 'a'), reading(0, 'b'), reading(60, 'a')]))).toHaveLength(3)
    expect(rejectedOf(all(guarded, [reading(0, 'a'), reading(0, 'b'), reading(61, 'a')]))).toMatchObject([{ reason: 'ahead', by: 61_000 }])
    expect(readingsOf(all(guarded, [reading(0, 'a'), reading(300, 'a'), reading(600, 'a'), reading(1200, 'a')]))).toHaveLength(4)
    expect(readingsOf(all(guarded, [reading(0)]))).toHaveLength(1)
  })

  test.prop([fc.constantFrom(1, 2, 3, 5), fc.constantFrom(1, 4, 6, 15, 20, 30, 60, 130, 300, 3600), fc.boolean()], { numRuns: 80 })(
    'machines in order lose nothing, at any cadence, in step or one after another',
    (machines, cadence, inStep) => {
      const inputs = Array.from({ length: 40 }, (_, i) => Array.from({ length: machines }, (_unused, m) => ['s', 't'].map((sensor) => reading(i * cadence + (inStep ? 0 : (m * cadence) / machines), 'abcde'[m], i, sensor)))).flat(2)
      const steps = drive(guarded, inputs)
      expect(rejectedOf(steps.flat())).toEqual([])
      expect(readingsOf(steps.flat())).toHaveLength(inputs.length)
      expect(steps.at(-1)!.length).toBeLessThanOrEqual(2 * machines * (Math.ceil(5 / cadence) + 4))
    },
  )

  test('one that resumes fast and alone, where another was heard lately, is believed in bounded memory', () => {
    const inputs = [reading(0, 'a'), reading(0, 'b'), ...Array.from({ length: 12_000 }, (_, i) => reading(1000 + i / 1000, 'a'))]
    expect(readingsOf(all(guarded, inputs))).toHaveLength(inputs.length)
  })

  test('a time that is none is rejected, and moves nothing', () => {
    const outputs = all(guarded, [{ ...reading(0), time: NaN }, reading(0), reading(1), { ...reading(2), time: Infinity }])
    expect(readingsOf(outputs)).toEqual([reading(0), reading(1)])
    expect(rejectedOf(outputs).map(({ reason }) => reason)).toEqual(['undecodable', 'undecodable'])
  })

  test('a tick is always believed, and frees what agrees with it', () => {
    const steps = drive(guarded, [reading(0, 'a'), reading(0, 'b'), reading(7200, 'a'), tick(7200)])
    expect(readingsOf(steps[3]!)).toEqual([reading(0, 'a'), reading(0, 'b')])
  })

  test('must be at least the lateness', () => {
    expect(() => inOrder({ lateness: '5s', ahead: '1s' }, new Timeline())).toThrow(/ahead \(1s\) must be at least lateness \(5s\)/)
  })
})

describe('what is held', () => {
  const guarded: InOrderOptions = { lateness: '5s', ahead: '5s' }
  const held = (options: InOrderOptions, ...inputs: readonly Item[]): readonly string[] => told(options, inputs, false).slice(0, -1)

  test('is rejected when three different times before it have been taken in since it came, and no earlier', () => {
    const [first, ...others] = [reading(0), reading(3600), reading(0, 'a', 2), reading(1), reading(1, 'a', 2), reading(2), reading(3)]
    expect(held({ lateness: 0, ahead: '1m' }, first, ...others)).toEqual(['', '', '', 'a 0, a 0', '', 'ahead a 3600, a 1, a 1', 'a 2'])
  })

  test('what is late does not count against it, what is in time by a hair does', () => {
    const early: InOrderOptions = { lateness: '5s', ahead: '1m' }
    expect(readingsOf(all(early, [reading(10), reading(3600), reading(1), reading(2), reading(3), reading(3601)]))).toEqual([reading(10), reading(3600), reading(3601)])
    expect(readingsOf(all(early, [reading(10), reading(3600), reading(5), reading(6), reading(7), reading(3601)]))).toEqual([reading(5), reading(6), reading(7), reading(10)])
  })

  test('a tick of another source that lies within `ahead` before it does not count against it', () => {
    const two: InOrderOptions = { lateness: 0, ahead: '1m', source: (item) => (item.kind === 'reading' ? item.machine : 'a') }
    expect(told(two, [reading(0, 'a'), reading(0, 'b'), reading(1, 'a'), reading(1, 'b'), reading(3610, 'b'), tick(3550), tick(3551), tick(3552), reading(3611, 'b')], false).at(-2)).toBe('a 1, b 1, tick 3550, tick 3551')
  })

  test('the first stamp of all is held too, and the ones after it count against it, as ticks do', () => {
    expect(held({ lateness: 0, ahead: 0 }, reading(100), reading(3, 'c'), reading(4, 'c'), tick(5), reading(6, 'c'))).toEqual(['', '', 'c 3', 'ahead a 100, c 4', ''])
  })

  test('a stamp that is itself in doubt counts against none', () => {
    expect(held({ lateness: 0, ahead: 0 }, reading(3720), reading(180), reading(245), reading(306, 'c'), reading(307))).toEqual(['', '', 'a 180', '', 'a 245'])
  })

  test('is believed when another machine comes within a minute of it, and not a moment more', () => {
    const two = (later: number): readonly string[] => held(guarded, reading(0, 'a'), reading(0, 'b'), reading(3600, 'a'), reading(later, 'b'))
    expect(two(3660)).toEqual(['', '', '', 'a 0, b 0'])
    expect(two(3660.001)).toEqual(['', '', '', ''])
    expect(held({ lateness: '5s', ahead: '10m' }, reading(0, 'a'), reading(0, 'b'), reading(3600, 'a'), reading(4200, 'b')).at(-1)).toBe('a 0, b 0, a 3600')
  })

  test('a machine has gone on from there when it has shown three times, the last more than a minute behind the first', () => {
    const alone = (...times: readonly number[]): readonly string[] => held(guarded, reading(0, 'a'), ...times.map((time, i) => reading(time, 'b', i)))
    expect(alone(3600, 3630, 3660)).toEqual(['', '', '', ''])
    expect(alone(3600, 3630, 3661)).toEqual(['', '', '', 'a 0, b 3600'])
    expect(alone(3600, 3600, 3661)).toEqual(['', '', '', ''])
    expect(alone(3600, 3661, 3661)).toEqual(['', '', '', ''])
    expect(alone(3600, 3661, 3661, 3601)).toEqual(['', '', '', '', 'a 0'])
  })

  test('where its source has moved on since, what the machine showed before that is no sign', () => {
    const before = [reading(0, 'a'), reading(0, 'b'), reading(3600, 'a'), reading(3630, 'a')]
    expect(held(guarded, ...before, reading(1, 'b'), reading(3661, 'a'), reading(3690, 'a'), reading(3722, 'a')).slice(5)).toEqual(['', '', 'a 0, b 0, b 1, a 3600, a 3630, a 3661'])
    expect(held(guarded, ...before, reading(0, 'b', 2), reading(3661, 'a')).at(-1)).toBe('a 0, b 0, b 0, a 3600')
    expect(held(guarded, ...before, reading(3661, 'c')).at(-1)).toBe('a 0, b 0, a 3600')
  })

  test('a machine is alone where no other was heard for more than ten minutes, and a tick is no machine', () => {
    const wide: InOrderOptions = { lateness: 0, ahead: '5m' }
    const since = (at: number): string => held(wide, reading(0, 'a'), reading(300, 'b'), reading(at, 'b'), reading(4600, 'b'), reading(4601, 'b')).at(-1)!
    expect(since(600)).toBe('')
    expect(since(600.001)).toBe('b 300, b 600.001, b 4600')
    expect(held(guarded, tick(0), reading(0), reading(3600), reading(3601)).at(-1)).toBe('tick 0, a 0')
    expect(held(guarded, reading(0, 'a'), reading(0, 'b'), reading(3600, 'b'), reading(3601, 'b')).at(-1)).toBe('')
  })
})

describe('sources', () => {
  const bySource: InOrderOptions = { lateness: '5s', source: (item) => (item.kind === 'reading' ? item.machine : undefined), sources: ['a', 'b'] }

  test('the slowest one rules, from the start', () => {
    const steps = drive(bySource, [reading(0, 'a'), reading(100, 'a'), reading(1, 'b'), reading(50, 'b')], false)
    expect(readingsOf(steps.slice(0, 3).flat())).toEqual([])
    expect(readingsOf(steps[3]!)).toEqual([reading(0, 'a'), reading(1, 'b')])
  })

  test('a reading is late by the watermark of its own source only', () => {
    const outputs = all(bySource, [reading(100, 'a'), reading(1, 'b'), reading(3, 'b'), reading(50, 'a')])
    expect(rejectedOf(outputs)).toMatchObject([{ reason: 'late', by: 45_000, reading: { machine: 'a' } }])
  })

  test('one that is first heard in the very instant of the only other one is a source of its own, and rules from there on', () => {
    const { sources: _, ...unannounced } = bySource
    expect(readingsOf(drive(unannounced, [reading(0, 'a'), reading(0, 'b'), reading(100, 'a')], false).flat())).toEqual([])
  })

  test('one that is idle stops ruling after its time-out, and rules again when it is back', () => {
    const steps = drive({ ...bySource, idle: '30s' }, [reading(0, 'a'), reading(0, 'b'), reading(20, 'a'), reading(31, 'a'), reading(40, 'b'), reading(60, 'a')], false)
    expect(readingsOf(steps.slice(0, 3).flat())).toEqual([])
    expect(readingsOf(steps[3]!)).toEqual([reading(0, 'a'), reading(0, 'b'), reading(20, 'a')])
    expect(readingsOf(steps[5]!)).toEqual([reading(31, 'a')])
  })

  test('one is idle that is further behind the second latest of the others than its time-out, not exactly so far', () => {
    const three: InOrderOptions = { ...bySource, sources: ['a', 'b', 'c'], idle: '30s' }
    const zero = ['a', 'b', 'c'].map((machine) => reading(0, machine))
    for (const [fast, middle] of [['a', 'c'], ['a', 'b'], ['b', 'a'], ['c', 'a'], ['c', 'b']]) {
      expect(told(three, [...zero, reading(100, fast), reading(30, middle)], false).join('')).toBe('')
      expect(told(three, [...zero, reading(100, fast), reading(31, middle)], false).join('')).toBe('a 0, b 0, c 0')
    }
    expect(told({ ...bySource, idle: '30s' }, [reading(0, 'a'), reading(0, 'b'), reading(30, 'a')], false).join('')).toBe('')
  })

  test('one that is not heard of at all is waited for from the first reading of any on', () => {
    const announced: InOrderOptions = { ...bySource, idle: '30s' }
    expect(told(announced, [reading(100, 'a'), reading(50, 'c'), reading(85, 'c')], false).join('')).toBe('')
  })

  test('a tick of a source moves that one only', () => {
    const ticked: InOrderOptions = { lateness: '5s', source: (item) => (item.kind === 'reading' ? item.machine : 'a') }
    expect(told(ticked, [reading(0, 'a'), reading(0, 'b'), tick(100), reading(6, 'b')], false)).toEqual(['', '', '', 'a 0, b 0', ''])
  })

  test('an expected one that never comes stops ruling after the time-out too', () => {
    expect(readingsOf(drive({ ...bySource, idle: '30s' }, [reading(0, 'a'), reading(31, 'a')], false).flat())).toEqual([reading(0, 'a')])
  })

  test('of three, one in 2099 does not make the others idle', () => {
    const three: InOrderOptions = { ...bySource, sources: ['a', 'b', 'c'], idle: '30s' }
    const inputs = [reading(0, 'a'), reading(0, 'b'), { ...reading(0, 'c'), time: YEAR_2099 }, reading(10, 'a'), reading(10, 'b'), reading(20, 'a'), reading(20, 'b')]
    const outputs = drive(three, inputs, false).flat()
    expect(rejectedOf(outputs)).toEqual([])
    expect(readingsOf(outputs)).toHaveLength(4)
  })

  test.prop([fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 20, maxLength: 40 }), fc.array(fc.nat({ max: 2 }), { minLength: 200, maxLength: 200 })])(
    'interleaved at will, sources in order give the same output',
    (steps, choices) => {
      const sources = ['a', 'b', 'c'].map((machine, m) => steps.map((_, i) => reading(steps.slice(0, i + 1).reduce((sum, step) => sum + step, m), machine, i)))
      const options: InOrderOptions = { ...bySource, sources: ['a', 'b', 'c'] }
      const queues = sources.map((source) => [...source])
      const mixed: Reading[] = []
      for (const choice of choices) {
        const queue = [...queues.slice(choice), ...queues.slice(0, choice)].find((each) => each.length > 0)
        if (queue !== undefined) mixed.push(queue.shift()!)
      }
      expect(all(options, mixed)).toEqual(all(options, sources.flat()))
    },
  )
})

describe('what is not a reading', () => {
  test('a tick moves the watermark and goes out in its turn', () => {
    expect(drive({ lateness: '5s' }, [reading(0), tick(6), tick(12)], false)).toEqual([[], [reading(0)], [tick(6)], []])
  })

  test('a tick behind the watermark goes out at it, beside what else is there; before time has begun, with the first instant', () => {
    expect(told({ lateness: '5s' }, [reading(3), reading(48), reading(19), tick(19)])).toEqual(['', 'a 3', '', '', 'late a 19, tick 19, a 48'])
    expect(told({ lateness: '2s' }, [tick(1), tick(-7200), reading(1)])).toEqual(['', '', '', 'tick -7200, tick 1, a 1'])
  })

  test('an exchange of rules is stamped with the time at which it arrives, as a command is', () => {
    expect(told({ lateness: 0 }, [reading(7), { kind: 'rules', time: NaN, rules: { rules: [] }, by: 'ann' } as Item])).toEqual(['', '', 'rules 7, a 7'])
  })

  test('a command takes its place at the watermark, and is stamped with it; before the first instant it waits', () => {
    const command: Command = { kind: 'command', time: NaN, name: 'acknowledge', by: 'ann' }
    const steps = drive({ lateness: '1s' }, [command, reading(0), reading(5), command, reading(6), reading(7)], false)
    expect(steps).toEqual([[], [], [{ ...command, time: T }, reading(0)], [], [{ ...command, time: T + 4000 }], [reading(5)], []])
  })

  test('other kinds, and what is rejected, go out when the watermark moves on, as they came; with the end at the latest', () => {
    const other = { kind: 'mine' }
    const steps = drive({ lateness: '1s' }, [reading(0), reading(5), other, reading(1), reading(6)], false)
    expect(steps.map((items) => items.map(({ kind }) => kind))).toEqual([[], ['reading'], [], [], ['mine', 'rejected'], []])
    expect(all({ lateness: '1s' }, [other])).toEqual([other])
    expect(all({ lateness: '1s' }, [reading(0), reading(5), other])).toEqual([reading(0), other, reading(5)])
  })
})

describe('in words', () => {
  const details = (options: InOrderOptions, inputs: readonly Item[]): readonly string[] => rejectedOf(all(options, inputs)).map(({ detail }) => detail)

  test('what is not taken in says what it is, when it is stamped, and where the watermark or its source stands', () => {
    expect(details({ lateness: '2s' }, [reading(10), reading(1)])).toEqual(['late by 7s: a/s is stamped 2026-01-01T00:00:01.000Z, the watermark stands at 2026-01-01T00:00:08.000Z'])
    expect(details({ lateness: '2s', ahead: '1m' }, [reading(0), reading(3_600)])).toEqual(['ahead by 1h: a/s is stamped 2026-01-01T01:00:00.000Z, its source stands at 2026-01-01T00:00:00.000Z'])
    expect(details({ lateness: '2s' }, [reading(0), { ...reading(0), time: NaN }])).toEqual(['a/s has the time NaN, expected epoch milliseconds'])
    expect(details({ lateness: '2s' }, [reading(0), reading(0)])).toEqual(['a/s came twice with the same time and value'])
  })

  test('a time that no calendar has is told in milliseconds', () => {
    const last = 8.64e15
    expect(details({ lateness: 0 }, [{ ...reading(0), time: last }, reading(0)])[0]).toMatch(/the watermark stands at \+275760-09-13T00:00:00\.000Z$/)
    expect(details({ lateness: 0 }, [{ ...reading(0), time: last + 2 }, reading(0)])[0]).toMatch(/the watermark stands at 8640000000000002$/)
    expect(details({ lateness: 0 }, [reading(0), { ...reading(0), time: -last - 2 }])[0]).toMatch(/a\/s is stamped -8640000000000002, /)
  })

  test('a tick without a time is an error', () => {
    const errors: unknown[] = []
    const input = new Subject<Item>()
    inOrder<Item>({ lateness: 0 }, new Timeline())(input).subscribe({ error: (error: unknown) => errors.push(error) })
    input.next({ ...tick(0), time: NaN } as Item)
    expect(errors).toEqual([new RangeError('a tick has the time NaN, expected epoch milliseconds')])
  })
})

describe('at the same place', () => {
  const undecodable = { kind: 'rejected', time: NaN, reason: 'undecodable', detail: 'no JSON', where: 'f:1' } as Item

  test('a line that could not be decoded goes out at once: it has no time to wait for', () => {
    expect(drive({ lateness: '5s' }, [undecodable, reading(0), undecodable])).toEqual([[undecodable], [], [undecodable], [reading(0)]])
  })

  test('of two ticks of one instant one goes out, and a command beside them', () => {
    const command: Command = { kind: 'command', time: 0, name: 'reset', machine: 'a', by: 'ana' }
    const outputs = all({ lateness: '1s' }, [reading(0), reading(4), command, tick(5), tick(5), { ...tick(5), time: T + 5_001 }, reading(9)])
    expect(outputs.filter(({ kind }) => kind === 'tick')).toEqual([tick(5), { kind: 'tick', time: T + 5_001 }])
    expect(outputs.filter(({ kind }) => kind === 'command')).toEqual([{ ...command, time: T + 3_000 }])
  })

  test('a reading at the very watermark is in time, one before it is not; nothing is late of what is as new as the newest', () => {
    const late = (...inputs: readonly Reading[]): number => rejectedOf(all({ lateness: '2s' }, inputs)).length
    expect(late(reading(10), reading(8))).toBe(0)
    expect(late(reading(10), { ...reading(8), time: T + 7_999 })).toBe(1)
    expect(late(reading(10), reading(10, 'b'), reading(10, 'c'))).toBe(0)
  })

  test('stamped exactly as far ahead as is believed, it is taken in at once', () => {
    expect(drive({ lateness: 0, ahead: '1m' }, [reading(0), reading(60), reading(60.001)], false)).toEqual([[], [reading(0)], [reading(60)], []])
    expect(drive({ lateness: 0, ahead: '1m' }, [reading(0), reading(60.001)], false)).toEqual([[], [], []])
  })
})

describe('as an operator', () => {
  test.prop([fc.array(anyReading(40), { maxLength: 30 }), fc.boolean()])('saved between any two inputs and restored, it goes on as if nothing had happened', (inputs, guard) => {
    const options: InOrderOptions = guard ? { lateness: '5s', ahead: '5s' } : { lateness: '5s' }
    const expected = all(options, inputs)
    for (let cut = 0; cut <= inputs.length; cut++) {
      const outputs: Item[] = []
      const part = (time: Timeline, items: readonly Input[]): Subject<Input> => {
        const input = new Subject<Input>()
        inOrder(options, time)(input).subscribe((item) => outputs.push(item))
        for (const item of items) input.next(item)
        return input
      }
      const time = new Timeline()
      const first = part(time, inputs.slice(0, cut))
      const saved = time.save()
      first.unsubscribe()
      part(new Timeline(saved), inputs.slice(cut)).complete()
      expect(outputs).toEqual(expected)
    }
  })

  test('moves the timeline: time stands at the instant that is handed on, and runs to the watermark', () => {
    const time = new Timeline()
    const input = new Subject<Input>()
    const seen: (readonly [string, number])[] = []
    inOrder({ lateness: '5s' }, time)(input).subscribe(() => seen.push(['reading', time.now() - T]))
    time.schedule(() => seen.push(['timer', time.now() - T]), 3000)
    input.next(reading(0))
    input.next(reading(7))
    expect(seen).toEqual([['reading', 0]])
    input.next(reading(9))
    expect(seen).toEqual([['reading', 0], ['timer', 3000]])
  })

  test('refuses a reading that is pushed in while it hands on another, and says what to do', () => {
    const input = new Subject<Input>()
    const errors: unknown[] = []
    inOrder({ lateness: 0 }, new Timeline())(input).subscribe({ next: () => { input.next(reading(9)) }, error: (error: unknown) => errors.push(error) })
    input.next(reading(0))
    input.next(reading(1))
    expect(String(errors[0])).toContain('observeOn(time)')
  })
})

describe('beside the timeline', () => {
  test('what a timer pushes in is taken in, and moves the watermark on when the instant is over', () => {
    const time = new Timeline()
    const input = new Subject<Item>()
    const seen: string[] = []
    inOrder<Item>({ lateness: 0 }, time)(input).subscribe((item) => seen.push(`${inShort(item)} at ${seconds(time.now())}`))
    time.schedule(() => { for (const at of [20, 30, 40]) input.next(reading(at, 'b')) }, 5000)
    for (const at of [0, 10, 41]) input.next(reading(at))
    expect(seen).toEqual(['a 0 at 0', 'a 10 at 10', 'b 20 at 20', 'b 30 at 30', 'b 40 at 40'])
  })

  test('what throws beside it is an error, and so is one of its input; the end passes', () => {
    const signs = (options: InOrderOptions, work: (input: Subject<Item>, time: Timeline) => void): readonly string[] => {
      const [input, time, seen] = [new Subject<Item>(), new Timeline(), [] as string[]]
      inOrder<Item>(options, time)(input).subscribe({ next: (item) => seen.push(inShort(item)), error: (error: unknown) => seen.push(String(error)), complete: () => seen.push('end') })
      work(input, time)
      return seen
    }
    expect(signs({ lateness: 0, source: () => { throw new Error('no such source') } }, (input) => { input.next(reading(0)) })).toEqual(['Error: no such source'])
    expect(signs({ lateness: 0 }, (input) => { input.error(new Error('read error')) })).toEqual(['Error: read error'])
    expect(signs({ lateness: 0 }, (input) => { input.next(reading(0)); input.complete() })).toEqual(['a 0', 'end'])
    const failing = (input: Subject<Item>, time: Timeline): void => {
      time.schedule(() => { throw new Error('a timer failed') }, 1000)
      input.next(reading(0))
      input.next(reading(2))
      input.next(reading(3))
      input.complete()
    }
    expect(signs({ lateness: 0 }, failing)).toEqual(['a 0', 'Error: a timer failed'])
  })

  test('cannot be saved while it hands on, and not while its timers run', () => {
    const time = new Timeline()
    const input = new Subject<Item>()
    const refused: unknown[] = []
    const save = (): void => {
      try {
        time.save()
      } catch (error) {
        refused.push(String(error))
      }
    }
    inOrder<Item>({ lateness: 0 }, time)(input).subscribe(save)
    input.next(reading(0))
    input.next(reading(1))
    expect(refused).toEqual(['Error: inOrder cannot be saved while it emits'])
  })

  test('whoever takes two readings gets two, and after that neither a reading nor its state is left', () => {
    const time = new Timeline()
    const input = new Subject<Item>()
    const seen: Item[] = []
    inOrder<Item>({ lateness: '1s' }, time)(input).pipe(take(2)).subscribe((item) => seen.push(item))
    for (const item of [reading(0), reading(1, 'b'), reading(1, 'a'), reading(1, 'c'), reading(3), reading(5)]) input.next(item)
    expect(seen).toEqual([reading(0), reading(1, 'a')])
    expect(input.observed).toBe(false)
    expect(time.now()).toBe(T + 1000)
    expect(JSON.stringify(time.save())).not.toContain('inOrder')
  })
})

describe('restored', () => {
  test('what is held, what waits, and what was idle are as they were, with several sources', () => {
    const options: InOrderOptions = { lateness: '2s', ahead: '1m', source: (item) => (item.kind === 'reading' ? item.machine : undefined), idle: '30s' }
    const inputs = [tick(-5), reading(5, 'c'), reading(3, 'c'), reading(4000, 'c'), reading(6, 'a'), reading(6, 'b', 2), reading(8, 'b'), reading(9, 'a'), reading(50, 'a'), reading(51, 'c'), reading(60, 'b'), reading(61, 'a'), reading(62, 'c'), reading(63, 'b')]
    const expected = told(options, inputs)
    for (let cut = 0; cut <= inputs.length; cut++) {
      const time = new Timeline()
      const first = new Subject<Item>()
      const seen: string[] = []
      const subscription = inOrder<Item>(options, time)(first).subscribe((item) => seen.push(inShort(item)))
      for (const item of inputs.slice(0, cut)) first.next(item)
      const saved = time.save()
      subscription.unsubscribe()
      const second = new Subject<Item>()
      inOrder<Item>(options, new Timeline(saved))(second).subscribe((item) => seen.push(inShort(item)))
      for (const item of inputs.slice(cut)) second.next(item)
      second.complete()
      expect(seen).toEqual(expected.flatMap((step) => (step === '' ? [] : step.split(', '))))
    }
  })

  test('a tick that came before all readings is no sign that a source has got there', () => {
    const time = new Timeline()
    const input = new Subject<Item>()
    inOrder<Item>({ lateness: '5s', source: (item) => (item.kind === 'reading' ? 'x' : undefined) }, time)(input).subscribe()
    for (const item of [tick(10), reading(0)]) input.next(item)
    const restored = new Subject<Item>()
    const seen: Item[] = []
    inOrder<Item>({ lateness: '5s', source: (item) => (item.kind === 'reading' ? 'x' : undefined) }, new Timeline(time.save()))(restored).subscribe((item) => seen.push(item))
    restored.next(reading(10))
    expect(seen).toEqual([reading(0)])
  })
})
