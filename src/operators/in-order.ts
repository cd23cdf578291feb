import { Observable } from 'rxjs'
import type { OperatorFunction } from 'rxjs'
import type { Input, Item, Reading, Rejected, RejectReason, Tick } from '../model/index.js'
import { duration, formatDuration, timerQueue } from '../time/index.js'
import { subscribeWithin } from '../time/subscribe-within.js'
import type { Duration, Participant, QueueEntry, Timeline } from '../time/index.js'

export interface InOrderOptions {
  /** A reading may come this much behind the latest of its source. */
  readonly lateness: Duration
  /**
   * A reading that lies further ahead of its source than this is held until it is believed: see below. At least `lateness`; left out: all are believed.
   * Where it equals `lateness`, no single wrong stamp can make another machine's reading late that is not itself behind the latest before it.
   */
  readonly ahead?: Duration
  /** Names the source partition of a reading or a tick; left out: there is one. A tick without a partition of its own is best given to all: return `undefined`. */
  readonly source?: (item: Reading | Tick) => string | undefined
  /** The partitions that are waited for from the start. Others join when they are first seen. */
  readonly sources?: readonly string[]
  /** A partition this far behind the others no longer holds them back; left out: it does for ever. */
  readonly idle?: Duration
}

interface Instant extends QueueEntry {
  /** Ticks, and what is in no order of its own: it goes out first, as it came. */
  others: Item[]
  /** In order. */
  readings: Reading[]
  /** Those that came out of order: few, as a rule. */
  strays: Reading[]
}

interface SourceState {
  readonly name: string
  max: number
  /** The machine that was heard last, and when another one was. */
  machine: string
  otherMachineAt: number
  /** By time. */
  doubts: Doubt[]
  /** The largest pause that was believed. */
  pause: number
  /** Numbers what comes. */
  count: number
  /** The latest to come of what has moved the source. */
  moved: number
}

interface Doubt {
  readonly reading: Reading
  readonly number: number
  /** Different times, further behind it than `ahead`, that were taken in since it came; and the last of them. */
  against: number
  last: number
}

interface Saved {
  readonly sources: readonly SourceState[]
  readonly instants: readonly (readonly [at: number, others: Item[], readings: Reading[], strays: Reading[]])[]
  readonly frontier: number
  readonly began: number
  readonly early: readonly Item[]
}

const ALONE = 600_000
const PATIENCE = 60_000
const DOUBTS = 10_000
const AGAINST = 3

const text = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1)

const total = (a: Reading, b: Reading): number =>
  text(a.machine, b.machine) || text(a.sensor, b.sensor) || a.value - b.value || text(a.quality, b.quality)

const byTime = (a: Reading, b: Reading): number => a.time - b.time || total(a, b)

/**
 * Brings readings into one total order (time, machine, sensor, value) and moves the timeline. It stands at the edge of a pipeline,
 * and every operator behind it may assume order.
 *
 * The watermark of a source partition is the latest time it has shown, less `lateness`; the slowest partition that is not `idle` rules.
 * A reading is handed on when the watermark has passed it, with all others of its instant. Then the instant closes.
 *
 * Goes out as `rejected`, with by how much: a reading behind the watermark of its own partition (`late`), one too far in the future (`ahead`),
 * an identical one of the same instant (`duplicate`).
 *
 * A reading beyond `ahead` may be a wrong clock, or the first one after a pause. It is held, and moves nothing. The earliest of those that are held is believed when
 * one of another machine comes within a minute of it, or its machine has gone on from there for more than a minute (where no other was heard for 10 minutes,
 * and at the start: as soon as there are two different times). One is rejected when three different times before it have been taken in since it came.
 * At the end of the data one is believed that is no further ahead than a minute, or than twice the largest pause so far.
 *
 * A tick moves the watermark like a reading, and is always believed. All else, what is rejected here too, takes its place at the watermark as it stands,
 * before the readings of that instant, and goes out when the watermark moves on: nothing that concerns a machine goes out between two instants.
 * A command, and an exchange of rules, is stamped with that time. What its source could not decode has no time, and passes at once.
 */
export function inOrder<In extends Item = Input>(options: InOrderOptions, time: Timeline): OperatorFunction<In, In | Rejected> {
  const lateness = duration(options.lateness)
  const ahead = options.ahead === undefined ? Infinity : duration(options.ahead)
  if (ahead < lateness)
    throw new RangeError(`ahead (${formatDuration(ahead)}) must be at least lateness (${formatDuration(lateness)}): else readings that are in time are held as doubtful`)
  const idle = options.idle === undefined ? Infinity : duration(options.idle)
  const sourceOf = options.source
  const place = time.place('inOrder', 1)

  return (input) =>
    new Observable<In | Rejected>((subscriber) => {
      const sources = new Map<string, SourceState>()
      const instants = new Map<number, Instant>()
      const queue = timerQueue<Instant>(() => 0)
      let early: Item[] = []
      let frontier = -Infinity
      let began = Infinity
      let slowest = -Infinity
      let slowestCount = 0
      let fastest = -Infinity
      let emitting = false
      let releasing = false
      let latest: Instant | undefined
      /** The one source, where there is one only. */
      let sole: SourceState | undefined

      const join = (name: string): SourceState => {
        let source = sources.get(name)
        if (source === undefined) {
          source = { name, max: -Infinity, machine: '', otherMachineAt: -Infinity, doubts: [], pause: 0, count: 0, moved: 0 }
          sources.set(name, source)
          sole = sources.size === 1 ? source : undefined
        }
        return source
      }

      const emit = (item: Item): void => {
        emitting = true
        subscriber.next(item as In | Rejected)
        emitting = false
      }

      const pass = (item: Item): void => {
        if (item.kind === 'rejected' && (item as Rejected).reading === undefined) {
          emit(item)
          time.settle()
        } else if (time.now() === -Infinity) early.push(item)
        else instant(frontier).others.push(isStamped(item) ? ({ ...item, time: frontier } as Item) : item)
      }

      const reject = (reading: Reading, reason: RejectReason, by: number, detail: string): void => {
        const rejected: Rejected = { kind: 'rejected', time: reading.time, reason, detail, by, reading }
        pass(rejected)
      }

      const instant = (at: number): Instant => {
        if (latest?.at === at && latest.place >= 0) return latest
        let found = instants.get(at)
        if (found === undefined) {
          found = { at, place: -1, others: [], readings: [], strays: [] }
          instants.set(at, found)
          queue.put(found, at)
        }
        latest = found
        return found
      }

      /** The slowest partition that still holds the others back. */
      const findSlowest = (): void => {
        let first = -Infinity
        let second = -Infinity
        for (const { max } of sources.values())
          if (max > first) {
            second = first
            first = max
          } else if (max > second) second = max
        fastest = sources.size > 2 ? second : first
        slowest = Infinity
        slowestCount = 0
        for (const { max } of sources.values()) {
          if (fastest - Math.max(max, began) > idle) continue
          if (max < slowest) {
            slowest = max
            slowestCount = 1
          } else if (max === slowest) slowestCount++
        }
        if (slowest === Infinity) slowest = fastest
      }

      const move = (source: SourceState, to: number): void => {
        if (to <= source.max) return
        const was = source.max
        source.max = to
        if (began === Infinity) began = to
        if (sources.size === 1) {
          slowest = to
          return
        }
        if ((idle < Infinity && to > fastest) || was < slowest || (was === slowest && --slowestCount <= 0)) findSlowest()
      }

      const accept = (source: SourceState, reading: Reading): void => {
        const watermark = Math.max(source.max - lateness, frontier)
        if (reading.time < watermark) {
          const by = watermark - reading.time
          reject(reading, 'late', by, `late by ${formatDuration(by)}: ${reading.machine}/${reading.sensor} is stamped ${iso(reading.time)}, the watermark stands at ${iso(watermark)}`)
          return
        }
        file(instant(reading.time), source, reading)
        move(source, reading.time)
      }

      const tooFar = (source: SourceState, { reading }: Doubt): void => {
        const by = reading.time - source.max
        reject(reading, 'ahead', by, `ahead by ${formatDuration(by)}: ${reading.machine}/${reading.sensor} is stamped ${iso(reading.time)}, its source stands at ${iso(source.max)}`)
      }

      /** Whether the earliest doubt is believed, now that one of this machine has come. */
      const believes = ({ doubts, max, machine, otherMachineAt, moved }: SourceState, came: string): boolean => {
        const first = doubts[0]!.reading.time
        if (doubts.length >= DOUBTS) return true
        if (doubts.some(({ reading }, i) => i > 0 && reading.machine !== doubts[i - 1]!.reading.machine && reading.time - doubts[i - 1]!.reading.time <= Math.max(ahead, PATIENCE))) return true
        if (max === -Infinity || max - (came === machine ? otherMachineAt : max) > ALONE) return doubts.at(-1)!.reading.time > first
        const own = doubts.filter(({ reading, number }) => reading.machine === came && number > moved)
        return own.length >= 3 && own.at(-1)!.reading.time - own[0]!.reading.time > PATIENCE && own.some(({ reading }) => reading.time > own[0]!.reading.time && reading.time < own.at(-1)!.reading.time)
      }

      const take = (source: SourceState, reading: Reading, number: number): void => {
        const { max } = source
        accept(source, reading)
        if (source.max === max) return
        source.moved = Math.max(source.moved, number)
        if (max > -Infinity) source.pause = Math.max(source.pause, source.max - max)
      }

      /** Takes in the doubts that the source has come up to, and rejects those that it has gone on before. */
      const sift = (source: SourceState, taken: number): void => {
        for (let again = source.doubts.length > 0; again; ) {
          again = false
          const doubts = source.doubts
          source.doubts = []
          for (const doubt of doubts)
            if (doubt.reading.time <= source.max + ahead) {
              take(source, doubt.reading, doubt.number)
              again = true
            } else source.doubts.push(doubt)
        }
        source.doubts = source.doubts.filter((doubt) => {
          if (taken < doubt.reading.time - ahead && taken !== doubt.last) {
            doubt.against++
            doubt.last = taken
          }
          if (doubt.against >= AGAINST) tooFar(source, doubt)
          return doubt.against < AGAINST
        })
      }

      const offer = (source: SourceState, reading: Reading): void => {
        source.count++
        if (reading.time <= source.max + ahead) {
          take(source, reading, source.count)
          if (source.doubts.length > 0 && reading.time >= source.max - lateness) sift(source, reading.time)
          return
        }
        const doubt: Doubt = { reading, number: source.count, against: 0, last: NaN }
        const at = source.doubts.findLastIndex((other) => byTime(other.reading, reading) <= 0) + 1
        source.doubts.splice(at, 0, doubt)
        while (source.doubts.length > 0 && believes(source, reading.machine)) {
          const earliest = source.doubts.shift()!
          take(source, earliest.reading, earliest.number)
          sift(source, earliest === doubt ? reading.time : NaN)
        }
      }

      /** The usual case, for speed: one source, of which nothing is in doubt, and an instant that was met just before and has not gone out. */
      const inStep = (reading: Reading): boolean => {
        if (sole === undefined || latest === undefined || latest.at !== reading.time || latest.place < 0 || !(sole.max >= latest.at) || sole.doubts.length > 0) return false
        if (sourceOf !== undefined && (sourceOf(reading) ?? '') !== sole.name) return false
        file(latest, sole, reading)
        return true
      }

      const file = ({ readings, strays }: Instant, source: SourceState, reading: Reading): void => {
        if (reading.machine !== source.machine) {
          source.otherMachineAt = source.machine === '' ? -Infinity : source.max
          source.machine = reading.machine
        }
        if (readings.length === 0 || total(readings[readings.length - 1]!, reading) <= 0) readings.push(reading)
        else strays.push(reading)
      }

      const arrived = (reading: Reading): void => {
        if (!Number.isFinite(reading.time)) {
          reject(reading, 'undecodable', NaN, `${reading.machine}/${reading.sensor} has the time ${reading.time}, expected epoch milliseconds`)
          return
        }
        const source = join(sourceOf === undefined ? '' : (sourceOf(reading) ?? ''))
        if (ahead === Infinity) accept(source, reading)
        else offer(source, reading)
      }

      const tick = (item: Tick): void => {
        if (!Number.isFinite(item.time)) throw new RangeError(`a tick has the time ${item.time}, expected epoch milliseconds`)
        const name = sourceOf === undefined ? '' : sourceOf(item)
        const at = Math.max(item.time, frontier)
        if (at > item.time && time.now() === -Infinity) early.push(item)
        else if (!instant(at).others.some(({ kind }) => kind === 'tick')) instant(at).others.push(item)
        if (name !== undefined) move(join(name), item.time)
        else for (const source of sources.values()) move(source, item.time)
        for (const source of sources.values()) if (source.doubts.length > 0) sift(source, item.time)
      }

      let previous: Reading | undefined

      const hand = (readings: readonly Reading[], from: number, to: number): void => {
        for (let i = from; i < to && !subscriber.closed; i++) {
          const reading = readings[i]!
          if (previous?.value === reading.value && total(previous, reading) === 0) emit(duplicate(reading))
          else emit(reading)
          previous = reading
        }
      }

      const open = (current: Instant): void => {
        time.advance(current.at)
        if (early.length > 0) {
          const waiting = early
          early = []
          for (const item of waiting) emit(isStamped(item) ? ({ ...item, time: current.at } as Item) : item)
        }
        for (const item of current.others) emit(item)
        const { readings, strays } = current
        if (strays.length > 0) {
          strays.sort(total)
          let from = 0
          for (const stray of strays) {
            const to = position(readings, stray, from)
            hand(readings, from, to)
            hand([stray], 0, 1)
            from = to
          }
          hand(readings, from, readings.length)
        } else hand(readings, 0, readings.length)
        previous = undefined
        time.settle()
      }

      const release = (watermark: number): void => {
        if (releasing || !(watermark > frontier)) return
        releasing = true
        frontier = watermark
        try {
          while (queue.earliest() < watermark && !subscriber.closed) {
            const current = queue.pop()!
            instants.delete(current.at)
            open(current)
          }
          if (watermark < Infinity && !subscriber.closed) time.advanceBefore(watermark)
        } finally {
          releasing = false
        }
        if (!subscriber.closed && slowest - lateness > frontier) release(slowest - lateness)
      }

      const participant: Participant = {
        ready: false,
        earliest: () => Infinity,
        open: () => undefined,
        close: () => undefined,
        save: () => {
          if (releasing || emitting) throw new Error('inOrder cannot be saved while it emits')
          return {
            sources: [...sources.values()],
            instants: [...instants.values()].map((each) => [each.at, each.others, each.readings, each.strays] as const),
            frontier,
            began,
            early,
          } satisfies Saved
        },
      }

      const restore = (saved: Saved): void => {
        for (const source of saved.sources) sources.set(source.name, source)
        sole = sources.size === 1 ? [...sources.values()][0] : undefined
        for (const [at, others, readings, strays] of saved.instants) Object.assign(instant(at), { others, readings, strays })
        frontier = saved.frontier
        began = saved.began
        early = [...saved.early]
        findSlowest()
      }

      for (const name of options.sources ?? []) join(name)
      const saved = place.join(participant)
      if (saved !== undefined) restore(saved as Saved)

      const guarded = (work: () => void): void => {
        try {
          work()
        } catch (error) {
          subscriber.error(error)
        }
      }

      subscriber.add(() => {
        place.leave()
        queue.clear()
        instants.clear()
        sources.clear()
        early = []
        latest = sole = undefined
      })

      subscribeWithin(subscriber, input, {
        next: (item) => {
          if (emitting) {
            subscriber.error(new Error('inOrder was pushed an item while it hands on another: put observeOn(time) into the loop that feeds it back'))
            return
          }
          try {
            if (item.kind === 'reading') {
              if (inStep(item as unknown as Reading)) return
              arrived(item as unknown as Reading)
            } else if (item.kind === 'tick') tick(item as unknown as Tick)
            else pass(item)
            const watermark = slowest - lateness
            if (watermark > frontier) release(watermark)
          } catch (error) {
            subscriber.error(error)
          }
        },
        error: (error: unknown) => {
          subscriber.error(error)
        },
        complete: () => {
          guarded(() => {
            for (const source of sources.values())
              for (const doubt of source.doubts)
                if (source.max === -Infinity || doubt.reading.time - source.max <= Math.max(2 * source.pause, PATIENCE)) take(source, doubt.reading, doubt.number)
                else tooFar(source, doubt)
            release(Infinity)
            for (const item of early) emit(item)
            if (!subscriber.closed) subscriber.complete()
          })
        },
      })
    })
}

/** What people ask for has the time at which it arrives. */
const isStamped = ({ kind }: Item): boolean => kind === 'command' || kind === 'rules'

/** Where in the sorted readings it belongs, `from` or behind. */
function position(readings: readonly Reading[], reading: Reading, from: number): number {
  let [low, high] = [from, readings.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (total(readings[middle]!, reading) <= 0) low = middle + 1
    else high = middle
  }
  return low
}

function duplicate(reading: Reading): Rejected {
  return { kind: 'rejected', time: reading.time, reason: 'duplicate', detail: `${reading.machine}/${reading.sensor} came twice with the same time and value`, reading }
}

function iso(time: number): string {
  return Math.abs(time) <= 8.64e15 ? new Date(time).toISOString() : String(time)
}
