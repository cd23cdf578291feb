import { Subscription } from 'rxjs'
import type { SchedulerAction, SchedulerLike } from 'rxjs'
import { decodeSave, encodeSave } from '../model/save.js'
import { timerQueue } from './timer-queue.js'
import type { QueueEntry, TimerQueue } from './timer-queue.js'

/** What an operator shows to its timeline while it is subscribed. */
export interface Participant {
  /** No timer of it is due before this; Infinity: it has none. */
  earliest(): number
  /** Runs what is due at `now`, opening the instant. */
  open(now: number): void
  /** It asked to be run at the end of this instant. */
  ready: boolean
  /** Runs that, closing the instant, and sets `ready` to false first. */
  close(now: number): void
  /** Plain data, taken between two instants. */
  save(): unknown
}

/** Where an operator stands in its pipeline: fixed where it is wired, upstream before downstream. */
export interface Place {
  readonly name: string
  readonly rank: number
  /** Joins on subscription; returns what was saved of it, once. */
  join(participant: Participant): unknown
  leave(): void
  /** A timer was set for this time: it is due in its turn. */
  wake(at: number): void
  /** The participant became `ready`. */
  ready(): void
}

interface Saved {
  readonly now: number
  readonly operators: ReadonlyMap<string, { readonly version: number; readonly data: unknown }>
}

const TURNS = 1_000_000

/**
 * Event time as an RxJS scheduler: `now()` is the data's own time, and stands still until someone moves it.
 *
 * Give it to any operator in the place of a scheduler. `inOrder` moves it; so may you, with `advance`, `settle` and `advanceBefore`.
 * An *instant* opens with the timers due at it (downstream operators first), then come its values, then it closes:
 * what asked to run 'at the end of this instant' runs (upstream operators first) until nothing is left.
 * RxJS's own timers run after those of motorwatch's operators; those of the same time in the order in which they were set.
 *
 * Before the first instant `now()` is -Infinity, and a timer waits: it counts from the first instant.
 * (One that is set for a `Date` before then never rings: RxJS makes a delay of it, which is infinite from there.)
 *
 * What a timer throws comes out of whatever moved the time: `inOrder` makes it an error of its pipeline.
 *
 * @param saved what `save()` returned. Operators that are wired to this timeline under the same names go on from there.
 *   Throws where it is foreign, truncated, damaged or of a newer format.
 */
export class Timeline implements SchedulerLike {
  /** Begins as null and not as a number, so that the engine keeps it boxed: it is handed on with every reading, and would be boxed anew each time. */
  #now: number = null as unknown as number
  #bound = Infinity
  #restless = false
  #running = false
  #moving = false
  #sequence = 0
  readonly #places: OwnPlace[] = []
  readonly #names = new Set<string>()
  readonly #saved = new Map<string, { readonly version: number; readonly data: unknown }>()
  readonly #timers = actionQueue()
  readonly #soon = actionQueue()
  readonly #before = actionQueue()
  readonly #put = (action: TimelineAction<unknown>, delay: number): void => {
    action.queue?.remove(action)
    action.sequence = this.#sequence++
    if (delay === Infinity) return
    if (this.#now === -Infinity) return enqueue(action, this.#before, delay > 0 ? delay : 0)
    const at = this.#now + delay
    if (at > this.#now) {
      enqueue(action, this.#timers, at)
      this.#bound = Math.min(this.#bound, at)
    } else {
      enqueue(action, this.#soon, 0)
      this.#restless = true
    }
  }

  constructor(saved?: Uint8Array) {
    this.#now = -Infinity
    if (saved === undefined) return
    const content = decodeSave(saved)
    if (!isSaved(content)) throw new Error('not a save of a timeline, though one of motorwatch: expected what Timeline.save() returned')
    this.#now = content.now
    this.#saved = new Map(content.operators)
  }

  /** Epoch milliseconds of the instant that is, or was last, open; -Infinity before the first. An arrow, so that it can be handed on. */
  readonly now = (): number => this.#now

  /**
   * RxJS's `SchedulerLike`. Without a delay, or with one that is not above 0: at the end of the instant.
   */
  schedule<T>(work: (this: SchedulerAction<T>, state?: T) => void, delay = 0, state?: T): Subscription {
    return new TimelineAction(this.#put as ActionPut<T>, work).schedule(state, delay)
  }

  /**
   * Closes the instant that is open, runs all that is due before `to`, instant by instant, and opens `to`.
   * Throws a `RangeError` where `to` is earlier than now, or not finite; an `Error` where a timer that this runs moves the time itself.
   */
  advance(to: number): void {
    if (!(to >= this.#now)) throw new RangeError(`time cannot go back from ${this.#now} to ${to}`)
    if (to === this.#now) return
    if (to === Infinity) throw new RangeError('time can be moved to a finite time only, not to Infinity: drain() runs what is left')
    if (this.#moving) throw new Error(`a timer cannot move the time that runs it, here from ${this.#now} to ${to}`)
    if (this.#now === -Infinity) this.#begin(to)
    else this.#run(to, true)
    if (to > this.#now) this.#now = to
  }

  /** Closes the instant that is open and runs all that is due before `to`, but does not come to `to` itself. Throws as `advance` does. */
  advanceBefore(to: number): void {
    if (this.#now === -Infinity || !(to > this.#now)) return
    if (to === Infinity) throw new RangeError('time can be moved to a finite time only, not to Infinity: drain() runs what is left')
    if (this.#moving) throw new Error(`a timer cannot move the time that runs it, here from ${this.#now} to ${to}`)
    this.#run(to, false)
  }

  /** Closes the instant that is open: runs all that waits for its end, until none is left. */
  settle(): void {
    if (!this.#restless) return
    const nested = this.#running
    this.#running = true
    try {
      this.#close()
    } finally {
      this.#running = nested
    }
  }

  #close(): void {
    let turns = 0
    while (this.#restless) {
      this.#restless = false
      for (let rank = 0; rank < this.#places.length; ) {
        const participant = this.#places[rank]!.participant
        if (participant?.ready === true) {
          if (++turns > TURNS) throw new Error(`'${this.#places[rank]!.name}' asks for the end of one instant again and again: time cannot go on`)
          participant.close(this.#now)
          rank = 0
        } else rank++
      }
      const action = this.#soon.pop()
      if (action !== undefined) {
        this.#restless = true
        if (++turns > TURNS) throw new Error('a timer without a delay is set again and again within one instant: time cannot go on')
        action.execute()
      }
    }
  }

  /**
   * The data have ended: RxJS's own timers that are still set run, each at its time, until none is left.
   * (Timers of motorwatch's operators went with their operators.) Where there was no instant at all, they count from 0.
   * Throws where they never end.
   */
  drain(): void {
    const running = this.#running
    const moving = this.#moving
    this.#running = this.#moving = true
    try {
      for (let turn = 0; ; turn++) {
        if (turn > TURNS) throw new Error('timers are still being set after the end of the data: end them with takeUntil, or take')
        if (this.#now === -Infinity && this.#before.size() > 0) this.#begin(0)
        this.settle()
        const due = this.#earliest()
        if (due === Infinity) return
        this.#now = due
        this.#open()
      }
    } finally {
      this.#running = running
      this.#moving = moving
    }
  }

  /**
   * Gives an operator its place. Called where it is wired, in the order of the pipeline.
   * @param name names its state in a save. One that is given twice gets `#2`, `#3`, ... in the order of wiring.
   */
  place(name: string, version: number): Place {
    let free = name
    for (let n = 2; this.#names.has(free); n++) free = `${name}#${n}`
    const rank = this.#places.length
    const place: OwnPlace = {
      name: free,
      rank,
      version,
      participant: undefined,
      join: (participant) => {
        if (place.participant !== undefined)
          throw new Error(`'${free}' was wired once and is subscribed twice: put share() behind it, or call the operator once for each branch`)
        const saved = this.#claim(free, version)
        place.participant = participant
        return saved
      },
      leave: () => {
        place.participant = undefined
      },
      wake: (at) => {
        if (at < this.#bound) this.#bound = at
      },
      ready: () => {
        this.#restless = true
      },
    }
    this.#places.push(place)
    this.#names.add(free)
    return place
  }

  /** The state of everything that stands on this timeline. Throws in the middle of an instant, and where RxJS's own timers are set: they cannot be saved. */
  save(): Uint8Array {
    const waiting = this.#soon.size() > 0 || this.#places.some(({ participant }) => participant?.ready === true)
    if (this.#running || waiting) throw new Error('a timeline is saved between two instants, not in the middle of one')
    const foreign = this.#timers.size() + this.#before.size()
    if (foreign > 0)
      throw new Error(
        `${foreign} timer(s) of RxJS's own operators are set, and those cannot be saved: use motorwatch's operators in a pipeline with checkpoints`,
      )
    const operators = new Map(this.#saved)
    for (const place of this.#places) if (place.participant !== undefined) operators.set(place.name, { version: place.version, data: place.participant.save() })
    return encodeSave({ now: this.#now, operators } satisfies Saved)
  }

  /** Names whose state was in the save and which no operator has claimed. It is kept, and is in the next save too. */
  unclaimed(): readonly string[] {
    return [...this.#saved.keys()]
  }

  /** The number of timers that are set, for tests that nothing stays. */
  pending(): number {
    let count = this.#timers.size() + this.#before.size() + this.#soon.size()
    for (const { participant } of this.#places) if (participant !== undefined && (participant.ready || participant.earliest() < Infinity)) count++
    return count
  }

  #begin(to: number): void {
    this.#now = to
    for (let action = this.#before.pop(); action !== undefined; action = this.#before.pop()) {
      enqueue(action, this.#timers, to + action.at)
      this.#bound = Math.min(this.#bound, action.at)
    }
    const running = this.#running
    const moving = this.#moving
    this.#running = this.#moving = true
    try {
      this.#open()
    } finally {
      this.#running = running
      this.#moving = moving
    }
  }

  #run(to: number, inclusive: boolean): void {
    const running = this.#running
    this.#running = this.#moving = true
    try {
      for (;;) {
        this.settle()
        if (this.#bound > to) return
        const due = this.#earliest()
        if (due > to || (due === to && !inclusive)) return
        this.#now = due
        this.#open()
        if (due === to) return
      }
    } finally {
      this.#running = running
      this.#moving = false
    }
  }

  #earliest(): number {
    let bound = this.#timers.earliest()
    for (const { participant } of this.#places) if (participant !== undefined) bound = Math.min(bound, participant.earliest())
    this.#bound = bound
    return bound
  }

  #open(): void {
    const now = this.#now
    for (let rank = this.#places.length - 1; rank >= 0; rank--) {
      const participant = this.#places[rank]!.participant
      if (participant !== undefined && participant.earliest() <= now) participant.open(now)
    }
    while (this.#timers.earliest() <= now) this.#timers.pop()!.execute()
  }

  #claim(name: string, version: number): unknown {
    const saved = this.#saved.get(name)
    if (saved === undefined) return undefined
    if (saved.version !== version)
      throw new Error(
        `the saved state of '${name}' has version ${saved.version}, this operator has version ${version}: it was made of something else (other rules, say); start without the save, or run what wrote it`,
      )
    this.#saved.delete(name)
    return saved.data
  }
}

type ActionPut<T> = (action: TimelineAction<T>, delay: number) => void

type ActionQueue = TimerQueue<TimelineAction<unknown>>

const actionQueue = (): ActionQueue => timerQueue((a, b) => a.sequence - b.sequence)

const enqueue = (action: TimelineAction<unknown>, queue: ActionQueue, at: number): void => {
  action.queue = queue
  queue.put(action, at)
}

const isSaved = (content: unknown): content is Saved => {
  if (typeof content !== 'object' || content === null) return false
  const { now, operators } = content as Partial<Record<keyof Saved, unknown>>
  return typeof now === 'number' && operators instanceof Map
}

interface OwnPlace extends Place {
  readonly version: number
  participant: Participant | undefined
}

class TimelineAction<T> extends Subscription implements SchedulerAction<T>, QueueEntry {
  at = 0
  place = -1
  sequence = 0
  /** The queue it was put into last. */
  queue: ActionQueue | undefined
  #state: T | undefined
  readonly #put: ActionPut<T>
  readonly #work: (this: SchedulerAction<T>, state?: T) => void

  constructor(put: ActionPut<T>, work: (this: SchedulerAction<T>, state?: T) => void) {
    super()
    this.#put = put
    this.#work = work
  }

  /** Like RxJS's own actions, one action is one timer: setting it again moves it. */
  schedule(state?: T, delay = 0): Subscription {
    if (this.closed) return this
    this.#state = state
    this.#put(this, delay)
    return this
  }

  execute(): void {
    if (this.closed) return
    try {
      this.#work.call(this, this.#state)
    } catch (error) {
      this.unsubscribe()
      throw error
    }
  }

  override unsubscribe(): void {
    if (this.closed) return
    this.queue?.remove(this as TimelineAction<unknown>)
    super.unsubscribe()
  }
}
