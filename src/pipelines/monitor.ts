import { filter, identity, pipe } from 'rxjs'
import type { OperatorFunction } from 'rxjs'
import type { Alarm, AlarmGroup, AlarmMeasures, Answer, Input, Item, Nameplate, Output, Reading, Rejected, Rules, RulesChanged, Snapshot, Truth, Verdict } from '../model/index.js'
import {
  adding, addressed, alarmMeasures, alarmPractice, alarmsBehaviour, announce, anomalies, clocks, deadman, debounced, flood, fuseBehaviour, grouped, inhibited, inOrder, instruments, keyed, only, plausible, replacing, sideBySide,
  tumbling, via, vitalsBehaviour,
} from '../operators/index.js'
import type { AlarmMeasuresOptions, AlarmsOptions, Announcement, FloodOptions, GroupedOptions, Inhibition, InOrderOptions, MachineCommand } from '../operators/index.js'
import { nameplatesOf } from '../rules/index.js'
import type { Machines, OwnSignals, Rule } from '../rules/index.js'
import { duration, formatDuration } from '../time/index.js'
import type { Duration, Pipeline, Timeline } from '../time/index.js'

export interface MonitorOptions extends Partial<InOrderOptions>, Pick<AlarmsOptions, 'shelveCap'> {
  /** The machines that are known: for parameters in rules (`$ratedCurrent`), their nameplates for what instruments can plausibly show, and commands to an area. */
  readonly machines?: Machines
  /** Signals of one's own that rules name, those that come while it runs too: `ownSignals([peak.definition])`. */
  readonly signals?: OwnSignals
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
  /** Machines that are missed even where they were never heard of, from the first instant on; those of `machines` that have `expectedSince` are so from then on. */
  readonly expect?: readonly string[]
  /** Alarms that another one on the machine explains are marked, as `inhibited` does; measures, floods and groups leave them out. Left out: none are. */
  readonly inhibitions?: readonly Inhibition[]
  /** `{}`: every hour, how the alarms bear on those who answer them. See `alarmMeasures`; left out: it is not measured. */
  readonly measures?: AlarmMeasuresOptions
  /** `{}`: an alarm `flood` of the machine `plant` (or of what `key` names) where there are more alarms than anybody can answer. It is in no measure, flood or group itself. See `flood`; left out: there is none. */
  readonly flood?: FloodOptions
  /** `{}`: the alarms of each machine, gathered to be told of together. See `grouped`; left out: they are not. */
  readonly groups?: Partial<GroupedOptions>
}

/**
 * The assembled motor pipeline, from readings in any order to alarms: order, plausibility, summaries, snapshots, anomalies, and the alarms of the rules,
 * of the instruments, of what is missing or stuck, and of wrong clocks. The alarms of the rules take commands, and answer them. It is made of the public operators alone; put stages of your own behind it:
 * `(time) => pipe(monitor(rules)(time), adding(mine(time)))`.
 *
 * Its rules are exchanged while it runs by an input `{ kind: 'rules', rules: { rules: [...] } }`: see `alarms`. A checkpoint goes on with those in force in a pipeline made with the same `rules` as before.
 *
 * `inhibitions`, `measures`, `flood` and `groups` ask for what is made of all these alarms for those who answer them.
 * By `runPartitions` they are of the alarms of a partition, as all is: give them a `key` that does not go across partitions.
 *
 * Lateness is 5 seconds where it is not given, and `ahead` as long as that: so one wrong stamp makes no other reading late, unless that is itself behind the latest before it.
 */
export function monitor(rules: readonly Rule[], options: MonitorOptions = {}): Pipeline<Input, Output> {
  const { lateness = '5s', ahead = lateness, machines, nameplates = machines && nameplatesOf(machines), stale = '1m', silent = '2m', shelveCap, recovered } = options
  const known = { ...(machines === undefined ? {} : { machines }), ...(options.signals === undefined ? {} : { signals: options.signals }) }
  const expect = [...(options.expect ?? []), ...expectedOf(machines)]
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
          expect.length === 0 ? perMachine : via(['reading', 'command', 'rules'], perMachine, pipe(only('reading'), deadman(silent, { key: 'machine', expect }, time))),
          announced('announce sensors', recovered, time),
        ),
        perReading,
        pipe(clocks({}, time), announced('announce clocks', recovered, time)),
      ),
      practised(options, time),
    )
  }
}

const expectedOf = (machines: Machines = new Map()): readonly { readonly machine: string; readonly since: number }[] =>
  [...machines.values()].flatMap(({ id, expectedSince }) => (expectedSince === undefined ? [] : [{ machine: id, since: expectedSince }]))

/** What is made of all alarms, for those who answer them. */
function practised({ inhibitions, measures, flood: floods, groups }: MonitorOptions, time: Timeline): OperatorFunction<Output, Output> {
  const made = [
    ...(measures === undefined ? [] : [alarmMeasures(measures, time)]),
    ...(floods === undefined ? [] : [pipe(flood(floods, time), adding<Verdict, [Alarm]>(announce(tooMany(floods), { name: 'announce floods' }, time)))]),
    ...(groups === undefined ? [] : [grouped({ key: 'machine', ...groups }, time)]),
  ] as readonly OperatorFunction<Alarm, AlarmMeasures | Verdict | Alarm | AlarmGroup>[]
  const told = (operator: (typeof made)[number]): OperatorFunction<Output, Output> =>
    via<Alarm, Output>('alarm', inhibitions === undefined ? operator : pipe(filter(({ inhibitedBy }: Alarm) => inhibitedBy === undefined), operator))
  const marked: OperatorFunction<Output, Output> = inhibitions === undefined ? identity : replacing('alarm', inhibited(inhibitions, time))
  return made.length === 0 ? marked : pipe(marked, adding<Output, Output[]>(...made.map(told)))
}

const announced = <In extends Item>(name: string, recovered: Duration | undefined, time: Timeline): OperatorFunction<In, In | Alarm> => {
  const stated = announce(recovered === undefined ? announcement : (verdict) => wellFor(recovered, announcement(verdict)), { name }, time)
  return adding<In, [Alarm]>(via('verdict', recovered === undefined ? stated : pipe(debounced({ on: 0, off: recovered }, time), stated)))
}

/** Of what stands, what would clear it. */
const clearedBy = (truth: Truth, clears: string): Pick<Announcement, 'clears'> => (truth === true ? { clears } : {})

const wellFor = (recovered: Duration, told: Announcement): Announcement =>
  told.clears === undefined ? told : { ...told, clears: `${told.clears}, and all well for ${formatDuration(duration(recovered))}` }

const announcement = (verdict: Verdict): Announcement => {
  const { condition } = verdict
  if (condition === 'clock') return wrongClock(verdict)
  if (condition === 'missing') return silentMachine(verdict)
  const [, what, sensor] = /^(\w+) (.*)$/s.exec(condition) as unknown as readonly [string, string, string]
  return what === 'stuck' ? stuckSensor(verdict, sensor) : missingSensor(verdict, sensor)
}

const tooMany = ({ above, below, within }: FloodOptions) => ({ machine, truth }: Verdict): Announcement => ({
  rule: 'flood',
  severity: 'high',
  class: 'support',
  message: `${machine}: ${truth === true ? `more than ${above ?? alarmPractice.flood.above} alarms within ${formatDuration(duration(within ?? alarmPractice.flood.within))}, too many to answer` : 'the flood of alarms is over'}`,
  ...clearedBy(truth, `fewer than ${below ?? alarmPractice.flood.below} alarms within ${formatDuration(duration(within ?? alarmPractice.flood.within))}`),
})

const missingSensor = ({ machine, truth }: Verdict, sensor: string): Announcement => ({
  rule: `missing-${sensor}`,
  severity: 'low',
  class: 'instrument',
  sensor,
  message: `${machine}: ${sensor} is ${truth === true ? 'missing: nothing was heard of it' : 'back'}`,
  ...clearedBy(truth, `a reading of ${sensor}`),
})

const silentMachine = ({ machine, truth }: Verdict): Announcement => ({
  rule: 'silent',
  severity: 'high',
  class: 'communication',
  message: `${machine} is ${truth === true ? 'silent: nothing was heard of any of its sensors' : 'heard again'}`,
  ...clearedBy(truth, 'a reading of any of its sensors'),
})

const stuckSensor = ({ machine, truth }: Verdict, sensor: string): Announcement => ({
  rule: `stuck-${sensor}`,
  severity: 'low',
  class: 'instrument',
  sensor,
  message: `${machine}: ${sensor} ${truth === true ? 'shows the very same value all the time: stuck?' : 'moves again'}`,
  ...clearedBy(truth, `another value of ${sensor}`),
})

const wrongClock = ({ machine, truth, margin }: Verdict): Announcement => ({
  rule: 'clock',
  severity: 'medium',
  class: 'communication',
  message:
    truth === true
      ? `${machine}: its clock is wrong by ${formatDuration(Math.abs(margin))} or more (${margin < 0 ? 'behind' : 'ahead'}), and its readings are rejected`
      : `${machine}: its clock is right again`,
  ...clearedBy(truth, 'a reading that is stamped with the time'),
})
