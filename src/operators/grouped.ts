import type { OperatorFunction, SchedulerLike } from 'rxjs'
import type { Alarm, AlarmGroup } from '../model/index.js'
import { duration } from '../time/index.js'
import type { Duration } from '../time/index.js'
import type { Behaviour } from './behaviour.js'
import { byTime, endsOccurrence } from './occurrence.js'
import type { Key } from './key.js'
import { keyed } from './keyed.js'

/** Times that are left out are those of Alertmanager. */
export interface GroupedOptions {
  /** What is told of together: the alarms of a machine, of an area, of a rule. */
  readonly key: Key<Alarm>
  /** How long a new group waits for what comes along with its first alarm; left out: 30 seconds. */
  readonly wait?: Duration
  /** How long a group that was told of waits before it is told of again; left out: 5 minutes. */
  readonly interval?: Duration
  /** Names its state in a checkpoint; left out: `grouped`. */
  readonly name?: string
}

interface Group {
  wakeAt: number
  readonly key: string
  /** The raises of what stands. */
  readonly open: Map<string, Alarm>
  raised: Alarm[]
  cleared: Alarm[]
}

/**
 * Gathers alarms in groups, to tell people of many at once, as Alertmanager does: a group is told of 30 seconds (`wait`) after its first alarm, and from then on every 5 minutes (`interval`)
 * where anything was raised or has ended since; with all that stands. When nothing of it stands any more, and that was told, it is forgotten, and begins anew with its next alarm.
 *
 * A raise counts, and what `cleared` or `closed` says is an end; other transitions are passed by, and so is the end of an occurrence whose raise was not seen.
 * What is raised and ends between two times is in both lists (Alertmanager leaves it out). What comes just when a group is told of is told with it,
 * and the order within an instant does not matter, but for that of one occurrence. When the data end, what was not told yet goes out.
 *
 * Throws a `RangeError` where `interval` is 0.
 *
 * @example
 * const [on, off] = [reading('m', 'current', 9), reading('m', 'current', 0)]
 * marbles((time) => pipe(alarms([rule({ id: 'high', when: above('current', 5) })], {}, time), via('alarm', grouped({ key: 'machine', wait: 3, interval: 5 }, time)),
 *   map(({ alarms, raised, cleared }) => [alarms, raised, cleared].map(({ length }) => length).join(' '))))
 *   .of('a----b----------a---|', { a: on, b: off })
 *   .gives('---t----c----------t|', { t: '1 1 0', c: '0 0 1' })
 * @example
 * // what is to be told, without what a phase loss explains
 * const inhibitions: readonly Inhibition[] = [{ source: { rule: 'phase-loss' }, targets: [{ rule: 'high' }], within: '5s' }]
 * via('alarm', pipe(inhibited(inhibitions, time), filter(({ inhibitedBy }) => inhibitedBy === undefined), grouped({ key: 'machine' }, time)))
 */
export function grouped(options: GroupedOptions, time?: SchedulerLike): OperatorFunction<Alarm, AlarmGroup> {
  const wait = duration(options.wait ?? '30s')
  const interval = duration(options.interval ?? '5m')
  if (interval === 0) throw new RangeError(`interval: got ${JSON.stringify(options.interval)}, expected a duration above 0`)

  const tell = (state: Group, now: number, emit: (group: AlarmGroup) => void): void => {
    if (state.raised.length === 0 && state.cleared.length === 0) return
    emit({ kind: 'alarm-group', time: now, key: state.key, alarms: [...state.open.values()].sort(byTime), raised: state.raised.sort(byTime), cleared: state.cleared.sort(byTime) })
    state.raised = []
    state.cleared = []
  }

  const behaviour: Behaviour<Alarm, AlarmGroup, Group> = {
    name: 'grouped',
    version: 1,
    start: (key) => ({ wakeAt: Infinity, key, open: new Map(), raised: [], cleared: [] }),
    next(state, alarm, now) {
      const { occurrence } = alarm
      if (alarm.state === 'raised') {
        if (state.open.has(occurrence)) return
        state.open.set(occurrence, alarm)
        state.raised.push(alarm)
        if (state.wakeAt === Infinity) state.wakeAt = now + wait
      } else if (endsOccurrence(alarm) && state.open.delete(occurrence)) state.cleared.push(alarm)
    },
    wake(state, due, emit, closing) {
      if (!closing) return true
      tell(state, due, emit)
      state.wakeAt = state.open.size > 0 ? due + interval : Infinity
      return false
    },
    end: tell,
    indifferent: ({ state }) => state !== 'raised',
    idle: ({ wakeAt }) => wakeAt === Infinity,
  }
  return keyed(behaviour, options, time)
}
