import { pipe } from 'rxjs'
import type { OperatorFunction } from 'rxjs'
import type { Alarm, Answer, Input, Item, Nameplate, Output, Reading, Rejected, Rules, RulesChanged, Snapshot, Verdict } from '../model/index.js'
import {
  adding, addressed, alarmsBehaviour, announce, anomalies, clocks, deadman, debounced, fuseBehaviour, inOrder, instruments, keyed, only, plausible, sideBySide, tumbling, via, vitalsBehaviour,
} from '../operators/index.js'
import type { AlarmsOptions, Announcement, InOrderOptions, MachineCommand } from '../operators/index.js'
import type { Machines, Rule } from '../rules/index.js'
import { formatDuration } from '../time/index.js'
import type { Duration, Pipeline, Timeline } from '../time/index.js'

export interface MonitorOptions extends Partial<InOrderOptions>, Pick<AlarmsOptions, 'shelveCap'> {
  /** The machines that are known: for parameters in rules (`$ratedCurrent`), their nameplates for what instruments can plausibly show, and commands to an area. */
  readonly machines?: Machines
  /** By machine: they widen what its instruments can plausibly show. Left out: those of `machines`. */
  readonly nameplates?: ReadonlyMap<string, Nameplate>
  /** Of the summaries of each series; left out: 1 minute. */
  readonly window?: Duration
  /** A sensor's last value is unknown after this long; left out: 1 minute. */
  readonly stale?: Duration
  /** A sensor that is not heard of for this long is missing; left out: 2 minutes. */
  readonly silent?: Duration
  /** A sensor that shows the very same value for this long is stuck; left out: 10 minutes. */
  readonly stuck?: Duration
  /** What was missing or stuck, and a clock that was wrong, must be well for this long before its alarm is cleared: so a loose contact is one alarm. Left out: it is cleared at once. */
  readonly recovered?: Duration
  /** Machines that are missed even where they were never heard of. */
  readonly expect?: readonly string[]
}

/**
 * The assembled motor pipeline, from readings in any order to alarms: order, plausibility, summaries, snapshots, anomalies, and the alarms of the rules,
 * of the instruments, of what is missing or stuck, and of wrong clocks. The alarms of the rules take commands, and answer them. It is made of the public operators alone; put stages of your own behind it:
 * `(time) => pipe(monitor(rules)(time), adding(mine(time)))`.
 *
 * Its rules are exchanged while it runs by an input `{ kind: 'rules', rules: { rules: [...] } }`: see `alarms`. A checkpoint goes on with those in force in a pipeline made with the same `rules` as before.
 *
 * Lateness is 5 seconds where it is not given, and `ahead` as long as that: so one wrong stamp makes no other reading late, unless that is itself behind the latest before it.
 */
export function monitor(rules: readonly Rule[], options: MonitorOptions = {}): Pipeline<Input, Output> {
  const { lateness = '5s', ahead = lateness, machines, nameplates = nameplatesOf(machines), stale = '1m', silent = '2m', shelveCap, recovered, expect } = options
  const known = machines === undefined ? {} : { machines }
  const ofMachine = sideBySide<Reading | MachineCommand | Rules, Snapshot | Alarm | Answer | RulesChanged | Rejected | Verdict>(
    fuseBehaviour({ stale }),
    alarmsBehaviour(rules, { stale, ...known, ...(shelveCap === undefined ? {} : { shelveCap }) }),
    vitalsBehaviour({ silent, ...(options.stuck === undefined ? {} : { stuck: options.stuck }) }),
  )
  return (time) => {
    const summaries = via('reading', tumbling(options.window ?? '1m', { key: 'series' }, time))
    const perMachine = pipe(addressed(known), keyed(ofMachine, { key: 'machine', name: 'machine' }, time))
    const perReading = via(['reading', 'rules'], instruments(rules, known, time), anomalies(rules, known, time))
    return pipe(
      inOrder<Input>({ ...options, lateness, ahead }, time),
      plausible<Input>(nameplates === undefined ? {} : { nameplates }),
      adding(
        summaries,
        pipe(
          expect === undefined ? perMachine : via(['reading', 'command', 'rules'], perMachine, pipe(only('reading'), deadman(silent, { key: 'machine', expect }, time))),
          announced('announce sensors', recovered, time),
        ),
        perReading,
        pipe(clocks({}, time), announced('announce clocks', recovered, time)),
      ),
    )
  }
}

const nameplatesOf = (machines?: Machines): ReadonlyMap<string, Nameplate> | undefined =>
  machines && new Map([...machines.values()].flatMap(({ id, nameplate }) => (nameplate === undefined ? [] : [[id, nameplate] as const])))

const announced = <In extends Item>(name: string, recovered: Duration | undefined, time: Timeline): OperatorFunction<In, In | Alarm> => {
  const stated = announce(announcement, { name }, time)
  return adding<In, [Alarm]>(via('verdict', recovered === undefined ? stated : pipe(debounced({ on: 0, off: recovered }, time), stated)))
}

const announcement = (verdict: Verdict): Announcement => {
  const { condition } = verdict
  if (condition === 'clock') return wrongClock(verdict)
  if (condition === 'missing') return silentMachine(verdict)
  const [, what, sensor] = /^(\w+) (.*)$/s.exec(condition) as unknown as readonly [string, string, string]
  return what === 'stuck' ? stuckSensor(verdict, sensor) : missingSensor(verdict, sensor)
}

const missingSensor = ({ machine, truth }: Verdict, sensor: string): Announcement => ({
  rule: `missing-${sensor}`,
  severity: 'low',
  class: 'instrument',
  sensor,
  message: `${machine}: ${sensor} is ${truth === true ? 'missing: nothing was heard of it' : 'back'}`,
})

const silentMachine = ({ machine, truth }: Verdict): Announcement => ({
  rule: 'silent',
  severity: 'high',
  class: 'communication',
  message: `${machine} is ${truth === true ? 'silent: nothing was heard of any of its sensors' : 'heard again'}`,
})

const stuckSensor = ({ machine, truth }: Verdict, sensor: string): Announcement => ({
  rule: `stuck-${sensor}`,
  severity: 'low',
  class: 'instrument',
  sensor,
  message: `${machine}: ${sensor} ${truth === true ? 'shows the very same value all the time: stuck?' : 'moves again'}`,
})

const wrongClock = ({ machine, truth, margin }: Verdict): Announcement => ({
  rule: 'clock',
  severity: 'medium',
  class: 'communication',
  message:
    truth === true
      ? `${machine}: its clock is wrong by ${formatDuration(Math.abs(margin))} or more (${margin < 0 ? 'behind' : 'ahead'}), and its readings are rejected`
      : `${machine}: its clock is right again`,
})
