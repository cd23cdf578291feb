import { fc, test } from '@fast-check/vitest'
import { asyncScheduler, concat, EMPTY, from, interval, map, NEVER, of, observeOn, range, Subject, take, takeUntil, tap, throwError, toArray, VirtualTimeScheduler } from 'rxjs'
import type { SchedulerAction, SchedulerLike, Subscription } from 'rxjs'
import { TestScheduler } from 'rxjs/testing'
import { afterEach, beforeEach, describe, expect, vi } from 'vitest'
import { keyed } from '../../src/operators/index.js'
import type { Behaviour, Key } from '../../src/operators/index.js'
import { Timeline } from '../../src/time/index.js'

interface Value {
  readonly time: number
  readonly machine: string
  readonly sensor: string
  /** What it asks for: a wake so much later, 0: at the end of the instant; none. */
  readonly wait: number | undefined
}

interface State {
  wakeAt: number
  count: number
  repeats: number
}

/** Counts, and after a wake rings twice more, 7 ms apart. Forgets itself at rest after an even count. */
const counting: Behaviour<Value, string, State> = {
  name: 'counting',
  version: 1,
  start: () => ({ wakeAt: Infinity, count: 0, repeats: 0 }),
  next: (state, { machine, sensor, wait }, now, emit) => {
    state.count++
    if (wait !== undefined) {
      state.wakeAt = now + wait
      state.repeats = 2
    }
    emit(`${machine}/${sensor} ${state.count} at ${now}`)
  },
  wake: (state, due, emit) => {
    emit(`wake ${state.count} due ${due}`)
    state.wakeAt = state.repeats-- > 0 ? due + 7 : Infinity
  },
  end: (state, now, emit) => emit(`end ${state.count} at ${now}`),
  idle: ({ count, wakeAt }) => count % 2 === 0 && wakeAt === Infinity,
}

/** Puts two of three wakes off to the end of the instant, and then there says so; a value that asks for nothing calls its timer off. */
const patient: Behaviour<Value, string, State> = {
  ...counting,
  next: (state, given, now, emit) => {
    if (given.wait === undefined) state.wakeAt = Infinity
    counting.next(state, given, now, emit)
  },
  wake: (state, due, emit, closing) => {
    if (closing !== true && (state.count + state.repeats) % 3 > 0) return true
    counting.wake!(state, due, (text) => emit(`${text}${closing === true ? ' closing' : ' opening'}`))
    return closing
  },
}

const names = fc.constantFrom('a', 'b', 'B', '__proto__', 'constructor', 'a/b', '')
const values = fc
  .array(fc.record({ step: fc.nat(9), machine: names, sensor: names, wait: fc.option(fc.nat(12), { nil: undefined }) }), { maxLength: 30 })
  .map((steps): readonly Value[] => {
    let time = 100
    return steps.map(({ step, ...value }) => ({ ...value, time: (time += step) }))
  })

const textOrder = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** The contract of `keyed` on a timeline, by looking at every key at every moment. */
const model = (given: readonly Value[], keyOf: (value: Value) => readonly [string, string], behaviour = counting): readonly string[] => {
  const out: string[] = []
  const emit = (text: string): unknown => out.push(text)
  const states = new Map<string, { readonly key: readonly [string, string]; readonly state: State; waits: boolean }>()
  const ordered = () => [...states.entries()].sort(([, a], [, b]) => textOrder(a.key[0], b.key[0]) || textOrder(a.key[1], b.key[1]))
  const forget = (now: number): void => {
    for (const [id, { state, waits }] of states) if (!waits && behaviour.idle?.(state, now) === true) states.delete(id)
  }
  const open = (now: number): void => {
    for (const [, held] of ordered()) while (held.state.wakeAt <= now && !held.waits) held.waits = behaviour.wake!(held.state, held.state.wakeAt, emit, false) === true
    forget(now)
  }
  const close = (now: number): void => {
    for (const [, held] of ordered()) {
      while (held.state.wakeAt <= now) behaviour.wake!(held.state, held.state.wakeAt, emit, true)
      held.waits = false
    }
    forget(now)
  }
  let now = -Infinity
  for (const value of given) {
    if (value.time > now) {
      if (now > -Infinity) close(now)
      for (;;) {
        const due = Math.min(Infinity, ...[...states.values()].map(({ state }) => state.wakeAt))
        if (due > value.time) break
        open(due)
        if (due === value.time) break
        close(due)
      }
      now = value.time
    }
    const key = keyOf(value)
    const id = JSON.stringify(key)
    const held = states.get(id) ?? { key, state: behaviour.start(key.join('/'), now), waits: false }
    states.set(id, held)
    behaviour.next(held.state, value, now, emit)
    // a key that waits for the end of the instant is not forgotten before that
    if (held.state.wakeAt <= now) held.waits = true
    if (!held.waits && behaviour.idle?.(held.state, now) === true) states.delete(id)
  }
  if (now > -Infinity) close(now)
  for (const [, { state }] of ordered()) behaviour.end?.(state, now, emit)
  return out
}

const drive = (time: Timeline, input$: Subject<Value>, given: readonly Value[]): void => {
  for (const [i, value] of given.entries()) {
    time.advance(value.time)
    input$.next(value)
    if (given[i + 1]?.time !== value.time) time.settle()
  }
}

const onTimeline = (given: readonly Value[], key: Key<Value>, behaviour = counting): readonly string[] => {
  const time = new Timeline()
  const out: string[] = []
  const input$ = new Subject<Value>()
  input$.pipe(keyed(behaviour, { key }, time)).subscribe((text) => out.push(text))
  drive(time, input$, given)
  input$.complete()
  expect(time.pending()).toBe(0)
  return out
}

/** Each value comes at its time, on a scheduler that knows nothing of instants. */
const onScheduler = (scheduler: VirtualTimeScheduler, given: readonly Value[], key: Key<Value>, behaviour: Behaviour<Value, string, State>): readonly string[] => {
  const out: string[] = []
  const input$ = new Subject<Value>()
  for (const value of given) scheduler.schedule(() => input$.next(value), value.time)
  if (given.length > 0) scheduler.schedule(() => input$.complete(), given.at(-1)!.time + 0.5)
  input$.pipe(keyed(behaviour, { key }, scheduler)).subscribe((text) => out.push(text))
  scheduler.flush()
  return out
}

const byMachine = ({ machine }: Value) => [machine, ''] as const
const bySeries = ({ machine, sensor }: Value) => [machine, sensor] as const
const keys: readonly (readonly [Key<Value>, (value: Value) => readonly [string, string]])[] = [
  ['machine', byMachine], ['series', bySeries], [(value) => value.sensor, ({ sensor }) => [sensor, '']],
]

const value = (machine: string, others: Partial<Value> = {}): Value => ({ time: 0, machine, sensor: 's', wait: undefined, ...others })
const plain = (next: Behaviour<Value, string, State>['next'], others: Partial<Behaviour<Value, string, State>> = {}): Behaviour<Value, string, State> =>
  ({ name: 'plain', version: 1, start: () => ({ wakeAt: Infinity, count: 0, repeats: 0 }), next, ...others })

const behaviours = fc.constantFrom(counting, patient)

describe('on a timeline', () => {
  test.prop([values, fc.constantFrom(...keys), behaviours], { numRuns: 500 })('does what a map of states with timers does', (given, [key, keyOf], behaviour) => {
    expect(onTimeline(given, key, behaviour)).toEqual(model(given, keyOf, behaviour))
  })

  test.prop([values])('never forgets without `idle`', (given) => {
    const { idle: _, ...faithful } = counting
    expect(onTimeline(given, 'series', faithful)).toEqual(model(given, bySeries, faithful))
  })

  test.prop([values, fc.constantFrom(...keys)])('of one instant, the order of the keys does not depend on who came first', (given, [key]) => {
    const once = [...new Map(given.map((one) => [one.machine, { ...one, sensor: one.machine, time: 0, wait: one.wait ?? 3 }])).values()]
    const later = (all: readonly Value[]) => onTimeline([...all, value('z', { sensor: 'z', time: 50 })], key).slice(all.length)
    expect(later([...once].reverse())).toEqual(later(once))
  })

  test.prop([values, fc.nat(), fc.constantFrom(...keys), behaviours])('goes on from a save at any cut between two instants', (given, at, [key], behaviour) => {
    const whole = onTimeline(given, key, behaviour)
    const cut = given.length === 0 ? 0 : at % (given.length + 1)
    if (cut > 0 && given[cut]?.time === given[cut - 1]!.time) return
    const out: string[] = []
    const first = new Timeline()
    const before$ = new Subject<Value>()
    const subscription = before$.pipe(keyed(behaviour, { key }, first)).subscribe((text) => out.push(text))
    drive(first, before$, given.slice(0, cut))
    const saved = first.save()
    subscription.unsubscribe()
    const second = new Timeline(saved)
    const after$ = new Subject<Value>()
    after$.pipe(keyed(behaviour, { key }, second)).subscribe((text) => out.push(text))
    expect(second.unclaimed()).toEqual([])
    drive(second, after$, given.slice(cut))
    after$.complete()
    expect(out).toEqual(whole)
  })

  test('saves in the order of the keys: equal states are equal bytes', () => {
    const saved = (machines: readonly string[]): Uint8Array => {
      const time = new Timeline()
      const input$ = new Subject<Value>()
      input$.pipe(keyed(plain(() => undefined), { key: 'series' }, time)).subscribe()
      drive(time, input$, machines.map((machine) => value(machine)))
      return time.save()
    }
    expect(saved(['b', 'a', 'c'])).toEqual(saved(['c', 'b', 'a']))
  })

  test('another version is an error of the stream, and leaves nothing', () => {
    const first = new Timeline()
    const running = NEVER.pipe(keyed(counting, { key: 'machine' }, first)).subscribe()
    const second = new Timeline(first.save())
    running.unsubscribe()
    const errors: unknown[] = []
    NEVER.pipe(keyed({ ...counting, version: 2 }, { key: 'machine' }, second)).subscribe({ error: (error: unknown) => errors.push(String(error)) })
    expect(errors).toEqual([expect.stringContaining("'counting' has version 1, this operator has version 2")])
    expect(second.pending()).toBe(0)
  })

  test('a state of another shape under its name is an error of the stream, and leaves nothing', () => {
    const first = new Timeline()
    first.place('counting', 1).join({ ready: false, earliest: () => Infinity, open: () => undefined, close: () => undefined, save: () => [['a', '', { wakeAt: 5 }], 7] })
    const second = new Timeline(first.save())
    let error: unknown
    NEVER.pipe(keyed(counting, { key: 'machine' }, second)).subscribe({ error: (thrown: unknown) => (error = thrown) })
    expect(error).toBeInstanceOf(TypeError)
    expect(second.pending()).toBe(0)
  })

  test('subscribed twice is an error of the second subscriber only', () => {
    const time = new Timeline()
    const out$ = of(value('a')).pipe((source) => concat(source, NEVER), keyed(counting, { key: 'machine' }, time))
    const got: string[] = []
    out$.subscribe((text) => got.push(text))
    out$.subscribe({ error: (error: unknown) => got.push(String(error)) })
    expect(got).toEqual(['a/s 1 at -Infinity', expect.stringContaining('is subscribed twice: put share() behind it')])
  })
})

/** Each value puts it off; told of at the end of the instant in which none has. */
const deadline: Behaviour<Value, string, State & { machine?: string }> = {
  name: 'deadline',
  version: 1,
  start: (machine) => ({ wakeAt: Infinity, count: 0, repeats: 0, machine }),
  next: (state, { wait }, now) => void (state.wakeAt = now + (wait ?? Infinity)),
  wake: (state, due, emit, closing) => {
    if (closing !== true) return true
    state.wakeAt = Infinity
    emit(`${state.machine} misses ${due}`)
    return false
  },
}

describe('a wake that is put off to the end of its instant', () => {
  const noting = (name: string, late: boolean, log: string[]): Behaviour<Value, Value, State> => ({
    name,
    version: 1,
    start: () => ({ wakeAt: Infinity, count: 0, repeats: 0 }),
    next: (state, given, now, emit) => {
      log.push(`${name} is given ${given.machine}`)
      state.wakeAt = state.count++ === 0 ? now + 5 : state.wakeAt
      emit(given)
    },
    wake: (state, due, emit, closing) => {
      log.push(`${name} ${closing === true ? 'closes' : 'opens'} ${due}`)
      if (late && closing !== true) return true
      state.wakeAt = Infinity
      emit(value(`from ${name}`))
      return true
    },
  })

  test('opens downstream first, closes upstream first, the values between', () => {
    const log: string[] = []
    const time = new Timeline()
    const input$ = new Subject<Value>()
    const one = (name: string, late: boolean) => keyed(noting(name, late, log), { key: () => '' }, time)
    input$.pipe(one('1', true), one('2', true), one('3', false)).subscribe()
    drive(time, input$, [value('a'), value('b', { time: 5 }), value('c', { time: 9 })])
    const given = (machine: string) => ['1', '2', '3'].map((name) => `${name} is given ${machine}`)
    expect(log).toEqual([
      ...given('a'), '3 opens 5', '2 opens 5', '1 opens 5', ...given('b'),
      '1 closes 5', '2 is given from 1', '3 is given from 1', '2 closes 5', '3 is given from 2', ...given('c'),
    ])
  })

  test.prop([fc.uniqueArray(names, { minLength: 1 })])('comes to several keys in the order of their text', (machines) => {
    const once = machines.map((machine) => value(machine, { wait: 5 }))
    expect(onTimeline([...once, value('z', { time: 6 })], 'machine', deadline)).toEqual([...machines].sort(textOrder).map((machine) => `${machine} misses 5`))
  })

  test('is called off by a value of that instant, and only by one of its key', () => {
    expect(onTimeline([value('a', { wait: 5 }), value('b', { wait: 5 }), value('a', { time: 5, wait: 5 }), value('c', { time: 20 })], 'machine', deadline)).toEqual(['b misses 5', 'a misses 10'])
  })

  test('is not forgotten before that, though it would be idle', () => {
    let started = 0
    const forgetful = { ...deadline, start: (machine: string, now: number) => (started++, deadline.start(machine, now)), idle: ({ wakeAt }: State) => wakeAt === Infinity }
    onTimeline([value('a', { wait: 5 }), value('a', { time: 5 }), value('a', { time: 5, wait: 5 })], 'machine', forgetful)
    expect(started).toBe(1)
  })

  test('comes at the end of the data too', () => {
    const time = new Timeline()
    const input$ = new Subject<Value>()
    const got: string[] = []
    input$.pipe(keyed({ ...deadline, end: (_, __, emit) => emit('end') }, { key: 'machine' }, time)).subscribe((text) => got.push(text))
    time.advance(0)
    input$.next(value('a', { wait: 5 }))
    time.advance(5)
    expect(got).toEqual([])
    input$.complete()
    expect(got).toEqual(['a misses 5', 'end'])
    expect(time.pending()).toBe(0)
  })

  test('can be saved before its instant and behind it, not within', () => {
    const time = new Timeline()
    const input$ = new Subject<Value>()
    const got: string[] = []
    const run = (from: Timeline) => input$.pipe(keyed(deadline, { key: 'machine' }, from)).subscribe((text) => got.push(text))
    const running = run(time)
    time.advance(0)
    input$.next(value('a', { wait: 5 }))
    time.advanceBefore(5)
    const saved = time.save()
    time.advance(5)
    expect(() => time.save()).toThrow('between two instants')
    time.settle()
    expect(got).toEqual(['a misses 5'])
    const after = time.save()
    running.unsubscribe()
    for (const [save, also] of [[saved, ['a misses 5']], [after, []]] as const) {
      const again = new Timeline(save)
      got.length = 0
      const rerun = run(again)
      again.advance(10)
      expect(got).toEqual(also)
      rerun.unsubscribe()
    }
  })

  test('`true` counts for nothing where it is closing: wakeAt must have moved', () => {
    const calls: unknown[] = []
    const behaviour = plain((state, _, now) => void (state.wakeAt = now + 5), {
      wake: (state, due, emit, closing) => {
        calls.push(closing)
        if (closing === true) state.wakeAt = state.count++ < 1 ? due : Infinity
        emit(`${due} ${closing}`)
        return true
      },
    })
    expect(onTimeline([value('a'), value('b', { time: 9 })], 'machine', behaviour).slice(0, 3)).toEqual(['5 false', '5 true', '5 true'])
    expect(() => {
      let error: unknown
      const time = new Timeline()
      const input$ = new Subject<Value>()
      input$.pipe(keyed({ ...behaviour, wake: () => true }, { key: 'machine' }, time)).subscribe({ error: (thrown: unknown) => (error = thrown) })
      drive(time, input$, [value('a'), value('b', { time: 9 })])
      throw error
    }).toThrow(/'plain' does not move wakeAt of 'a' beyond 5/)
  })

  test('an unsubscription in the emission of a wake that then asks for the end of the instant leaves nothing', () => {
    for (const time of [new Timeline(), new VirtualTimeScheduler()]) {
      let wakes = 0
      const behaviour = plain((state) => void (state.wakeAt = 5), { wake: (_, __, emit) => (wakes++, emit('x'), true) })
      const input$ = new Subject<Value>()
      const got: string[] = []
      input$.pipe(keyed(behaviour, { key: 'machine' }, time), take(1)).subscribe((text) => got.push(text))
      if (time instanceof Timeline) time.advance(0)
      input$.next(value('a'))
      if (time instanceof Timeline) {
        time.advance(9)
        expect(time.pending()).toBe(0)
      } else time.flush()
      expect([got, wakes, input$.observed]).toEqual([['x'], 1, false])
    }
  })
})

describe('on any scheduler', () => {
  // the end of the run lies half a millisecond behind the last value on a scheduler
  const untimed = (text: string): string => text.replace(/^(end \d+) at .*/, '$1')

  test.prop([values, fc.constantFrom(...keys), behaviours])('a VirtualTimeScheduler gives what a timeline gives', (given, [key], behaviour) => {
    // the end of an instant is not known to it: what is asked for in the middle of one is left out
    const later = given.map((one) => ({ ...one, ...(one.wait === 0 ? { wait: 1 } : {}) }))
    expect(onScheduler(new VirtualTimeScheduler(), later, key, behaviour).map(untimed)).toEqual(onTimeline(later, key, behaviour).map(untimed))
  })

  test.prop([values, fc.constantFrom(...keys), behaviours])('a TestScheduler gives what a timeline gives', (given, [key], behaviour) => {
    const later = given.map((one) => ({ ...one, ...(one.wait === 0 ? { wait: 1 } : {}) }))
    const scheduler = new TestScheduler(() => undefined)
    scheduler.maxFrames = Infinity
    expect(onScheduler(scheduler, later, key, behaviour).map(untimed)).toEqual(onTimeline(later, key, behaviour).map(untimed))
  })

  test('a value is in time at the very moment, though its source is scheduled again behind the timer', () => {
    const scheduler = new TestScheduler((actual, expected) => expect(actual).toEqual(expected))
    scheduler.run(({ expectObservable }) => {
      const source$ = interval(4, scheduler).pipe(take(3), map(() => value('a', { wait: 4 })))
      expectObservable(concat(source$, NEVER).pipe(keyed(deadline, { key: 'machine' }, scheduler))).toBe('----------------m', { m: 'a misses 16' })
    })
  })

  test('a TestScheduler closes an instant when its values have come', () => {
    const scheduler = new TestScheduler((actual, expected) => expect(actual).toEqual(expected))
    scheduler.run(({ hot, expectObservable }) => {
      const asks = { a: value('a', { wait: 0 }), b: value('b', { wait: 0 }) }
      const once = plain((state, { machine }, now, emit) => {
        state.wakeAt = now
        emit(machine)
      }, {
        wake: (state, _due, emit) => {
          state.wakeAt = Infinity
          emit('.')
        },
      })
      expectObservable(hot('--(ba)---a---|', asks).pipe(keyed(once, { key: 'machine' }, scheduler))).toBe('--(ba..)-(a.)|')
    })
  })
})

describe('on the wall clock', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 1_000_000 })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  const listen = (behaviour: Behaviour<Value, string, State>): { readonly out: string[]; readonly input$: Subject<Value>; readonly subscription: Subscription } => {
    const out: string[] = []
    const input$ = new Subject<Value>()
    const subscription = input$.pipe(keyed(behaviour, { key: 'machine' })).subscribe({ next: (text) => out.push(text), error: (error: unknown) => out.push(String(error)) })
    return { out, input$, subscription }
  }

  test('rings at its time, and leaves no timer', () => {
    const { out, input$, subscription } = listen(counting)
    input$.next(value('a', { wait: 50 }))
    vi.advanceTimersByTime(49)
    expect(out).toEqual(['a/s 1 at 1000000'])
    vi.advanceTimersByTime(1)
    expect(out.at(-1)).toBe('wake 1 due 1000050')
    vi.advanceTimersByTime(100)
    expect(out.slice(2)).toEqual(['wake 1 due 1000057', 'wake 1 due 1000064'])
    expect(vi.getTimerCount()).toBe(0)
    input$.next(value('a', { wait: 50 }))
    subscription.unsubscribe()
    expect(vi.getTimerCount()).toBe(0)
  })

  test('a wait beyond the 24.8 days of setTimeout is neither cut nor spun', () => {
    const { out, input$ } = listen(counting)
    const wait = 60 * 86_400_000
    input$.next(value('a', { wait }))
    let rings = 0
    for (; out.length === 1 && rings < 10; rings++) vi.advanceTimersToNextTimer()
    expect(out[1]).toBe(`wake 1 due ${1_000_000 + wait}`)
    expect(rings).toBe(3)
  })

  test('a clock that was asleep catches up in the order of what was due, and before the value that comes', () => {
    const { out, input$ } = listen(counting)
    input$.next(value('b', { wait: 10 }))
    input$.next(value('a', { wait: 12 }))
    vi.setSystemTime(1_000_020)
    input$.next(value('c'))
    expect(out.slice(2)).toEqual(['wake 1 due 1000010', 'wake 1 due 1000012', 'wake 1 due 1000017', 'wake 1 due 1000019', 'c/s 1 at 1000020'])
  })

  test('and so it does with what waits for the end of its instant: those instants are over', () => {
    const { out, input$ } = listen(deadline)
    input$.next(value('b', { wait: 10 }))
    input$.next(value('a', { wait: 12 }))
    vi.setSystemTime(1_000_020)
    input$.next(value('b', { wait: 10 }))
    expect(out).toEqual(['b misses 1000010', 'a misses 1000012'])
    vi.advanceTimersByTime(11)
    expect(out.slice(2)).toEqual(['b misses 1000030'])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('however many wakes it has slept through', () => {
    const everyMillisecond = plain((state, _, now) => void (state.wakeAt = now + 1), { wake: (state, due) => void (state.count++, (state.wakeAt = due + 1)), end: (state, _, emit) => emit(String(state.count)) })
    const { out, input$ } = listen(everyMillisecond)
    input$.next(value('a'))
    vi.setSystemTime(1_000_000 + 250_000)
    input$.next(value('b'))
    input$.complete()
    expect(out[0]).toBe('250000')
  })

  test('every action that it has used is unsubscribed', () => {
    const actions: Subscription[] = []
    const scheduler: SchedulerLike = {
      now: () => Date.now(),
      schedule: <T>(work: (this: SchedulerAction<T>, state?: T) => void, delay?: number, state?: T) => {
        const action = asyncScheduler.schedule(work, delay, state)
        actions.push(action)
        return action
      },
    }
    const input$ = new Subject<Value>()
    input$.pipe(keyed(counting, { key: 'machine' }, scheduler)).subscribe()
    for (let n = 0; n < 5; n++) {
      input$.next(value('a', { wait: 5 }))
      vi.advanceTimersByTime(100)
    }
    expect(actions.length).toBeGreaterThan(5)
    expect(actions.every(({ closed }) => closed)).toBe(true)
  })
})

describe('what goes wrong', () => {
  const failing = (where: 'start' | 'next' | 'wake' | 'end' | 'idle' | 'indifferent' | 'key') => {
    const fail = (): never => {
      throw new Error(`in ${where}`)
    }
    const behaviour = { ...counting, ...(where === 'key' ? {} : { [where]: fail }) }
    const key: Key<Value> = where === 'key' ? fail : 'machine'
    return { behaviour, key }
  }

  test.each(['start', 'next', 'wake', 'end', 'idle', 'indifferent', 'key'] as const)('an error in %s is an error of the stream, once, and nothing stays', (where) => {
    const time = new Timeline()
    const { behaviour, key } = failing(where)
    const input$ = new Subject<Value>()
    const got: string[] = []
    input$.pipe(keyed(behaviour, { key }, time)).subscribe({ error: (error: unknown) => got.push((error as Error).message), complete: () => got.push('complete') })
    time.advance(0)
    input$.next(value('a', { wait: 5 }))
    input$.next(value('b', { wait: 5 }))
    time.advance(20)
    input$.complete()
    expect(got).toEqual([`in ${where}`])
    expect(input$.observed).toBe(false)
    expect(time.pending()).toBe(0)
  })

  test('errors and completion of the source pass through', () => {
    const time = new Timeline()
    const got: unknown[] = []
    const observer = { error: (error: unknown) => got.push(error), complete: () => got.push('complete') }
    throwError(() => 'mine').pipe(keyed(counting, { key: 'machine' }, time)).subscribe(observer)
    EMPTY.pipe(keyed(counting, { key: 'machine' }, time)).subscribe(observer)
    expect(got).toEqual(['mine', 'complete'])
  })

  test.each([['wake', 5, /'plain' does not move wakeAt of 'a' beyond 5: wake must set a later time, or Infinity/], ['next', NaN, /'plain' set wakeAt of 'a' to NaN/]] as const)(
    'a wakeAt that %s sets to %d is an error, not a hang', (_, wakeAt, message) => {
      const time = new Timeline()
      const input$ = new Subject<Value>()
      let error: unknown
      input$.pipe(keyed(plain((state) => void (state.wakeAt = wakeAt), { wake: () => undefined }), { key: 'machine' }, time)).subscribe({ error: (thrown: unknown) => (error = thrown) })
      time.advance(0)
      input$.next(value('a'))
      time.advance(10)
      expect(String(error)).toMatch(message)
    })

  test('a wakeAt without a wake is no timer', () => {
    expect(onTimeline([value('a'), value('b', { time: 9 })], 'machine', plain((state, { machine }, now, emit) => {
      state.wakeAt = now + 5
      emit(machine)
    }))).toEqual(['a', 'b'])
  })

  const echo = plain((_, { machine }, __, emit) => emit(machine))

  test('pushing back while it works is an error with advice', () => {
    for (const time of [new Timeline(), new VirtualTimeScheduler()]) {
      const input$ = new Subject<Value>()
      const got: string[] = []
      input$.pipe(keyed(echo, { key: 'machine' }, time)).subscribe({
        next: (machine) => {
          got.push(machine)
          if (machine.length < 3) input$.next(value(`${machine}a`))
        },
        error: (error: unknown) => got.push((error as Error).message),
      })
      input$.next(value('a'))
      expect(got).toEqual(['a', "'plain' was pushed a value while it works on another: put observeOn(time) into the loop that feeds it back"])
    }
  })

  test('and with observeOn(time) it works, within the instant', () => {
    const time = new Timeline()
    const input$ = new Subject<Value>()
    const got: string[] = []
    const out$ = new Subject<string>()
    out$.pipe(observeOn(time)).subscribe((machine) => {
      if (machine.length < 3) input$.next(value(`${machine}a`))
    })
    input$.pipe(keyed(echo, { key: 'machine' }, time), tap(out$)).subscribe((machine) => got.push(`${machine} at ${time.now()}`))
    time.advance(5)
    input$.next(value('a'))
    expect(got).toEqual(['a at 5'])
    time.settle()
    expect(got).toEqual(['a at 5', 'aa at 5', 'aaa at 5'])
  })

  test('a source that completes in the middle of an emission ends it when that is done', () => {
    const stop$ = new Subject<void>()
    const got: string[] = []
    const twice = plain((state, { machine }, _, emit) => {
      emit(`${machine} first`)
      state.count = 1
      emit(`${machine} second`)
    }, { end: (state, _, emit) => emit(`end ${state.count}`) })
    const input$ = new Subject<Value>()
    // eslint-disable-next-line rxjs-x/no-unsafe-takeuntil -- that is what is tested
    input$.pipe(takeUntil(stop$), keyed(twice, { key: 'machine' }, new Timeline()), tap(() => stop$.next())).subscribe({ next: (text) => got.push(text), complete: () => got.push('complete') })
    input$.next(value('a'))
    expect(got).toEqual(['a first', 'a second', 'end 1', 'complete'])
  })
})

describe('unsubscribing in the middle of an emission', () => {
  const noisy = (log: string[]): Behaviour<Value, string, State> => ({
    ...counting,
    next: (state, given, now, emit) => {
      log.push('next')
      counting.next(state, given, now, emit)
      emit('again')
    },
    wake: (state, due, emit) => {
      log.push('wake')
      counting.wake!(state, due, emit)
    },
    end: (state, now, emit) => {
      log.push('end')
      counting.end!(state, now, emit)
    },
    idle: (state, now) => {
      log.push('idle')
      return counting.idle!(state, now)
    },
  })

  const until = (count: number, behaviour: Behaviour<Value, string, State>, run: (time: Timeline, input$: Subject<Value>) => void): readonly string[] => {
    const time = new Timeline()
    const input$ = new Subject<Value>()
    const got: string[] = []
    input$.pipe(keyed(behaviour, { key: 'machine' }, time), take(count)).subscribe((text) => got.push(text))
    time.advance(0)
    run(time, input$)
    expect(input$.observed).toBe(false)
    expect(time.pending()).toBe(0)
    return got
  }

  test('of next: nothing is called after it', () => {
    const log: string[] = []
    expect(until(1, noisy(log), (_, input$) => {
      input$.next(value('a', { wait: 5 }))
      input$.next(value('b'))
    })).toEqual(['a/s 1 at 0'])
    expect(log).toEqual(['next'])
  })

  test('of a wake: other keys are not woken', () => {
    const log: string[] = []
    until(5, noisy(log), (time, input$) => {
      input$.next(value('a', { wait: 5 }))
      input$.next(value('b', { wait: 5 }))
      time.advance(50)
    })
    expect(log.filter((one) => one === 'wake')).toEqual(['wake'])
  })

  test('of the end: other keys are not ended', () => {
    const log: string[] = []
    until(5, noisy(log), (_, input$) => {
      input$.next(value('a'))
      input$.next(value('b'))
      input$.complete()
    })
    expect(log.filter((one) => one === 'end')).toEqual(['end'])
  })

  test('of a due timer that a value lets ring first: the value is not handed over', () => {
    const log: string[] = []
    const scheduler = new VirtualTimeScheduler()
    const input$ = new Subject<Value>()
    scheduler.schedule(() => input$.next(value('a', { wait: 5 })), 0)
    scheduler.schedule(() => input$.next(value('a')), 5)
    input$.pipe(keyed(noisy(log), { key: 'machine' }, scheduler), take(3)).subscribe()
    scheduler.flush()
    expect(log).toEqual(['next', 'idle', 'wake'])
  })

  test('stops a source that emits while it is being subscribed to, be it endless', () => {
    let pulled = 0
    const endless$ = range(0, 1_000_000_000).pipe(tap(() => pulled++), map(() => value('a')))
    const got: string[] = []
    endless$.pipe(keyed(counting, { key: 'machine' }, new Timeline()), take(3)).subscribe((text) => got.push(text))
    expect(got.length).toBe(3)
    expect(pulled).toBe(3)
  })
})

describe('the end', () => {
  test.prop([fc.uniqueArray(names, { minLength: 1 })])('comes to each key in the order of its text', (machines) => {
    const ends: string[] = []
    const noting = plain((state) => void state.count++, { start: (key) => ({ wakeAt: Infinity, count: 0, repeats: 0, key }) as State, end: (state) => void ends.push((state as State & { key: string }).key) })
    from(machines.map((machine) => value(machine))).pipe(keyed(noting, { key: 'machine' }, new Timeline())).subscribe()
    expect(ends).toEqual([...machines].sort(textOrder))
  })

  test('comes after what is due at that time, on a scheduler too', () => {
    const scheduler = new VirtualTimeScheduler()
    const input$ = new Subject<Value>()
    const got: string[] = []
    scheduler.schedule(() => input$.next(value('a', { wait: 5 })), 0)
    scheduler.schedule(() => input$.complete(), 5)
    input$.pipe(keyed(counting, { key: 'machine' }, scheduler), toArray()).subscribe((all) => got.push(...all))
    scheduler.flush()
    expect(got).toEqual(['a/s 1 at 0', 'wake 1 due 5', 'end 1 at 5'])
  })

  test('does not come where it is merely stopped', () => {
    const ends: string[] = []
    const input$ = new Subject<Value>()
    const subscription = input$.pipe(keyed({ ...counting, end: () => void ends.push('end') }, { key: 'machine' }, new Timeline())).subscribe()
    input$.next(value('a'))
    subscription.unsubscribe()
    expect(ends).toEqual([])
  })
})

test('start is told the key: a series as machine/sensor', () => {
  const started: string[] = []
  const noting = plain(() => undefined, {
    start: (key, now) => {
      started.push(`${key} at ${now}`)
      return { wakeAt: Infinity, count: 0, repeats: 0 }
    },
  })
  onTimeline([value('m', { time: 3 }), value('m', { time: 4 })], 'series', noting)
  onTimeline([value('m', { time: 3 })], (one) => `own ${one.machine}`, noting)
  expect(started).toEqual(['m/s at 3', 'own m at 3'])
})

test('a value to which a fresh state is indifferent makes none', () => {
  let started = 0
  const picky: Behaviour<Value, string, State> = { ...counting, idle: () => false, start: (key, now) => (started++, counting.start(key, now)), indifferent: ({ wait }) => wait === undefined }
  expect(onTimeline([value('a'), value('b', { wait: 50 }), value('b'), value('a')], 'machine', picky).slice(0, 2)).toEqual(['b/s 1 at 0', 'b/s 2 at 0'])
  expect(started).toBe(1)
})

test('a timer before time has begun is an error that says what stands in front; a save while it emits is refused', () => {
  const seen: unknown[] = []
  const input = new Subject<Value>()
  const time = new Timeline()
  keyed(counting, { key: 'machine' }, time)(input).subscribe({ next: () => seen.push('out'), error: (error: unknown) => seen.push(error) })
  input.next({ time: 0, machine: 'a', sensor: 's', wait: 5 })
  expect(seen).toEqual(['out', new Error("'counting' set a timer of 'a' before time has begun: put inOrder in front, which moves the timeline")])

  const other = new Timeline()
  const values = new Subject<Value>()
  const refused: unknown[] = []
  keyed(counting, { key: 'machine' }, other)(values).subscribe(() => {
    try {
      other.save()
    } catch (error) {
      refused.push(error)
    }
  })
  other.advance(0)
  values.next({ time: 0, machine: 'a', sensor: 's', wait: undefined })
  expect(refused).toEqual([new Error("'counting' cannot be saved while it emits")])
})
