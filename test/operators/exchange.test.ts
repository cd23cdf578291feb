import { fc, test } from '@fast-check/vitest'
import * as t from 'io-ts'
import { pipe } from 'rxjs'
import { describe, expect } from 'vitest'
import { monitor } from '../../src/pipelines/monitor.js'
import type { MonitorOptions } from '../../src/pipelines/monitor.js'
import type { Alarm, Command, Input, Output, Reading, Rules } from '../../src/model/index.js'
import { alarms, inOrder, outlook, via } from '../../src/operators/index.js'
import type { AlarmsOptions } from '../../src/operators/index.js'
import { above, below, machines, missing, ownSignal, ownSignals, reference, rule, rulesCodec } from '../../src/rules/index.js'
import type { Rule } from '../../src/rules/index.js'
import { checkLaws, epoch } from '../../src/testing/index.js'
import type { OperatorUnderTest } from '../../src/testing/index.js'
import { line, run, sameOutputs } from '../../src/testing/laws/line.js'
import { exchanged } from '../laws/operators.js'
import { conditions } from './condition-oracle.js'
import { outputsOf, second, smallStreams } from './small-streams.js'

const at = (seconds: number, machine: string, sensor: string, value: number): Reading => ({ kind: 'reading', time: epoch + seconds * second, machine, sensor, value, quality: 'good' })
const tick = (seconds: number): Input => ({ kind: 'tick', time: epoch + seconds * second })
/** Takes its place at the watermark: without lateness, at the tick or the reading before it. */
const exchange = (rules: unknown, more: Partial<Rules> = {}): Rules => ({ kind: 'rules', time: 0, rules: Array.isArray(rules) ? { rules } : rules, ...more })
const asked = (name: Command['name'], more: Partial<Command> = {}): Command => ({ kind: 'command', time: 0, name, by: 'Anna', ...more })
const operator = (rules: readonly Rule[], options: AlarmsOptions = {}): OperatorUnderTest<Output> => (time) => pipe(inOrder<Input>({ lateness: 0 }, time), alarms(rules, options, time))
const outputs = (rules: readonly Rule[], inputs: readonly Input[], options?: AlarmsOptions): readonly Output[] => run(operator(rules, options), 'own', inputs) as readonly Output[]
const isAlarm = (item: Output): item is Alarm => item.kind === 'alarm'
const short = (all: readonly Output[]): readonly string[] => all.map((item) => {
  const seconds = (item.time - epoch) / second
  if (item.kind === 'alarm') return `${seconds} ${item.machine} ${item.rule} ${item.state}${item.why === undefined ? '' : ` (${item.why})`}`
  if (item.kind === 'rules-changed') return `${seconds} +${item.added.join()} -${item.removed.join()} ~${item.changed.join()} =${item.unchanged.join()}`
  return item.kind === 'rejected' ? `${seconds} rejected ${item.detail}` : `${seconds} ${item.kind}`
})

const hot = rule({ id: 'hot', when: above('x', 2) })
const hotter = rule({ id: 'hot', when: above('x', 3) })
const rough = rule({ id: 'rough', when: above('y', 2), onDelay: '4s' })

describe('rules that are exchanged while they run', () => {
  test('unchanged ones keep what stands and what runs; the change is told, with who and why', () => {
    const all = outputs([hot, rough], [
      at(0, 'm', 'x', 3), at(1, 'm', 'y', 3), tick(3), exchange([rough, hot], { by: 'Anna', reason: 'order' }), at(5, 'm', 'x', 1), tick(7),
    ])
    expect(short(all)).toEqual(['0 m hot raised', '3 + - ~ =rough,hot', '5 m rough raised', '5 m hot cleared'])
    expect(all.find(({ kind }) => kind === 'rules-changed')).toEqual({ kind: 'rules-changed', time: epoch + 3 * second, added: [], removed: [], changed: [], unchanged: ['rough', 'hot'], by: 'Anna', reason: 'order' })
  })

  test('what was said of an alarm is said of it still, and who did not say who and why is not named', () => {
    const other = rule({ id: 'other', when: above('z', 2) })
    const all = outputs([hot, rough], [at(0, 'm', 'x', 3), tick(1), exchange([hot, other]), tick(2), asked('acknowledge', { machine: 'm' }), tick(3)])
    expect(all.find((item) => item.kind === 'alarm' && item.state === 'acknowledged')).toMatchObject({ message: 'm: x 3, above 2', value: 3, limit: 2 })
    expect(Object.keys(all.find(({ kind }) => kind === 'rules-changed')!)).toEqual(['kind', 'time', 'added', 'removed', 'changed', 'unchanged'])
    expect(outputs([hot], [at(0, 'm', 'x', 3), tick(1), exchange([other]), tick(2)]).at(-1)).not.toHaveProperty('by')
  })

  test('what stands under a removed rule is closed with that reason, on each machine, as who asked', () => {
    const all = outputs([hot, rough], [at(0, 'm', 'x', 3), at(0, 'k', 'x', 3), at(0, 'n', 'x', 1), tick(3), exchange([rough], { by: 'Anna' }), tick(9), at(10, 'm', 'x', 1)])
    expect(short(all)).toEqual(['0 k hot raised', '0 m hot raised', '3 + -hot ~ =rough', '3 k hot closed (rule removed)', '3 m hot closed (rule removed)'])
    expect(all.at(-1)).toMatchObject({ id: 'hot/m/2026-01-01T00:00:00.000Z/closed/2026-01-01T00:00:03.000Z', occurrence: 'hot/m/2026-01-01T00:00:00.000Z', status: 'normal', by: 'Anna', value: 3, limit: 2 })
  })

  test('a changed one is closed, and starts anew with the next reading; an added one too', () => {
    const warm = rule({ id: 'warm', when: above('x', 1) })
    const all = outputs([hot], [at(0, 'm', 'x', 4), tick(3), exchange([hotter, warm]), tick(5), at(6, 'm', 'x', 4), tick(7)])
    expect(short(all)).toEqual(['0 m hot raised', '3 +warm - ~hot =', '3 m hot closed (rule changed)', '6 m hot raised', '6 m warm raised'])
  })

  test('exchanged, and exchanged back: closed, and started anew', () => {
    const all = outputs([hot, rough], [at(0, 'm', 'x', 3), tick(2), exchange([rough]), tick(3), exchange([hot, rough]), tick(4), at(5, 'm', 'x', 3), tick(6)])
    expect(short(all)).toEqual(['0 m hot raised', '2 + -hot ~ =rough', '2 m hot closed (rule removed)', '3 +hot - ~ =rough', '5 m hot raised'])
  })

  test('shelved, suppressed and out of service end with their rule; a command of that instant finds the new ones', () => {
    const all = outputs([hot, rough], [at(0, 'm', 'x', 1), tick(1), asked('shelve', { machine: 'm', rule: 'hot' }), tick(2), exchange([rough]), asked('unshelve', { machine: 'm', rule: 'hot' }), tick(3)])
    expect(short(all)).toEqual(['1 m hot shelved', '1 answer', '2 + -hot ~ =rough', '2 m hot closed (rule removed)', '2 answer'])
    expect(all.at(-1)).toMatchObject({ accepted: false, reason: "no rule 'hot' watches m" })
  })

  test('a machine that is met later has the rules in force, and rules watch only the machines that they name', () => {
    const onlyK = rule({ id: 'only-k', when: above('x', 2), machines: ['k'] })
    const all = outputs([hot], [at(0, 'm', 'x', 1), tick(1), exchange([onlyK]), at(2, 'k', 'x', 3), at(2, 'm', 'x', 3), tick(3)])
    expect(short(all)).toEqual(['1 +only-k -hot ~ =', '2 k only-k raised'])
  })

  test('before the first reading', () => {
    expect(short(outputs([hot], [exchange([rough]), at(0, 'm', 'x', 3), at(0, 'm', 'y', 3), tick(4), tick(5)]))).toEqual(['0 +rough -hot ~ =', '4 m rough raised'])
    expect(outputs([hot], [exchange([rough])])).toMatchObject([{ kind: 'rules-changed', time: 0 }])
  })

  test('silence is counted from the exchange on, for a sensor that is heard all the time too', () => {
    const quiet = rule({ id: 'quiet', when: missing('y', '5s') })
    const readings = Array.from({ length: 20 }, (_, i) => [at(i, 'm', 'x', 1), ...(i < 12 ? [at(i, 'm', 'y', 1)] : [])]).flat()
    const all = outputs([hot], [...readings.slice(0, 20), exchange([hot, quiet]), ...readings.slice(20)])
    expect(short(all)).toEqual(['9 +quiet - ~ =hot', '16 m quiet raised'])
    const never = outputs([hot], [at(0, 'm', 'x', 1), tick(10), exchange([hot, quiet]), tick(20)])
    expect(short(never)).toEqual(['10 +quiet - ~ =hot', '15 m quiet raised'])
  })

  test.each<[string, unknown, string]>([
    ['no document', undefined, 'rules: document: got nothing, expected an object with the field rules'],
    ['another', [hot, 5], 'rules: rules[1]: got 5, expected a rule'],
    ['an id that comes twice', [rough, hot, hotter], 'rules: rules[2].id: got "hot", expected an id that no other rule has'],
    ['an unknown field', [{ ...hot, colour: 'red' }], 'rules: rules[0].colour: got "red", expected one of the fields id, when, clear, severity, class, message, onDelay, offDelay, machines, suppressedBy, levels, latched'],
    ['an unknown signal', [{ id: 'hot', when: { op: 'above', signal: { op: 'own', name: 'peak', of: ['x'] }, limit: 2 } }], 'rules: rules[0].when.signal.name: got "peak", expected a signal of one\'s own, and none is known here: give its definition in the option signals, or a module of them with --signals'],
    ['what JSON cannot carry', { rules: 5n }, 'rules: not JSON: Do not know how to serialize a BigInt'],
  ])('%s is rejected with what was expected, and the old rules stay', (_, document, detail) => {
    const all = outputs([hot], [at(0, 'm', 'x', 1), tick(1), exchange(document), at(2, 'm', 'x', 3), tick(3)])
    expect(short(all)).toEqual([`1 rejected ${detail}`, '2 m hot raised'])
    expect(all[0]).toMatchObject({ reason: 'refused' })
  })

  test('signals of one\'s own are known by their registered name', () => {
    const high = ownSignal({ name: 'high', params: t.type({ decay: t.number }), start: () => ({ value: 0 }), next: (state, [value = NaN], _now, { decay }) => (state.value = Math.max(value, state.value - decay)) })
    const high2 = [rule({ id: 'high', when: above(high({ decay: 0 }, 'x'), 2) })]
    const all = outputs(high2, [at(0, 'm', 'x', 3), at(1, 'm', 'x', 1), tick(2), exchange(high2), at(3, 'm', 'x', 1), tick(4), exchange([rule({ id: 'high', when: above(high({ decay: 1 }, 'x'), 2) })]), at(5, 'm', 'x', 1), tick(6)], { signals: ownSignals([high.definition]) })
    expect(short(all)).toEqual(['0 m high raised', '2 + - ~ =high', '4 + - ~high =', '4 m high closed (rule changed)'])
  })

  test('a document is compared by what it says, not by the order of its fields', () => {
    const { id, ...rest } = hot
    const { severity: _, class: __, ...short_ } = { ...rest, id }
    expect(short(outputs([hot], [at(0, 'm', 'x', 3), tick(1), exchange([short_]), tick(2)]))).toEqual(['0 m hot raised', '1 + - ~ =hot'])
  })

  test('a save of exchanged rules goes on in a pipeline that is built with those from the start', () => {
    const inputs = [at(0, 'm', 'x', 3), at(0, 'm', 'y', 3), tick(2), exchange([rough]), tick(3)]
    const first = line(operator([hot, rough]), 'own')
    for (const item of inputs) first.push(item)
    const second_ = line(operator([hot, rough]), 'own', { saved: first.time.save() })
    for (const item of [tick(4), at(5, 'm', 'x', 9), at(6, 'k', 'x', 9), tick(7)]) second_.push(item)
    expect(short(second_.outputs as readonly Output[])).toEqual(['4 m rough raised'])
    second_.push(exchange([hot, rough]))
    expect(short(second_.outputs as readonly Output[]).slice(1)).toEqual([])
    second_.push(tick(8))
    expect(short(second_.outputs as readonly Output[]).slice(1)).toEqual(['7 +hot - ~ =rough'])
    expect(line(operator([rough]), 'own', { saved: first.time.save() }).errors).toMatchObject([{ message: expect.stringContaining("the saved state of 'alarms' has version") as string }])
  })

  const delays = fc.constantFrom(undefined, '1s', '3s' as const)
  const anyRule = (id: string): fc.Arbitrary<Rule> => fc.record({ when: conditions, onDelay: delays, offDelay: delays, latched: fc.constantFrom(undefined, true as const), machines: fc.constantFrom(undefined, undefined, ['a'], ['b']) })
    .map(({ when, onDelay, offDelay, latched, machines }) => rule({ id, when, ...(onDelay && { onDelay }), ...(offDelay && { offDelay }), ...(latched && { latched }), ...(machines && { machines }) }))
  const someRules = fc.uniqueArray(fc.constantFrom('r0', 'r1', 'r2', 'r3'), { minLength: 1 }).chain((ids) => fc.tuple(...ids.map(anyRule)))
  const stale = fc.constantFrom(3, 7, Infinity).map((seconds) => ({ stale: seconds * second }))
  const put = (inputs: readonly Input[], i: number, item: Input): readonly Input[] => [...inputs.slice(0, i), item, ...inputs.slice(i)]
  const whole = (rules: readonly Rule[]): unknown => rulesCodec().encode({ rules })

  test.prop([someRules, smallStreams, fc.nat(30), stale], { numRuns: 200 })('for the very same document, nothing at all is another in what comes', (rules, inputs, i, options) => {
    const op: OperatorUnderTest<Output> = (time) => alarms(rules, options, time)
    const all = outputsOf(op, put(inputs, i % inputs.length, exchange(whole(rules))))
    const told = all.filter(({ kind }) => kind === 'rules-changed')
    expect(told).toMatchObject([{ added: [], removed: [], changed: [], unchanged: rules.map(({ id }) => id) }])
    sameOutputs(outputsOf(op, inputs), all.filter(({ kind }) => kind !== 'rules-changed'), 'exchanged for the same')
  })

  test.prop([someRules, smallStreams, fc.nat(30), stale], { numRuns: 100 })('a rule on what is never heard leaves all others alone, before them or behind', (rules, inputs, i, options) => {
    const never = rule({ id: 'never', when: above('z', 0) })
    const op: OperatorUnderTest<Output> = (time) => alarms(rules, options, time)
    const all = outputsOf(op, put(inputs, i % inputs.length, exchange([never, ...rules])))
    sameOutputs(outputsOf(op, inputs), all.filter(({ kind }) => kind !== 'rules-changed'), 'with another rule')
  })

  test.prop([someRules, smallStreams, fc.nat(30), stale], { numRuns: 100 })('the outlook keeps its trends', (rules, inputs, i, options) => {
    const limits = rules.flatMap((each, n) => [each, rule({ id: `limit-${n}`, when: above(n % 2 === 0 ? 'x' : 'y', 3 + n) })])
    const op: OperatorUnderTest<unknown> = (time) => via(['reading', 'rules'], outlook(limits, { ...options, every: '2s' }, time))
    const expected = outputsOf(op, inputs)
    for (const other of [limits, [rule({ id: 'never', when: above('z', 0) }), ...limits]]) sameOutputs(expected, outputsOf(op, put(inputs, i % inputs.length, exchange(other))), 'the outlook')
  })

  test.prop([someRules, someRules, smallStreams, fc.nat(30), stale], { numRuns: 300 })('what is unchanged goes on as if nothing had been, what is gone is closed, and what is new begins with what is heard from there on', (before, fresh, inputs, at_, options) => {
    const i = at_ % inputs.length
    const kept = before.filter(({ id }) => !fresh.some((other) => other.id === id))
    const after = [...fresh, ...kept]
    const all = outputsOf((time) => alarms(before, options, time), put(inputs, i, exchange(whole(after))))
    const change = all.find((item) => item.kind === 'rules-changed')!
    const was = outputsOf((time) => alarms(before, options, time), inputs).filter(isAlarm)
    const of = (list: readonly Output[], ids: readonly string[]): readonly Alarm[] => list.filter(isAlarm).filter((alarm) => ids.includes(alarm.rule))

    sameOutputs(of(was, change.unchanged).toSorted(order), of(all, change.unchanged).toSorted(order), 'unchanged')

    const gone = [...change.removed, ...change.changed]
    const old = all.slice(0, all.findLastIndex((item) => item.kind === 'alarm' && item.state === 'closed' && item.why?.startsWith('rule') === true) + 1)
    for (const alarm of of(old, gone)) expect(alarm.state === 'closed' && alarm.why?.startsWith('rule') === true ? alarm.time : change.time).toBe(change.time)
    const open = new Map<string, string>()
    for (const alarm of of(was.filter(({ time }) => time < change.time), gone)) {
      const place = `${alarm.rule} on ${alarm.machine}`
      if (alarm.status === 'normal' || alarm.state === 'closed') open.delete(place)
      else open.set(place, alarm.occurrence)
    }
    const closed = all.filter(isAlarm).filter(({ why }) => why?.startsWith('rule') === true)
    expect(closed.map(({ occurrence }) => occurrence).sort()).toEqual([...open.values()].sort())
    for (const { rule: id, why, time } of closed) expect([why, time]).toEqual([change.removed.includes(id) ? 'rule removed' : 'rule changed', change.time])

    const begun = after.filter(({ id }) => !change.unchanged.includes(id))
    const later = inputs.filter(({ time }) => time >= change.time)
    const anew = begun.length === 0 ? [] : outputsOf((time) => alarms(begun, options, time), later)
    const ids = begun.map(({ id }) => id)
    const seen = of(all.slice(all.indexOf(change) + 1), ids).filter((alarm) => !closed.includes(alarm))
    sameOutputs(of(anew, ids).toSorted(order), seen.toSorted(order), 'begun')
  })

  test.prop([someRules, someRules, smallStreams, fc.nat(30), fc.nat(30), stale], { numRuns: 100 })('exchanged and exchanged back, and cut anywhere: the same', (before, after, inputs, a, b, options) => {
    const [i, j] = [a % inputs.length, b % inputs.length].sort((x, y) => x - y) as [number, number]
    const items = put(put(inputs, j, exchange(whole(before))), i, exchange(whole(after)))
    const op: OperatorUnderTest<Output> = (time) => pipe(inOrder<Input>({ lateness: '5s' }, time), alarms(before, options, time))
    const all = run(op, 'own', items)
    for (const cut of [i, i + 1, j + 1, j + 2, items.length]) {
      const first = line(op, 'own')
      for (const item of items.slice(0, cut)) first.push(item)
      const rest = line(op, 'own', { saved: first.time.save() })
      for (const item of items.slice(cut)) rest.push(item)
      rest.complete()
      sameOutputs(all, [...first.outputs, ...rest.outputs], `cut at ${cut}`)
    }
    const ids = all.filter((item): item is Alarm => (item as Output).kind === 'alarm').map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })
})

const order = (a: Alarm, b: Alarm): number => a.time - b.time || (a.machine < b.machine ? -1 : a.machine > b.machine ? 1 : 0) || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0)

describe('monitor', () => {
  const through = (rules: readonly Rule[], inputs: readonly Input[], options: MonitorOptions = {}): readonly Output[] => run((time) => monitor(rules, { lateness: 0, ahead: Infinity, ...options })(time), 'own', inputs) as readonly Output[]
  const limit = (value: number): Rule => rule({ id: 'hot', when: above('temperature_coil', value) })
  const coil = (seconds: number, value: number): Reading => at(seconds, 'm', 'temperature_coil', value)

  test.each<[string, MonitorOptions]>([['', {}], [', with machines that are expected', { expect: ['m'] }], [', with a register', { machines: machines({ id: 'm' }) }]])('alarms, anomalies and instruments follow%s', (_, options) => {
    const all = through([limit(120)], [coil(0, 110), coil(1, 121), tick(2), exchange([limit(100)]), coil(3, 110), coil(4, 250), tick(5), exchange([rule({ id: 'cold', when: below('temperature_coil', 0) })]), coil(6, 110), tick(7)], options)
    expect(all.filter(({ kind }) => kind === 'rules').map(({ time }) => (time - epoch) / second)).toEqual([2, 5])
    expect(short(all.filter(({ kind }) => kind === 'rules-changed'))).toEqual(['2 + - ~hot =', '5 +cold -hot ~ ='])
    expect(short(all.filter(isAlarm))).toEqual(['1 m hot raised', '2 m hot closed (rule changed)', '3 m hot raised', '4 m suspect-temperature_coil raised', '4 m check-temperature_coil raised', '4 m hot data-lost', '5 m hot closed (rule removed)'])
    expect(all.flatMap((item) => (item.kind === 'anomaly' ? [item.reading.value] : []))).toEqual([121, 110, 250])
  })

  test('keeps the laws while rules are exchanged', async () => {
    const report = await checkLaws((time) => monitor(reference, { ahead: Infinity })(time), { ordered: true, numRuns: 15, inputs: exchanged, laws: ['cut', 'keys', 'journal', 'stays', 'contract'], exceptions: { eviction: 'as without an exchange' } })
    expect(Object.values(report)).toEqual(Array(5).fill('pass'))
  }, 120_000)

  test('goes on from a save with the exchanged rules everywhere', () => {
    const op: OperatorUnderTest<Output> = (time) => monitor([limit(120)], { lateness: 0, ahead: Infinity })(time)
    const items = [coil(0, 110), tick(1), exchange([limit(100)]), tick(2), coil(3, 110), coil(4, 250), tick(5)]
    const all = run(op, 'own', items)
    for (const cut of items.keys()) {
      const first = line(op, 'own')
      for (const item of items.slice(0, cut)) first.push(item)
      const rest = line(op, 'own', { saved: first.time.save() })
      for (const item of items.slice(cut)) rest.push(item)
      rest.complete()
      sameOutputs(all, [...first.outputs, ...rest.outputs], `cut at ${cut}`)
    }
    expect(all.filter((item) => (item as Output).kind === 'anomaly').length).toBe(2)
  })
})
