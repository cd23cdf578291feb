import * as E from 'fp-ts/lib/Either.js'
import type { OperatorFunction, SchedulerLike } from 'rxjs'
import type { Alarm, Reading, Rules, Severity } from '../model/index.js'
import { standardSensors } from '../model/index.js'
import { limitsOf, readRules } from '../rules/index.js'
import type { Limit, Machine, Machines, OwnSignals, Rule } from '../rules/index.js'
import { duration, formatDuration } from '../time/index.js'
import type { Duration } from '../time/index.js'
import { alarmTransition } from './alarm-transition.js'
import type { AlarmFacts } from './alarm-transition.js'
import type { Behaviour } from './behaviour.js'
import { keyed } from './keyed.js'

export interface InstrumentsOptions {
  /** The alarm is cleared this long after the first good reading behind the last suspect one; left out: 1 minute. */
  readonly offDelay?: Duration
  /** For limits that are parameters, `$ratedCurrent * 1.1`. */
  readonly machines?: Machines
  /** That rules which come while it runs may name. */
  readonly signals?: OwnSignals
}

interface InstrumentState {
  wakeAt: number
  machine: string
  sensor: string
  value: number
  /** NaN: not raised. */
  suspectAt: number
  checkAt: number
  severity: Severity
}

const SEVERITIES: readonly Severity[] = ['low', 'medium', 'high', 'critical']

/** See `instruments`. */
export function instrumentsBehaviour(rules: readonly Rule[], options: InstrumentsOptions = {}): Behaviour<Reading | Rules, Alarm, InstrumentState> {
  const offDelay = duration(options.offDelay ?? '1m')
  const limitsFor = (known?: Machine): readonly (Limit & Pick<Rule, 'machines'>)[] =>
    rules
      .flatMap((rule) => limitsOf(rule, known).map((limit) => ({ ...limit, ...(rule.machines === undefined ? {} : { machines: rule.machines }) })))
      .sort((a, b) => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity))
  const common = limitsFor()
  /** The most severe limit that the value lies beyond. Suspect readings are rare: a register's limits are looked up as they come. */
  const beyond = ({ machine, sensor, value }: Pick<Reading, 'machine' | 'sensor' | 'value'>): Limit | undefined =>
    (options.machines?.has(machine) === true ? limitsFor(options.machines.get(machine)) : common).find((limit) => limit.sensor === sensor && (value > limit.high || value < limit.low) && limit.machines?.includes(machine) !== false)
  const facts = (state: InstrumentState, became: 'raised' | 'cleared', raisedAt: number, more: Pick<AlarmFacts, 'rule' | 'severity' | 'class' | 'message' | 'limit'>): AlarmFacts => {
    const unit = standardSensors.get(state.sensor)?.unit
    // Cleared: good since the delay began, which is over just now.
    const since = became === 'raised' ? { since: raisedAt, clears: `${state.sensor} plausible for ${formatDuration(offDelay)}` } : { since: state.wakeAt - offDelay }
    return { ...more, raisedAt, sensor: state.sensor, value: state.value, ...(unit === undefined ? {} : { unit }), ...since }
  }
  const reads = ({ machine, sensor, value }: InstrumentState): string =>
    `${machine}: ${sensor} reads ${Number(value.toPrecision(6))} ${standardSensors.get(sensor)?.unit ?? ''}`.trimEnd()
  const suspect = (state: InstrumentState, became: 'raised' | 'cleared'): AlarmFacts =>
    facts(state, became, state.suspectAt, {
      rule: `suspect-${state.sensor}`,
      severity: 'medium',
      class: 'instrument',
      message: became === 'raised' ? `${reads(state)}, which its instrument cannot show: sensor suspect` : `${reads(state)}: plausible again`,
      limit: NaN,
    })
  const check = (state: InstrumentState, became: 'raised' | 'cleared'): AlarmFacts => {
    const limit = beyond(state)
    return facts(state, became, state.checkAt, {
      rule: `check-${state.sensor}`,
      severity: state.severity,
      class: 'instrument',
      message: became === 'raised' ? `${reads(state)}, implausible and beyond a limit: machine or sensor: check` : `${reads(state)}: plausible again`,
      limit: limit === undefined ? NaN : state.value > limit.high ? limit.high : limit.low,
    })
  }
  return {
    name: 'instruments',
    version: 1,
    exchange: {
      made: rules,
      make: (made) => instrumentsBehaviour(made as readonly Rule[], options),
      next(item) {
        if (item.kind !== 'rules') return undefined
        const other = readRules(item.rules, options.signals)
        return E.isLeft(other) ? {} : { behaviour: instrumentsBehaviour(other.right, options) }
      },
    },
    start: () => ({ wakeAt: Infinity, machine: '', sensor: '', value: NaN, suspectAt: NaN, checkAt: NaN, severity: 'medium' }),
    next(state, reading: Reading, now, emit) {
      if (reading.quality === 'good') {
        if (state.wakeAt === Infinity && !Number.isNaN(state.suspectAt)) {
          state.wakeAt = now + offDelay
          state.value = reading.value
        }
        return
      }
      state.machine = reading.machine
      state.sensor = reading.sensor
      state.value = reading.value
      state.wakeAt = Infinity
      if (Number.isNaN(state.suspectAt)) {
        state.suspectAt = now
        emit(alarmTransition(state.machine, 'raised', now, suspect(state, 'raised')))
      }
      const limit = Number.isNaN(state.checkAt) ? beyond(reading) : undefined
      if (limit !== undefined) {
        state.checkAt = now
        state.severity = limit.severity
        emit(alarmTransition(state.machine, 'raised', now, check(state, 'raised')))
      }
    },
    wake(state, due, emit, closing) {
      if (!closing) return true
      emit(alarmTransition(state.machine, 'cleared', due, suspect(state, 'cleared')))
      if (!Number.isNaN(state.checkAt)) emit(alarmTransition(state.machine, 'cleared', due, check(state, 'cleared')))
      state.suspectAt = state.checkAt = NaN
      state.wakeAt = Infinity
      return false
    },
    idle: ({ suspectAt }) => Number.isNaN(suspectAt),
    indifferent: ({ quality }: Reading) => quality === 'good',
  }
}

/**
 * Alarms for suspect readings, one a series: the instrument shows what it cannot. Where the value also lies beyond a limit of a rule, on the dangerous side,
 * a second alarm says 'machine or sensor: check', so that a machine that fails beyond its instruments does not go silent. It has the severity of that rule
 * (of several, the highest), and stands as long as the first: both are cleared in one instant. A suspect reading at that very moment keeps them.
 * They take no commands: unacknowledged while they stand, and normal as soon as they are cleared.
 *
 * Other rules (`{ kind: 'rules', ... }`) are followed from their instant on; what stands, stands until its instrument shows again what it can. A document that is no good is passed over here: `alarms` tells of it.
 *
 * @example
 * instruments([], { offDelay: 3 }, time)
 * // in:  g-s-g-s-g-----|   g: good, s: suspect
 * // out: --r--------c--|   r: raised, c: cleared
 */
export function instruments(rules: readonly Rule[], options: InstrumentsOptions = {}, time?: SchedulerLike): OperatorFunction<Reading | Rules, Alarm> {
  return keyed(instrumentsBehaviour(rules, options), { key: 'series' }, time)
}
