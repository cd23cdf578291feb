import fc from 'fast-check'
import { map, pipe } from 'rxjs'
import type { OperatorFunction } from 'rxjs'
import type { Alarm, Command, Input, Item, Output, Reading, Rules, Verdict } from '../../src/model/index.js'
import {
  adding, addressed, alarmMeasures, alarmPractice, alarms, alarmsBehaviour, announce, anomalies, asOf, chattering, clocks, deadman, debounced, deduplicate, flapping, fleeting, flood, fuse, grouped,
  inhibited, inOrder, instruments, keyed, learning, minimumGap, only, outlook, plausible, rateLimit, replacing, resample, sideBySide, spikes, standing, threshold, tumbling, via, vitals,
} from '../../src/operators/index.js'
import { envelope, wearChart } from '../../src/detectors/index.js'
import * as aggregates from '../../src/operators/aggregates/index.js'
import { countWindow } from '../../src/operators/count-window.js'
import { hopping } from '../../src/operators/hopping.js'
import { session } from '../../src/operators/session.js'
import { sliding, slidingBehaviour } from '../../src/operators/sliding.js'
import { above, below, detected, machines, meanOver, missing, reference, rule } from '../../src/rules/index.js'
import { arbitraryInputs, epoch } from '../../src/testing/index.js'
import type { LawOptions, OperatorUnderTest } from '../../src/testing/index.js'
import type { Timeline } from '../../src/time/index.js'
import { good, sums } from '../testing/broken/good.js'

export interface TestedOperator {
  /** The exported operator, and what it is called in the table. */
  readonly name: string
  /** As it would be written in a pipeline, behind `inOrder`. */
  readonly op: OperatorUnderTest<unknown>
  readonly ordered?: boolean
  readonly exceptions?: NonNullable<LawOptions['exceptions']>
  readonly inputs?: NonNullable<LawOptions['inputs']>
  /** Tells two rows of one operator apart. */
  readonly variant?: string
}

const hot = (time: Timeline): OperatorFunction<Item, Verdict> => via('reading', threshold(above('temperature_coil', 100), { stale: '30s' }, time))

const alarmsOf = (time: Timeline): OperatorFunction<Item, Alarm> =>
  pipe(
    alarms([rule({ id: 'warm', severity: 'low', when: above('temperature_coil', 60) }), rule({ id: 'hot', when: above('temperature_coil', 100) }), rule({ id: 'loud', when: above('vibration_rotor', 5) })], {}, time),
    only<Output, 'alarm'>('alarm'),
  )

/** The law of keys asks for the machine, by which these are grouped. */
const ofMachine = <T extends { readonly key: string }>(item: T): T & { readonly machine: string } => ({ ...item, machine: item.key })

const watched = [
  rule({
    id: 'hot', when: above('temperature_coil', 90), clear: below('temperature_coil', 80), onDelay: '2s', offDelay: '1s', suppressedBy: below('vibration_rotor', 20),
    levels: [{ name: 'trip advice', when: above('temperature_coil', 110), severity: 'critical' }],
  }),
  rule({ id: 'rough', when: above('vibration_rotor', 85), latched: true }),
]
const charts = [rule({ id: 'new', when: above(detected(envelope, 'temperature_coil', { every: '10s', while: above('vibration_rotor', 20) }), 1) }), rule({ id: 'worn', when: above(detected(wearChart, 'vibration_rotor', { every: '5s', params: { warmup: 20 } }), 1) })]
const plant = machines({ id: 'a', area: 'hall' }, { id: 'b', area: 'hall' }, { id: 'z' })
/** To machines, also to some that are never heard, to areas, occurrences and to nobody. */
const commands: fc.Arbitrary<Command> = fc.record({
  kind: fc.constant('command' as const), time: fc.constant(epoch), by: fc.constant('operator'),
  name: fc.constantFrom('acknowledge', 'acknowledge', 'shelve', 'unshelve', 'reset', 'remove-from-service', 'return-to-service', 'relearn'),
  machine: fc.constantFrom('a', 'b', 'c', 'z'), area: fc.constantFrom('hall', 'cellar'), rule: fc.constantFrom('hot', 'rough', 'other'),
  occurrence: fc.constantFrom('hot/a/2026-01-01T00:00:02.000Z', 'nonsense'), until: fc.constantFrom(10_000, 60_000, 3_600_000).map((after) => epoch + after),
}, { requiredKeys: ['kind', 'time', 'by', 'name'] })
const commanded: fc.Arbitrary<readonly Input[]> = fc.tuple(arbitraryInputs({ lateness: '5s' }), fc.array(fc.option(commands, { freq: 2 }), { maxLength: 60 }))
  .map(([inputs, asked]) => inputs.flatMap((item, i) => (asked[i] === undefined || asked[i] === null ? [item] : [item, asked[i]])))

/** Documents that share rules, change them, take them back, name machines, ask for silence; one that is no good. */
const documents: readonly unknown[] = [
  { rules: watched },
  { rules: [watched[1], rule({ id: 'quiet', when: missing('temperature_coil', '10s') })] },
  { rules: [rule({ id: 'hot', when: above('temperature_coil', 60), onDelay: '3s' }), watched[1], rule({ id: 'warm', when: above('temperature_coil', 50), machines: ['b', 'c'] })] },
  { rules: [rule({ id: 'mean', when: above(meanOver('5s', 'temperature_coil'), 80), suppressedBy: below('vibration_rotor', 10) })] },
  { rules: [{ id: 'hot', when: { op: 'above', signal: 'temperature_coil' } }] },
]
const exchanges: fc.Arbitrary<Rules> = fc.record({ kind: fc.constant('rules' as const), time: fc.constant(epoch), rules: fc.constantFrom(...documents), by: fc.constant('engineer'), reason: fc.constant('tuning') }, { requiredKeys: ['kind', 'time', 'rules'] })
/** Streams in which commands come, and other rules. */
export const exchanged: fc.Arbitrary<readonly Input[]> = fc.tuple(arbitraryInputs({ lateness: '5s' }), fc.array(fc.option(fc.oneof(exchanges, commands), { freq: 2 }), { maxLength: 60 }))
  .map(([inputs, asked]) => inputs.flatMap((item, i) => (asked[i] === undefined || asked[i] === null ? [item] : [item, asked[i]])))

/** A new operator needs a line here: test/laws/table.test.ts asks for it, and UPDATE_DOCS=1 writes it into docs/laws.md. */
export const operatorsUnderTest: readonly TestedOperator[] = [
  { name: 'adding', op: (time) => adding(good(time), hot(time)) },
  { name: 'addressed', op: () => addressed({ machines: plant }), inputs: exchanged },
  {
    name: 'alarmMeasures',
    op: (time) => pipe(
      alarmsOf(time),
      alarmMeasures({ key: 'machine', period: '1m', practice: { ...alarmPractice, chattering: { count: 2, within: '30s' }, standing: '2m', flood: { above: 2, below: 1, within: '20s' } } }, time),
      map(ofMachine),
    ),
  },
  { name: 'alarms', op: (time) => alarms(reference, {}, time) },
  { name: 'alarms', variant: 'commands', op: (time) => alarms(watched, { stale: '30s', shelveCap: '5m', machines: plant }, time), inputs: commanded },
  { name: 'alarms', variant: 'rules', op: (time) => alarms(watched, { stale: '30s', shelveCap: '5m', machines: plant }, time), inputs: exchanged },
  {
    name: 'announce',
    op: (time) => pipe(hot(time), announce(() => ({ rule: 'hot', severity: 'high', class: 'thermal', message: 'hot', sensor: 'temperature_coil' }), {}, time)),
  },
  { name: 'anomalies', op: (time) => via(['reading', 'rules'], anomalies(reference, {}, time)), inputs: exchanged },
  {
    name: 'asOf',
    op: (time) => via('reading', asOf({
      key: 'machine',
      left: ({ sensor }: Reading) => sensor === 'vibration_rotor',
      right: ({ sensor }: Reading) => sensor === 'temperature_coil',
      tolerance: '10s',
      join: (left: Reading, right: Reading | undefined) => ({ kind: 'joined', time: left.time, machine: left.machine, left: left.value, right: right?.value }),
    }, time)),
  },
  { name: 'chattering', op: (time) => pipe(alarmsOf(time), chattering({ count: 2, within: '30s' }, time)) },
  { name: 'clocks', op: (time) => clocks({ count: 2 }, time) },
  { name: 'countWindow', op: (time) => via('reading', countWindow(4, { key: 'machine', every: 2 }, time)), exceptions: { eviction: 'a count does not go by: what has come since the last summary is kept' } },
  { name: 'deadman', op: (time) => deadman('20s', { key: 'machine', expect: ['a', 'z'], forget: '10m' }, time) },
  { name: 'deadman', variant: 'series', op: (time) => deadman('5s', { key: 'series', forget: '1h' }, time) },
  { name: 'debounced', op: (time) => pipe(hot(time), debounced({ on: '4s', off: '2s' }, time)) },
  { name: 'deduplicate', op: (time) => via('reading', deduplicate<Reading>({ key: 'series', within: '10s' }, time)) },
  {
    name: 'flapping',
    op: (time) => via('reading', flapping({ key: 'series', state: ({ value }: Reading) => value > 90, history: 4 }, time)),
    exceptions: { eviction: 'it counts items and not time: a key that falls silent is kept' },
  },
  { name: 'fleeting', op: (time) => pipe(alarmsOf(time), fleeting({ shorterThan: '10s' }, time)) },
  { name: 'flood', op: (time) => pipe(alarmsOf(time), flood({ key: 'machine', above: 1, below: 1, within: '20s' }, time)) },
  { name: 'fuse', op: (time) => via('reading', fuse({ stale: '30s' }, time)), exceptions: { eviction: 'what is missing of a machine must be known' } },
  { name: 'fuse', variant: 'every', op: (time) => via('reading', fuse({ stale: '30s', every: '10s' }, time)), exceptions: { eviction: 'what is missing of a machine must be known' } },
  { name: 'grouped', op: (time) => pipe(alarmsOf(time), grouped({ key: 'machine', wait: '3s', interval: '20s' }, time), map(ofMachine)) },
  { name: 'hopping', op: (time) => via('reading', hopping('1m', '20s', { key: 'series' }, time)) },
  {
    name: 'inhibited',
    op: (time) => pipe(alarmsOf(time), inhibited([{ source: { rule: 'hot' }, targets: [{ rule: 'warm' }] }, { source: { rule: 'loud' }, targets: [{ class: 'thermal' }], within: '5s' }], time)),
  },
  { name: 'inOrder', op: (time) => inOrder({ lateness: '5s' }, time), ordered: true },
  { name: 'instruments', op: (time) => via(['reading', 'rules'], instruments(reference, {}, time)), inputs: exchanged },
  { name: 'keyed', op: (time) => via('reading', keyed(sums, { key: 'machine' }, time)) },
  { name: 'minimumGap', op: (time) => via('reading', minimumGap<Reading>('10s', { key: 'machine' }, time)) },
  { name: 'only', op: () => only('reading', 'rejected') },
  { name: 'outlook', op: (time) => via('reading', outlook(reference, {}, time)) },
  { name: 'outlook', variant: 'rules', op: (time) => via(['reading', 'rules'], outlook(watched, { stale: '30s' }, time)), inputs: exchanged },
  { name: 'plausible', op: () => plausible() },
  { name: 'rateLimit', op: (time) => via('reading', rateLimit<Reading>({ count: 2, per: '10s', key: 'machine' }, time)) },
  {
    name: 'replacing',
    op: (time) => pipe(
      alarms([rule({ id: 'warm', when: above('temperature_coil', 60) }), rule({ id: 'hot', when: above('temperature_coil', 100) })], {}, time),
      replacing('alarm', inhibited([{ source: { rule: 'hot' }, targets: [{ rule: 'warm' }], within: '5s' }], time)),
    ),
  },
  { name: 'learning', op: (time) => learning(charts, { stale: '30s' }, time), exceptions: { eviction: 'what is learned of a machine is kept' } },
  { name: 'resample', variant: 'hold', op: (time) => via('reading', resample('10s', { method: 'hold', stale: '1m' }, time)) },
  { name: 'resample', variant: 'linear', op: (time) => via('reading', resample('10s', { method: 'linear', stale: '1m' }, time)) },
  { name: 'session', op: (time) => via('reading', session('20s', { key: 'machine' }, time)) },
  {
    name: 'sideBySide',
    op: (time) => via('reading', keyed(sideBySide<Reading, unknown>(alarmsBehaviour(reference, { stale: '30s' }), slidingBehaviour('30s', { key: 'machine' }), sums), { key: 'machine' }, time)),
  },
  { name: 'sliding', op: (time) => via('reading', sliding('30s', { key: 'series' }, time)) },
  { name: 'spikes', op: (time) => via('reading', spikes({ count: 2, of: 6 }, time)), exceptions: { eviction: 'it counts readings and not time: a key that falls silent is kept' } },
  { name: 'standing', op: (time) => pipe(alarmsOf(time), standing({ after: '20s' }, time)) },
  { name: 'vitals', op: (time) => via('reading', vitals({ silent: '20s', stuck: '10s', count: 2 }, time)), exceptions: { eviction: 'what is missing of a machine must be known' } },
  { name: 'threshold', op: hot },
  { name: 'tumbling', op: (time) => via('reading', tumbling('1m', { key: 'series', early: '20s' }, time)) },
  { name: 'via', op: (time) => via('reading', keyed(sums, { key: 'machine' }, time)) },
]

/** Functions that are exported beside the operators, and why no law speaks of them. A behaviour is run by `keyed`, and its operator is in the table. */
export const notOperators: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.keys(aggregates).map((name) => [name, 'an aggregate, which the windows run'])),
}
