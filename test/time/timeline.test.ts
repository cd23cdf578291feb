import { fc, test } from '@fast-check/vitest'
import { bufferTime, interval, observeOn, of, Subject, take, timer } from 'rxjs'
import { describe, expect } from 'vitest'
import { encodeSave, Timeline } from '../../src/time/index.js'
import type { Participant } from '../../src/time/index.js'

const participant = (others: Partial<Participant> = {}): Participant => ({ earliest: () => Infinity, open: () => undefined, ready: false, close: () => undefined, save: () => undefined, ...others })

/** Something of ours that rings at the given times, and at the end of an instant when it is asked to. */
const ringing = (time: Timeline, name: string, log: string[], dues: number[] = []) => {
  const place = time.place(name, 1)
  const self = participant({
    earliest: () => dues[0] ?? Infinity,
    open: (now) => {
      while (dues[0]! <= now) log.push(`${name} opens ${dues.shift()}`)
    },
    close: (now) => {
      self.ready = false
      log.push(`${name} closes ${now}`)
    },
    save: () => dues,
  })
  place.join(self)
  for (const due of dues) place.wake(due)
  return {
    ...place,
    ask: () => {
      self.ready = true
      place.ready()
    },
  }
}

describe('moving', () => {
  test('stands still before the first instant, and at each one', () => {
    const time = new Timeline()
    expect(time.now()).toBe(-Infinity)
    time.settle()
    time.advanceBefore(5)
    expect(time.now()).toBe(-Infinity)
    time.advance(5)
    time.advance(5)
    expect(time.now()).toBe(5)
    time.advanceBefore(7)
    expect(time.now()).toBe(5)
    const { now } = time
    time.advance(7.5)
    expect(now()).toBe(7.5)
  })

  test('never goes back, and to no time that is not finite', () => {
    const time = new Timeline()
    time.advance(5)
    expect(() => time.advance(4)).toThrow('time cannot go back from 5 to 4')
    expect(() => time.advance(NaN)).toThrow(RangeError)
    expect(() => time.advance(Infinity)).toThrow('drain() runs what is left')
    expect(() => time.advanceBefore(Infinity)).toThrow('drain() runs what is left')
    expect(time.now()).toBe(5)
  })

  test('is not moved by a timer that it runs', () => {
    const time = new Timeline()
    const errors: unknown[] = []
    time.advance(0)
    time.schedule(() => {
      for (const move of [() => time.advance(20), () => time.advanceBefore(20)])
        try {
          move()
        } catch (error) {
          errors.push(String(error))
        }
    }, 5)
    time.advance(10)
    expect(errors).toEqual(Array(2).fill('Error: a timer cannot move the time that runs it, here from 5 to 20'))
    expect(time.now()).toBe(10)
  })

  test('each timer sees its own time; advanceBefore leaves what is due at its end', () => {
    const time = new Timeline()
    const rung: number[] = []
    time.advance(0)
    for (const delay of [3, 1, 2, 2.5]) time.schedule(() => rung.push(time.now()), delay)
    time.advanceBefore(2.5)
    expect(rung).toEqual([1, 2])
    expect(time.now()).toBe(2)
    time.advance(2.5)
    expect(rung).toEqual([1, 2, 2.5])
    time.advance(100)
    expect(rung).toEqual([1, 2, 2.5, 3])
    expect(time.pending()).toBe(0)
  })

  test.prop([fc.array(fc.oneof(
    fc.record({ set: fc.nat(20) }), fc.record({ to: fc.nat(15) }), fc.record({ before: fc.nat(15) }), fc.record({ cancel: fc.nat(30) }), fc.constant({ settle: true as const })), { maxLength: 40 })])(
    'timers ring in the order of due time, then of setting, as in a sorted list', (steps) => {
      const time = new Timeline()
      const rung: string[] = []
      const expected: string[] = []
      const actions: { unsubscribe(): void }[] = []
      let model: { readonly at: number; readonly n: number; readonly late: boolean }[] = []
      let now = -Infinity
      const ring = (due: (timer: (typeof model)[number]) => boolean): void => {
        const ready = model.filter(due).sort((a, b) => a.at - b.at || Number(a.late) - Number(b.late) || a.n - b.n)
        for (const { n, at } of ready) expected.push(`${n} at ${at}`)
        model = model.filter((timer) => !due(timer))
      }
      steps.forEach((step, n) => {
        if ('set' in step) {
          // before the first instant `at` is the delay
          model.push({ n: actions.length, at: (now === -Infinity ? 0 : now) + step.set, late: step.set === 0 && now > -Infinity })
          const id = actions.length
          actions.push(time.schedule(() => rung.push(`${id} at ${time.now()}`), step.set))
        } else if ('cancel' in step) {
          actions[step.cancel]?.unsubscribe()
          model = model.filter((timer) => timer.n !== step.cancel)
        } else if ('settle' in step) {
          time.settle()
          if (now > -Infinity) ring(({ at, late }) => late && at === now)
        } else if ('before' in step) {
          const to = (now === -Infinity ? 0 : now) + step.before
          if (now > -Infinity && to > now) {
            ring(({ at }) => at < to)
            now = Math.max(now, Number(expected.at(-1)?.split(' at ')[1] ?? now))
          }
          time.advanceBefore(to)
        } else {
          const to = (now === -Infinity ? 0 : now) + step.to
          if (now === -Infinity) model = model.map((timer) => ({ ...timer, at: timer.at + to }))
          if (to > now) ring(({ at, late }) => at < to || (at === to && !late))
          now = to
          time.advance(to)
        }
        expect(rung, `step ${n}`).toEqual(expected)
        expect(time.now()).toBe(now)
      })
      expect(time.pending()).toBe(model.length)
    })
})

describe('an instant', () => {
  test('opens downstream first, then RxJS\'s own; closes upstream first, then RxJS\'s own, until nothing is left', () => {
    const time = new Timeline()
    const log: string[] = []
    const up = ringing(time, 'up', log, [5])
    const down = ringing(time, 'down', log, [5, 7])
    time.advance(0)
    time.schedule(() => log.push('rxjs opens 5'), 5)
    time.advance(5)
    time.schedule(() => {
      log.push('rxjs closes 5')
      down.ask()
      up.ask()
    })
    down.ask()
    up.ask()
    log.push('values of 5')
    time.settle()
    expect(log).toEqual([
      'down opens 5', 'up opens 5', 'rxjs opens 5', 'values of 5', 'up closes 5', 'down closes 5', 'rxjs closes 5', 'up closes 5', 'down closes 5',
    ])
    time.advance(6)
    expect(log.length).toBe(9)
    time.advance(8)
    expect(log.at(-1)).toBe('down opens 7')
  })

  test('a timer without a delay, or with one that is lost in rounding, rings at its end', () => {
    const time = new Timeline()
    const rung: string[] = []
    time.advance(1.7e12)
    for (const delay of [0, -5, NaN, undefined, 1e-9]) time.schedule(() => rung.push(String(delay)), delay)
    expect(rung).toEqual([])
    time.settle()
    expect(rung).toEqual(['0', '-5', 'NaN', 'undefined', '1e-9'])
    expect(time.pending()).toBe(0)
  })

  test('that is never left is an error, not a hang', () => {
    const time = new Timeline()
    time.advance(0)
    interval(0, time).subscribe()
    expect(() => time.advance(1)).toThrow('a timer without a delay is set again and again within one instant')
    const other = new Timeline()
    const { ask } = ringing(other, 'restless', [])
    const place = other.place('asks', 1)
    const self = participant({ close: () => ask() })
    Object.defineProperty(self, 'ready', { value: true, writable: false })
    place.join(self)
    other.advance(0)
    ask()
    expect(() => other.settle()).toThrow(/'(restless|asks)' asks for the end of one instant again and again/)
  })
})

describe('an action, as RxJS uses it', () => {
  test('is handed its state, and is one timer: setting it again moves it', () => {
    const time = new Timeline()
    const rung: string[] = []
    time.advance(0)
    const action = time.schedule<string>((state) => rung.push(`${state} at ${time.now()}`), 5, 'first') as ReturnType<Timeline['schedule']> & { schedule(state: string, delay?: number): unknown }
    action.schedule('second', 9)
    time.advance(8)
    expect(rung).toEqual([])
    action.schedule('third', 0)
    action.schedule('fourth', 0)
    time.settle()
    time.advance(20)
    expect(rung).toEqual(['fourth at 8'])
    action.schedule('again', 2)
    action.schedule('never', Infinity)
    expect(time.pending()).toBe(0)
    time.advance(30)
    expect(rung).toEqual(['fourth at 8'])
    action.unsubscribe()
    action.schedule('closed', 1)
    expect(time.pending()).toBe(0)
  })

  test('that throws is done with; the others still ring', () => {
    const time = new Timeline()
    const rung: number[] = []
    time.advance(0)
    const failing = time.schedule(() => {
      throw new Error('of a user')
    }, 5)
    time.schedule(() => rung.push(time.now()), 5)
    time.schedule(() => rung.push(time.now()), 6)
    expect(() => time.advance(10)).toThrow('of a user')
    expect(failing.closed).toBe(true)
    time.advance(10)
    expect(rung).toEqual([5, 6])
  })

  test('of observeOn: ten thousand values of one instant', () => {
    const time = new Timeline()
    const values$ = new Subject<number>()
    let sum = 0
    values$.pipe(observeOn(time)).subscribe((n) => (sum += n))
    time.advance(0)
    for (let n = 0; n < 10_000; n++) values$.next(1)
    expect(sum).toBe(0)
    time.settle()
    expect(sum).toBe(10_000)
  })

  test('nothing stays after unsubscribing, before the first instant too', () => {
    const time = new Timeline()
    const waiting = interval(10, time).subscribe()
    expect(time.pending()).toBe(1)
    waiting.unsubscribe()
    expect(time.pending()).toBe(0)
    time.advance(0)
    const buffering = interval(10, time).pipe(bufferTime(5, 3, time)).subscribe()
    time.advance(100)
    time.schedule(() => undefined).unsubscribe()
    buffering.unsubscribe()
    expect(time.pending()).toBe(0)
  })
})

describe('drain', () => {
  test('runs what is left, each at its time; without any instant from 0', () => {
    for (const begin of [undefined, 100]) {
      const time = new Timeline()
      const rung: number[] = []
      if (begin !== undefined) time.advance(begin)
      interval(1000, time).pipe(take(3)).subscribe(() => rung.push(time.now() - (begin ?? 0)))
      timer(1500, time).subscribe(() => rung.push(time.now() - (begin ?? 0)))
      time.drain()
      expect(rung).toEqual([1000, 1500, 2000, 3000])
    }
  })

  test('of what never ends is an error with advice', () => {
    const time = new Timeline()
    time.advance(0)
    interval(1000, time).subscribe()
    expect(() => time.drain()).toThrow('end them with takeUntil, or take')
  })

  test('within a timer leaves the time where it came to', () => {
    const time = new Timeline()
    time.advance(0)
    time.schedule(() => time.drain(), 5)
    time.schedule(() => undefined, 50)
    time.advance(10)
    expect(time.now()).toBe(50)
  })
})

describe('save', () => {
  test.prop([fc.dictionary(fc.string(), fc.anything({ withMap: true, withSet: true, withDate: true, withTypedArray: true, withBigInt: true })), fc.double({ noNaN: true, max: 1e15 })])(
    'and back: the time and every state', (states, now) => {
      const time = new Timeline()
      if (now > -Infinity) time.advance(now)
      for (const [name, state] of Object.entries(states)) time.place(name, 3).join(participant({ save: () => state }))
      const back = new Timeline(time.save())
      expect(back.now()).toBe(now)
      expect(back.unclaimed()).toEqual(Object.keys(states))
      for (const [name, state] of Object.entries(states)) {
        const place = back.place(name, 3)
        expect(place.join(participant())).toStrictEqual(structuredClone(state))
        place.leave()
        expect(place.join(participant())).toBeUndefined()
      }
      expect(back.unclaimed()).toEqual([])
    })

  test('names: one that is given twice gets #2, #3, in the order of wiring', () => {
    const time = new Timeline()
    const places = ['a', 'a#2', 'a', 'b', 'a'].map((name) => time.place(name, 1))
    expect(places.map(({ name }) => name)).toEqual(['a', 'a#2', 'a#3', 'b', 'a#4'])
    expect(places.map(({ rank }) => rank)).toEqual([0, 1, 2, 3, 4])
  })

  test('keeps what nobody has claimed, tells of it, and gives it to who comes later', () => {
    const first = new Timeline()
    first.advance(7)
    first.place('kept', 1).join(participant({ save: () => 'k' }))
    first.place('used', 1).join(participant({ save: () => 'u' }))
    const second = new Timeline(first.save())
    const used = second.place('used', 1)
    expect(used.join(participant({ save: () => 'u2' }))).toBe('u')
    expect(second.unclaimed()).toEqual(['kept'])
    const third = new Timeline(second.save())
    expect([...third.unclaimed()].sort()).toEqual(['kept', 'used'])
    expect(third.place('kept', 1).join(participant())).toBe('k')
    expect(third.place('used', 1).join(participant())).toBe('u2')
  })

  test('another version of an operator is refused by name, and its state is not lost', () => {
    const time = new Timeline()
    time.place('a', 1).join(participant({ save: () => 1 }))
    const back = new Timeline(time.save())
    expect(() => back.place('a', 2).join(participant())).toThrow("the saved state of 'a' has version 1, this operator has version 2: it was made of something else (other rules, say); start without the save, or run what wrote it")
    expect(back.unclaimed()).toEqual(['a'])
  })

  test('in the middle of an instant is refused', () => {
    const refusal = 'a timeline is saved between two instants, not in the middle of one'
    const refused: string[] = []
    const attempt = (time: Timeline) => () => {
      try {
        time.save()
      } catch (error) {
        refused.push((error as Error).message)
      }
    }
    const time = new Timeline()
    time.schedule(attempt(time), 0)
    time.advance(0)
    time.schedule(attempt(time), 5)
    time.advance(5)
    time.schedule(attempt(time))
    expect(() => time.save()).toThrow(refusal)
    time.settle()
    time.schedule(attempt(time), 5)
    time.drain()
    expect(refused).toEqual(Array(4).fill(refusal))
    time.save()
  })

  test('while timers of RxJS are set is refused, before the first instant too', () => {
    const time = new Timeline()
    const waiting = timer(10, time).subscribe()
    expect(() => time.save()).toThrow(/^1 timer\(s\) of RxJS's own operators are set, and those cannot be saved/)
    time.advance(0)
    expect(() => time.save()).toThrow(/^1 timer/)
    waiting.unsubscribe()
    time.schedule(() => undefined, Infinity)
    time.save()
  })

  test('of something else is refused', () => {
    for (const other of [42, null, undefined, { now: 1 }, { now: '1', operators: new Map() }, { now: 1, operators: {} }])
      expect(() => new Timeline(encodeSave(other))).toThrow('not a save of a timeline')
    expect(() => new Timeline(new Uint8Array(100))).toThrow('not a save of motorwatch')
    expect(() => new Timeline(new Timeline().save().subarray(0, -1))).toThrow('the save is truncated')
  })

  test('holds what was wired once and is subscribed twice to be a mistake', () => {
    const time = new Timeline()
    const place = time.place('a', 1)
    place.join(participant())
    expect(() => place.join(participant())).toThrow("'a' was wired once and is subscribed twice: put share() behind it")
  })
})

test('is a scheduler to RxJS', () => {
  const time = new Timeline()
  const got: number[] = []
  time.advance(0)
  of(1, 2, 3, time).subscribe((n) => got.push(n))
  expect(got).toEqual([])
  time.settle()
  expect(got).toEqual([1, 2, 3])
})
