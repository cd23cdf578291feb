import { fc, test } from '@fast-check/vitest'
import { catchError, debounceTime, delay, map, NEVER, of, pipe, tap } from 'rxjs'
import type { OperatorFunction } from 'rxjs'
import { TestScheduler } from 'rxjs/testing'
import { describe, expect } from 'vitest'
import type { Input } from '../../src/model/index.js'
import { inOrder, keyed, only } from '../../src/operators/index.js'
import { marbles, reading, readMarbles, showMarbles } from '../../src/testing/marbles.js'
import type { MarbleEvent } from '../../src/testing/marbles.js'

const same = (): OperatorFunction<string, string> => map((letter) => letter)

describe('readMarbles', () => {
  test('reads what RxJS reads in run mode', () => {
    for (const diagram of ['', '-', 'a', 'a-b|', '-(ab)-c-#', ' a 59s b 1m (cd) |', 'a 1.5s b 2ms (c|)', '  --  a  ', '5s a', '10ms 3'])
      new TestScheduler(() => undefined).run(() => {
        const theirs = TestScheduler.parseMarbles(diagram, undefined, 'error', false, true).map(({ frame, notification }) => [frame, notification.kind])
        expect(readMarbles(diagram).events.map((event) => [event.time, 'value' in event ? 'N' : 'error' in event ? 'E' : 'C'])).toEqual(theirs)
      })
  })

  test('knows how long a diagram is, and a time at its end', () => {
    expect(readMarbles('a--').length).toBe(3)
    expect(readMarbles('a 5s').length).toBe(5001)
    expect(readMarbles('a 5s').events.length).toBe(1)
  })

  test('leaves RxJS\'s own frame factor as it was', () => {
    const before = TestScheduler.frameTimeFactor
    readMarbles('a-b')
    expect(() => readMarbles('a!')).toThrow()
    expect(TestScheduler.frameTimeFactor).toBe(before)
  })

  test.each([
    ['a^b', "'^' is not known here: a diagram begins with the subscription"], ['a-!', "'!' is not known here"], ['a(b', 'its brackets do not match'], ['a)b(', 'its brackets do not match'],
    ['((a))', 'its brackets do not match'], ['a|b', 'something follows its end'], ['#|', 'something follows its end'], ['a 5s(c)', "no value is given for '5' (a time such as 5s has a space on both sides)"],
  ])('refuses %s', (diagram, why) => expect(() => readMarbles(diagram, { a: 1, b: 2, c: 3 })).toThrow(`the diagram '${diagram}' cannot be read: ${why}`))

  test('a letter of Object.prototype is no value', () => {
    expect(() => readMarbles('a', Object.create({ a: 1 }) as Record<string, number>)).toThrow("no value is given for 'a'")
  })
})

const streams = fc.array(fc.record({ gap: fc.oneof(fc.nat(30), fc.constantFrom(999, 1000, 59_000, 60_000, 90_000, 0.5)), letters: fc.array(fc.constantFrom(...'abcxyz'), { minLength: 1, maxLength: 4 }) }), { maxLength: 8 }).chain((steps) =>
  fc.constantFrom('', '|', '#').map((end) => {
    const events: MarbleEvent<string>[] = []
    let time = 0
    for (const { gap, letters } of steps) {
      time += gap
      for (const value of letters) events.push({ time, value })
      time += letters.length > 1 ? letters.length + 2 : 1
    }
    if (end === '|') events.push({ time, complete: true })
    if (end === '#') events.push({ time, error: 'error' })
    return events
  }))

describe('showMarbles', () => {
  test.prop([streams])('is read back as the same', (events) => {
    expect(readMarbles<string>(showMarbles(events)).events).toEqual(events)
  })

  test.prop([streams])('is canonical: what is shown is shown so again', (events) => {
    const diagram = showMarbles(events)
    expect(showMarbles(readMarbles<string>(diagram).events)).toBe(diagram)
  })

  test('names values deeply, and tells what it cannot show', () => {
    expect(showMarbles([{ time: 2, value: { n: [NaN] } }, { time: 60_003, complete: true }], { x: { n: [NaN] } })).toBe('--x 1m |')
    expect(() => showMarbles([{ time: 5000, value: { n: 1 } }])).toThrow('no letter stands for what came out at 5s, {"n":1}')
    expect(() => showMarbles([{ time: 0, value: 'a' }, { time: 0, value: 'b' }, { time: 1, value: 'c' }])).toThrow('no diagram can show c at 1ms: the group before it takes the room up to 4ms')
  })
})

describe('marbles', () => {
  test.prop([streams])('gives what is put in', (events) => {
    const diagram = showMarbles(events)
    const run = marbles(same).of(diagram)
    expect(run.events).toEqual(events)
    run.gives(diagram)
    expect(run.diagram()).toBe(diagram)
  })

  test('the example of its documentation', () => {
    marbles<string, string>((time) => debounceTime(5000, time)).of('a 1s b 9s c|').gives('6001ms b 4001ms (c|)')
  })

  test('says what came out instead', () => {
    const run = marbles<number, number>((time) => delay(5000, time)).of('a-b|', { a: 1, b: 2 })
    expect(() => run.gives('a-b|')).toThrow('expected a at 0s, b at 2ms, | at 3ms\n     got a at 5s, b at 5s2ms, | at 5s2ms')
    expect(() => run.gives('')).toThrow('expected nothing\n     got a at 5s')
    expect(() => marbles(() => map(() => ({ own: 1 }))).of('a#', undefined, new Error('mine')).gives('')).toThrow('got {"own":1} at 0s, # at 1ms: Error: mine')
  })

  test('compares errors, and takes values for the output', () => {
    const run = marbles<string, number>(() => map((letter) => letter.length)).of('a#', undefined, new Error('mine'))
    run.gives('n#', { n: 1 }, new Error('mine'))
    expect(() => run.gives('n#', { n: 1 }, new Error('other'))).toThrow()
  })

  test('the instant closes before it completes, and not before an error', () => {
    const atEnd = keyed<string, string, { wakeAt: number }>
    const closing = (time: Parameters<Parameters<typeof marbles>[0]>[0]) => atEnd({
      name: 'closing', version: 1, start: () => ({ wakeAt: Infinity }),
      next: (state, _, now) => void (state.wakeAt = now),
      wake: (state, _, emit) => {
        emit('.')
        state.wakeAt = Infinity
      },
      end: (_, __, emit) => emit('e'),
    }, { key: () => '' }, time)
    marbles(closing).of('(ab|)').gives('(.e|)')
    marbles(closing).of('(ab#)').gives('#')
    marbles(closing).of('(ab)#').gives('.---#')
    marbles(closing).of('(ab)').gives('.')
  })

  test('without an end, time goes on to the end of the diagram, and no further', () => {
    marbles<string, string>((time) => delay(5, time)).of('a----').gives('-----a')
    marbles<string, string>((time) => delay(5, time)).of('a---').gives('')
  })

  test('what an error is replaced with goes on; a pipeline that is done takes no more', () => {
    marbles<string, string>((time) => pipe(catchError(() => of('x').pipe(delay(5, time))))).of('a#').gives('a-----(x|)')
    expect(marbles<string, string>(() => () => NEVER).of('a|').events).toEqual([])
    expect(marbles<string, string>(() => () => of('x')).of('a|').events).toEqual([{ time: 0, value: 'x' }, { time: 0, complete: true }])
  })

  test('a throw in a timer is an error of the pipeline', () => {
    const run = marbles<string, string>((time) => tap(() => time.schedule(() => {
      throw new Error('in a timer')
    }, 5))).of('a 1s b|')
    run.gives('a----#', undefined, new Error('in a timer'))
  })

  test('drives pipelines of readings, stamped with their frame', () => {
    const values = { a: reading('m1', 'temperature_coil', 130), b: reading('m1', 'temperature_coil', 131, { quality: 'suspect' }) }
    expect(marbles<Input, Input>(() => only('reading')).of('a 5s b', values).events).toEqual([
      { time: 0, value: { kind: 'reading', time: 0, machine: 'm1', sensor: 'temperature_coil', value: 130, quality: 'good' } },
      { time: 5001, value: { kind: 'reading', time: 5001, machine: 'm1', sensor: 'temperature_coil', value: 131, quality: 'suspect' } },
    ])
    marbles<Input, Input>((time) => delay(1000, time)).of('a 5s b', values).gives('1s c', { c: values.a(0) })
  })

  test('arriving: inOrder moves the time, and a reading may be stamped before it arrives', () => {
    const late = (by: number) => (time: number) => reading('m1', 's', 1)(time - by)
    const run = marbles((time) => inOrder<Input>({ lateness: 10 }, time)).arriving('-a 20ms b 20ms c 1s |', { a: late(0), b: late(5), c: late(40) })
    expect(run.events.map((event) => [event.time, 'value' in event ? event.value.kind : 'complete'])).toEqual([[1, 'reading'], [7, 'rejected'], [17, 'reading'], [17, 'complete']])
  })
})
