import type { OperatorFunction, SchedulerLike } from 'rxjs'
import type { Alarm, AlarmState, Item, Reading } from '../model/index.js'
import { heldFor, judge, not, unitOf } from '../rules/index.js'
import { message } from '../rules/message.js'
import type { Frame, JudgeOptions, Judgement, Rule } from '../rules/index.js'
import { duration } from '../time/index.js'
import type { Duration } from '../time/index.js'
import { alarmTransition } from './alarm-transition.js'
import type { Behaviour } from './behaviour.js'
import { hear, staleness } from './hear.js'
import { keyed } from './keyed.js'
import { signature } from './signature.js'
import { via } from './via.js'

export interface AlarmsOptions extends JudgeOptions {
  /** A sensor's last value is unknown after this long; left out: 1 minute. `Infinity`: never. */
  readonly stale?: Duration
  /** Names its state in a checkpoint; left out: `alarms`. */
  readonly name?: string
}

interface AlarmsState extends Frame {
  wakeAt: number
  staleAt: number
  /** When each rule's alarm was raised; NaN: it is not. */
  readonly raisedAt: number[]
}

interface Ready {
  readonly rule: Rule
  readonly raise: Judgement
  readonly clear: Judgement
  readonly machines: ReadonlySet<string> | undefined
}

/** See `alarms`. */
export function alarmsBehaviour(rules: readonly Rule[], options: AlarmsOptions = {}): Behaviour<Reading, Alarm, AlarmsState> {
  const ids = new Set(rules.map(({ id }) => id))
  if (ids.size < rules.length) throw new RangeError(`rule ids must differ: ${rules.map(({ id }) => id).join(', ')}`)
  const stale = duration(options.stale ?? '1m')
  const judged = judge(stale, options)
  const { sensors, add, frame } = judged
  const ready = rules.map(
    (rule): Ready => ({
      rule,
      raise: add(heldFor(rule.onDelay ?? 0, rule.when)),
      clear: add(heldFor(rule.offDelay ?? 0, rule.clear ?? not(rule.when))),
      machines: rule.machines === undefined ? undefined : new Set(rule.machines),
    }),
  )
  const facts = ({ rule }: Ready, machine: string, state: AlarmState, judgement: Judgement, raisedAt: number): Parameters<typeof alarmTransition>[3] => {
    const deciding = judgement.deciding()
    const unit = unitOf(deciding.signal)
    return {
      rule: rule.id,
      severity: rule.severity,
      class: rule.class,
      message: message(rule, machine, deciding, state),
      raisedAt,
      ...(typeof deciding.signal === 'string' ? { sensor: deciding.signal } : {}),
      value: deciding.value,
      limit: deciding.limit,
      ...(unit === undefined ? {} : { unit }),
    }
  }
  return {
    name: options.name ?? 'alarms',
    version: signature(rules),
    start: (machine, now) => ({ wakeAt: Infinity, staleAt: Infinity, raisedAt: rules.map(() => NaN), ...frame(machine, now) }),
    next(state, reading, now) {
      const index = sensors.get(reading.sensor)
      if (index === undefined && !judged.hearsAll) return
      hear(state, index, reading, now, stale)
    },
    wake(state, due, emit, closing) {
      if (!closing) return true
      let wakeAt = (state.staleAt = staleness(state, due, stale))
      for (let i = 0; i < ready.length; i++) {
        const each = ready[i]!
        const { raise, clear, machines } = each
        if (machines !== undefined && !machines.has(state.machine)) continue
        const raisedAt = state.raisedAt[i]!
        const raised = raisedAt === raisedAt
        if (!raised || raise.lasting) raise.judge(state, due)
        if (raised || clear.lasting) clear.judge(state, due)
        if (!raised) {
          if (raise.truth === 1) {
            state.raisedAt[i] = due
            emit(alarmTransition(state.machine, 'raised', due, facts(each, state.machine, 'raised', raise, due)))
          }
        } else if (clear.truth === 1) {
          state.raisedAt[i] = NaN
          emit(alarmTransition(state.machine, 'cleared', due, facts(each, state.machine, 'cleared', clear, raisedAt)))
        }
        if (raise.wakeAt < wakeAt) wakeAt = raise.wakeAt
        if (clear.wakeAt < wakeAt) wakeAt = clear.wakeAt
      }
      state.wakeAt = wakeAt
      return false
    },
    indifferent: ({ sensor }) => !judged.hearsAll && !sensors.has(sensor),
    ...(stale < Infinity && !judged.remembers ? { idle: ({ wakeAt, staleAt, raisedAt }: AlarmsState) => wakeAt === Infinity && staleAt === Infinity && raisedAt.every(Number.isNaN) } : {}),
  }
}

/**
 * Judges rules for each machine, once an instant, when all its readings of that instant are in, and at the very moment at which a delay is over or a value goes stale;
 * and emits their alarms as they are raised and cleared.
 *
 * An alarm is raised when `when` has held for `onDelay`, and cleared when `clear` (left out: that `when` does not hold) is known to have held for `offDelay`;
 * while it stands, only `clear` counts. While a condition is unknown (no reading yet, stale, suspect) a standing alarm stands and delays start again.
 * What is due at a moment is judged when the readings of that moment are in. Several rules are told of in the order in which they stand here.
 * Each transition has an id that is the same on every replay. The end of the data says nothing: what stands, stands.
 * Of what flows it takes the readings. A checkpoint that was taken with other rules is refused. Throws a `RangeError` where two rules have the same id.
 *
 * @example
 * alarms([rule({ id: 'hot', when: above('temperature_coil', 120), onDelay: 3 })], {}, time)
 * // in:  a-b-----a---|   a: 120, b: 121
 * // out: -----r--c---|   r: raised, c: cleared
 */
export function alarms(rules: readonly Rule[], options: AlarmsOptions = {}, time?: SchedulerLike): OperatorFunction<Item, Alarm> {
  return via('reading', keyed(alarmsBehaviour(rules, options), { key: 'machine' }, time))
}
