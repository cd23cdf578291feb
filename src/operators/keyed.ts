import { asyncScheduler, Observable } from 'rxjs'
import type { OperatorFunction, SchedulerLike, Subscription } from 'rxjs'
import { Timeline, timerQueue } from '../time/index.js'
import type { Participant, QueueEntry } from '../time/index.js'
import { subscribeWithin } from '../time/subscribe-within.js'
import type { Behaviour } from './behaviour.js'
import type { Key } from './key.js'

export interface KeyedOptions<In> {
  readonly key: Key<In>
  /** Names its state in a checkpoint; the behaviour's own name where it is not given. */
  readonly name?: string
}

interface Slot<State> extends QueueEntry {
  readonly outer: string
  readonly inner: string
  state: State
  /** Waits for the end of the instant. */
  waiting: boolean
}

/** The slots of one machine's series. Sensors come in the same order again and again: the next one is guessed before it is looked up. */
interface Sensors<State> {
  readonly machine: string
  readonly byName: Map<string, Slot<State>>
  /** In the order in which they first came. */
  readonly slots: Slot<State>[]
  cursor: number
}

/** `outer` and `inner` are machine and sensor of a series; of any other key the inner one is empty. */
type Slots<State> = readonly (readonly [outer: string, inner: string, state: State])[]

/** `made`: what the behaviour was exchanged for. */
type Saved<State> = Slots<State> | { readonly made: unknown; readonly slots: Slots<State> }

const WAKES = 100_000

/** The longest wait that setTimeout knows, 24.8 days; the ring that comes then waits on. */
const LONGEST_WAIT = 2_147_483_647

const byKey = (a: Slot<unknown>, b: Slot<unknown>): number =>
  a.outer === b.outer ? (a.inner === b.inner ? 0 : a.inner < b.inner ? -1 : 1) : a.outer < b.outer ? -1 : 1

/**
 * Runs a behaviour once for each key. The one stateful operator: all others are made of it.
 *
 * On a `Timeline` its state is part of the timeline's save. Without one it runs on the wall clock, or on any RxJS scheduler.
 * Of several keys that are due at one time the order is that of their text. A due timer of a key runs before the key is handed a value,
 * but for what its `wake` puts off to the end of the instant (without a timeline: until what is scheduled for that time has run).
 * An error thrown in any callback becomes an error of the stream. A value that is pushed in while another is still being
 * worked on is refused with an error: put `observeOn(time)` into the loop.
 * A behaviour that is exchanged while it runs (see `Exchange`) is so for all keys, those that are met later too, and in a save.
 *
 * @example
 * // counts the readings of each machine
 * const counting: Behaviour<Reading, number, { wakeAt: number; n: number }> = {
 *   name: 'counting',
 *   version: 1,
 *   start: () => ({ wakeAt: Infinity, n: 0 }),
 *   next: (state, reading, now, emit) => emit(++state.n),
 * }
 * keyed(counting, { key: 'machine' }, time)
 */
export function keyed<In, Out, State extends { wakeAt: number }>(
  behaviour: Behaviour<In, Out, State>,
  options: KeyedOptions<In>,
  time: SchedulerLike = asyncScheduler,
): OperatorFunction<In, Out> {
  const name = options.name ?? behaviour.name
  const place = time instanceof Timeline ? time.place(name, behaviour.version) : undefined
  const key = options.key as 'machine' | 'series' | ((item: In) => string)

  return (source) =>
    new Observable<Out>((subscriber) => {
      let current = behaviour
      let { wake, idle, indifferent } = behaviour
      const single = new Map<string, Slot<State>>()
      const double = new Map<string, Sensors<State>>()
      const timers = timerQueue<Slot<State>>(byKey)
      let waiting: Slot<State>[] = []
      let waitingSince = -Infinity
      let last: Slot<State> | undefined
      let lastSensors: Sensors<State> | undefined
      let busy = false
      let ended = false
      let action: Subscription | undefined
      let actionAt = Infinity

      const emit = (out: Out): void => {
        if (!subscriber.closed) subscriber.next(out)
      }

      const fresh = (outer: string, inner: string, now: number): Slot<State> => ({
        outer,
        inner,
        state: current.start(inner === '' ? outer : `${outer}/${inner}`, now),
        waiting: false,
        at: Infinity,
        place: -1,
      })

      const sensorsOf = (machine: string): Sensors<State> => {
        let sensors = double.get(machine)
        if (sensors === undefined) {
          sensors = { machine, byName: new Map(), slots: [], cursor: 0 }
          double.set(machine, sensors)
        }
        return sensors
      }

      const put = ({ byName, slots }: Sensors<State>, slot: Slot<State>): void => {
        byName.set(slot.inner, slot)
        slots.push(slot)
      }

      const become = (next: Behaviour<In, Out, State>): void => {
        current = next
        ;({ wake, idle, indifferent } = next)
      }

      /** Whether it was an exchange; then that is done. */
      const exchanged = (item: In, now: number): boolean => {
        const exchange = current.exchange?.next(item, now, emit)
        if (exchange === undefined) return false
        if (exchange.behaviour !== undefined) become(exchange.behaviour)
        if (exchange.carry !== undefined)
          for (const slot of ordered()) {
            if (subscriber.closed) break
            slot.state = exchange.carry(slot.state, now, emit)
            settle(slot, now)
          }
        return true
      }

      /** Undefined: it belongs to no key, and all is done. */
      const find = (item: In, now: number): Slot<State> | undefined => {
        if (key === 'series') {
          const { machine, sensor } = item as { readonly machine: string; readonly sensor: string }
          let sensors = lastSensors
          if (sensors === undefined || sensors.machine !== machine) {
            if (!double.has(machine) && exchanged(item, now)) return undefined
            sensors = sensorsOf(machine)
            lastSensors = sensors
          }
          const { slots } = sensors
          const next = slots[sensors.cursor]
          if (next !== undefined && next.inner === sensor) {
            sensors.cursor = sensors.cursor + 1 < slots.length ? sensors.cursor + 1 : 0
            return next
          }
          let slot = sensors.byName.get(sensor)
          if (slot === undefined) {
            slot = fresh(machine, sensor, now)
            put(sensors, slot)
          }
          sensors.cursor = slots.length > 1 ? (slots.indexOf(slot) + 1) % slots.length : 0
          return slot
        }
        const outer = key === 'machine' ? (item as { readonly machine: string }).machine : key(item)
        if (last !== undefined && last.outer === outer) return last
        let slot = single.get(outer)
        if (slot === undefined) {
          if (exchanged(item, now)) return undefined
          slot = fresh(outer, '', now)
          single.set(outer, slot)
        }
        last = slot
        return slot
      }

      const known = (item: In): boolean => {
        if (key === 'series') {
          const { machine, sensor } = item as { readonly machine: string; readonly sensor: string }
          return double.get(machine)?.byName.has(sensor) === true
        }
        return single.has(key === 'machine' ? (item as { readonly machine: string }).machine : key(item))
      }

      const forget = (slot: Slot<State>): void => {
        timers.remove(slot)
        if (key === 'series') {
          const { byName, slots } = double.get(slot.outer)!
          byName.delete(slot.inner)
          slots.splice(slots.indexOf(slot), 1)
          if (byName.size === 0) {
            double.delete(slot.outer)
            lastSensors = undefined
          }
        } else {
          single.delete(slot.outer)
          if (last === slot) last = undefined
        }
      }

      /** Sets the timer that the state asks for, or forgets the key. */
      const settle = (slot: Slot<State>, now: number): void => {
        if (subscriber.closed) return
        const { wakeAt } = slot.state
        if (wakeAt > now) {
          if (wake !== undefined && (slot.place < 0 ? wakeAt < Infinity : wakeAt < slot.at)) {
            timers.put(slot, wakeAt)
            arm(wakeAt)
          }
        } else if (wakeAt === -Infinity) {
          throw new Error(`'${name}' set a timer of '${slot.outer}' before time has begun: put inOrder in front, which moves the timeline`)
        } else if (Number.isNaN(wakeAt)) {
          throw new Error(`'${name}' set wakeAt of '${slot.outer}' to NaN: expected epoch milliseconds, or Infinity for no timer`)
        } else if (wake !== undefined && !slot.waiting) {
          wait(slot, now)
        }
        if (idle !== undefined && !slot.waiting && idle.call(current, slot.state, now)) forget(slot)
      }

      const arm = (at: number): void => {
        if (place !== undefined) {
          place.wake(at)
          return
        }
        if (action !== undefined && actionAt <= at) return
        action?.unsubscribe()
        const now = time.now()
        const wait = Math.min(Math.max(0, at - now), LONGEST_WAIT)
        actionAt = now + wait
        action = time.schedule(ring, wait)
        subscriber.add(action)
      }

      /** Where there is no timeline to do it: opens and closes the instants before this one, in their order, and opens this one. */
      const catchUp = (now: number): void => {
        for (;;) {
          if (waiting.length > 0 && waitingSince < now) participant.close(waitingSince)
          const due = timers.earliest()
          if (due > now || subscriber.closed) return
          participant.open(due)
        }
      }

      const ring = (): void => {
        const now = time.now()
        const opened = waiting.length > 0 && waitingSince === now
        action?.unsubscribe()
        action = undefined
        actionAt = Infinity
        catchUp(now)
        // what this has only just opened is closed by the next ring, so that values of now that are scheduled behind it are in
        if (opened && waiting.length > 0) participant.close(now)
        const next = waiting.length > 0 ? now : timers.earliest()
        if (next < Infinity && !subscriber.closed) arm(next)
      }

      const guarded = (work: () => void): void => {
        if (subscriber.closed) return
        busy = true
        try {
          work()
        } catch (error) {
          subscriber.error(error)
        } finally {
          busy = false
        }
        if (ended) finish()
      }

      const finish = (): void => {
        ended = busy
        if (busy) return
        const now = time.now()
        if (place === undefined) catchUp(now)
        if (waiting.length > 0) participant.close(now)
        guarded(() => {
          if (current.end === undefined) return
          for (const slot of ordered()) {
            current.end(slot.state, now, emit)
            if (subscriber.closed) return
          }
        })
        subscriber.complete()
      }

      /** Wakes a slot until it is caught up, or puts the rest off to the end of the instant. */
      const wakeUp = (slot: Slot<State>, now: number, closing: boolean): void => {
        for (let n = 0; slot.state.wakeAt <= now && !subscriber.closed; n++) {
          if (n > WAKES) throw new Error(`'${name}' does not move wakeAt of '${slot.outer}' beyond ${now}: wake must set a later time, or Infinity`)
          if (wake!.call(current, slot.state, slot.state.wakeAt, emit, closing) === true && !closing) {
            wait(slot, now)
            return
          }
        }
      }

      const wait = (slot: Slot<State>, now: number): void => {
        slot.waiting = true
        waiting.push(slot)
        waitingSince = now
        if (place !== undefined) {
          participant.ready = true
          place.ready()
        } else arm(now)
      }

      const participant: Participant = {
        ready: false,
        earliest: () => timers.earliest(),
        open: (now) => {
          guarded(() => {
            while (timers.earliest() <= now && !subscriber.closed) {
              const slot = timers.pop()!
              if (!slot.waiting) wakeUp(slot, slot.at, false)
              if (slot.state.wakeAt <= now && !slot.waiting && !subscriber.closed) timers.put(slot, slot.state.wakeAt)
              else settle(slot, now)
            }
          })
        },
        close: (now) => {
          participant.ready = false
          guarded(() => {
            const slots = waiting
            waiting = []
            for (let i = 1; i < slots.length; i++)
              if (byKey(slots[i - 1]!, slots[i]!) > 0) {
                slots.sort(byKey)
                break
              }
            for (const slot of slots) {
              slot.waiting = false
              wakeUp(slot, now, true)
              settle(slot, now)
            }
          })
        },
        save: () => {
          if (busy) throw new Error(`'${name}' cannot be saved while it emits`)
          const saved: (readonly [string, string, State])[] = []
          for (const slot of ordered()) saved.push([slot.outer, slot.inner, slot.state])
          return (current === behaviour ? saved : { made: current.exchange?.made, slots: saved }) satisfies Saved<State>
        },
      }

      const ordered = (): readonly Slot<State>[] =>
        (key === 'series' ? [...double.values()].flatMap(({ slots }) => slots) : [...single.values()]).sort(byKey)

      const restore = (saved: Saved<State>): void => {
        const now = time.now()
        if ('made' in saved) become(behaviour.exchange!.make(saved.made))
        for (const [outer, inner, state] of 'made' in saved ? saved.slots : saved) {
          const slot: Slot<State> = { outer, inner, state, waiting: false, at: Infinity, place: -1 }
          if (key === 'series') {
            put(sensorsOf(outer), slot)
          } else single.set(outer, slot)
          settle(slot, now)
        }
      }

      const saved = place?.join(participant)

      subscriber.add(() => {
        place?.leave()
        timers.clear()
        single.clear()
        double.clear()
        waiting = []
        last = undefined
        lastSensors = undefined
      })

      if (saved !== undefined) restore(saved as Saved<State>)

      subscribeWithin(subscriber, source, {
        next: (item) => {
          if (indifferent !== undefined && !busy && place !== undefined && single.size + double.size === 0) {
            try {
              if (indifferent.call(current, item)) return
            } catch (error) {
              subscriber.error(error)
              return
            }
          }
          if (busy) {
            subscriber.error(new Error(`'${name}' was pushed a value while it works on another: put observeOn(time) into the loop that feeds it back`))
            return
          }
          const now = time.now()
          if (place === undefined) {
            catchUp(now)
            if (subscriber.closed) return
          }
          busy = true
          try {
            if (indifferent?.call(current, item) === true && !known(item)) return
            const slot = find(item, now)
            if (slot !== undefined) {
              if (slot.at <= now && slot.place >= 0) {
                timers.remove(slot)
                if (!slot.waiting) wakeUp(slot, now, false)
              }
              if (!subscriber.closed) current.next(slot.state, item, now, emit)
              settle(slot, now)
            }
          } catch (error) {
            subscriber.error(error)
          } finally {
            busy = false
          }
          if (ended) finish()
        },
        error: (error: unknown) => {
          subscriber.error(error)
        },
        complete: finish,
      })
    })
}
