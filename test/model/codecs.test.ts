import { fc, test } from '@fast-check/vitest'
import * as E from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'
import { describe, expect } from 'vitest'
import type { AlarmGroup } from '../../src/model/alarm-group.js'
import type { AlarmMeasures } from '../../src/model/alarm-measures.js'
import type { Alarm } from '../../src/model/alarm.js'
import type { Anomaly } from '../../src/model/anomaly.js'
import type { Answer } from '../../src/model/answer.js'
import {
  AlarmCodec, AlarmGroupCodec, AlarmMeasuresCodec, AnomalyCodec, AnswerCodec, CommandCodec, decodeItem, encodeItem, ReadingCodec, RejectedCodec, SnapshotCodec, RulesChangedCodec, RulesCodec, SummaryCodec,
  TickCodec, VerdictCodec,
} from '../../src/model/codecs.js'
import type { Command } from '../../src/model/command.js'
import type { Output } from '../../src/model/item.js'
import type { Reading } from '../../src/model/reading.js'
import type { Rejected } from '../../src/model/rejected.js'
import type { RulesChanged } from '../../src/model/rules-changed.js'
import type { Rules } from '../../src/model/rules.js'
import type { Snapshot } from '../../src/model/snapshot.js'
import type { Summary } from '../../src/model/summary.js'
import type { Tick } from '../../src/model/tick.js'
import type { Verdict } from '../../src/model/verdict.js'

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false

// compile-time: a codec that does not say what its interface says makes one of these `false`, and `true` is not assignable to it
const same: {
  readonly reading: Same<t.TypeOf<typeof ReadingCodec>, Reading>
  readonly command: Same<t.TypeOf<typeof CommandCodec>, Command>
  readonly tick: Same<t.TypeOf<typeof TickCodec>, Tick>
  readonly rejected: Same<t.TypeOf<typeof RejectedCodec>, Rejected>
  readonly summary: Same<t.TypeOf<typeof SummaryCodec>, Summary>
  readonly snapshot: Same<t.TypeOf<typeof SnapshotCodec>, Snapshot>
  readonly verdict: Same<t.TypeOf<typeof VerdictCodec>, Verdict>
  readonly alarm: Same<t.TypeOf<typeof AlarmCodec>, Alarm>
  readonly 'alarm-group': Same<t.TypeOf<typeof AlarmGroupCodec>, AlarmGroup>
  readonly 'alarm-measures': Same<t.TypeOf<typeof AlarmMeasuresCodec>, AlarmMeasures>
  readonly answer: Same<t.TypeOf<typeof AnswerCodec>, Answer>
  readonly anomaly: Same<t.TypeOf<typeof AnomalyCodec>, Anomaly>
  readonly rules: Same<t.TypeOf<typeof RulesCodec>, Rules>
  readonly 'rules-changed': Same<t.TypeOf<typeof RulesChangedCodec>, RulesChanged>
} = {
  reading: true, command: true, tick: true, rejected: true, summary: true, snapshot: true, verdict: true, alarm: true, 'alarm-group': true, 'alarm-measures': true, answer: true, anomaly: true,
  rules: true, 'rules-changed': true,
}

const codecs = {
  reading: ReadingCodec, command: CommandCodec, tick: TickCodec, rejected: RejectedCodec, summary: SummaryCodec,
  snapshot: SnapshotCodec, verdict: VerdictCodec, alarm: AlarmCodec,
  'alarm-group': AlarmGroupCodec, 'alarm-measures': AlarmMeasuresCodec, answer: AnswerCodec, anomaly: AnomalyCodec, rules: RulesCodec, 'rules-changed': RulesChangedCodec,
} as const

const positive = (value: number) => (value === 0 ? 0 : value) // JSON writes -0 as 0
const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map(positive)
const any = fc.double().map(positive)
const text = fc.string({ unit: 'binary' })
const numbers = fc.dictionary(fc.oneof(text, fc.constantFrom('mean', 'temperature_coil')), any, { noNullPrototype: true })
const kind = <K extends string>(name: K) => fc.constant(name)
const of = <const A extends string>(...names: readonly A[]) => fc.constantFrom(...names)
const classes = of('thermal', 'mechanical', 'electrical', 'support', 'environment', 'instrument', 'communication')

const reading: fc.Arbitrary<Reading> = fc.record(
  { kind: kind('reading'), time: finite, machine: text, sensor: text, value: finite, unit: text, quality: of('good', 'suspect'), origin: fc.record({ topic: text, partition: fc.nat(), offset: fc.maxSafeNat() }) },
  { requiredKeys: ['kind', 'time', 'machine', 'sensor', 'value', 'quality'] },
)
const command: fc.Arbitrary<Command> = fc.record(
  {
    kind: kind('command'), time: finite, name: of('acknowledge', 'shelve', 'unshelve', 'reset', 'remove-from-service', 'return-to-service', 'relearn'),
    machine: text, area: text, rule: text, occurrence: text, by: text, why: text, until: any,
  },
  { requiredKeys: ['kind', 'time', 'name', 'by'] },
)
const states = of(
  'raised', 'cleared', 'escalated', 'acknowledged', 'shelved', 'unshelved', 'suppressed', 'unsuppressed', 'removed-from-service', 'returned-to-service', 'reset', 'data-lost', 'data-back', 'closed',
)
const statuses = of('normal', 'unacknowledged', 'acknowledged', 'returned', 'latched-unacknowledged', 'latched', 'shelved', 'suppressed', 'out-of-service')
const anAlarm: fc.Arbitrary<Alarm> = fc.record(
  {
    kind: kind('alarm'), id: text, occurrence: text, time: finite, machine: text, rule: text, state: states, status: statuses,
    severity: of('low', 'medium', 'high', 'critical'), class: classes, message: text, raisedAt: any, sensor: text, value: any, limit: any, unit: text,
    level: text, noData: fc.constant(true as const), by: text, why: text, until: finite, since: finite, clears: text, inhibitedBy: text,
  },
  { requiredKeys: ['kind', 'id', 'occurrence', 'time', 'machine', 'rule', 'state', 'status', 'severity', 'class', 'message', 'raisedAt', 'value', 'limit'] },
)
const someAlarms = fc.array(anAlarm, { maxLength: 3 })
const items: fc.Arbitrary<Output> = fc.oneof(
  reading,
  command,
  fc.record({ kind: kind('tick'), time: finite }),
  fc.record(
    { kind: kind('rejected'), time: any, reason: of('undecodable', 'late', 'ahead', 'duplicate', 'refused'), detail: text, where: text, by: any, reading, raw: text },
    { requiredKeys: ['kind', 'time', 'reason', 'detail'] },
  ),
  fc.record(
    { kind: kind('summary'), time: finite, machine: text, sensor: text, key: text, start: finite, end: finite, values: numbers, status: of('early', 'partial') },
    { requiredKeys: ['kind', 'time', 'machine', 'start', 'end', 'values'] },
  ),
  fc.record({ kind: kind('snapshot'), time: finite, machine: text, values: numbers, missing: fc.array(text) }),
  fc.record(
    {
      kind: kind('verdict'), time: finite, machine: text, condition: text, truth: fc.constantFrom(true as const, false as const, 'unknown' as const), margin: any,
      signal: text, value: any, limit: any, since: finite,
    },
    { requiredKeys: ['kind', 'time', 'machine', 'condition', 'truth', 'margin'] },
  ),
  anAlarm,
  fc.record({ kind: kind('alarm-group'), time: finite, key: text, alarms: someAlarms, raised: someAlarms, cleared: someAlarms }),
  fc.record(
    {
      kind: kind('alarm-measures'), time: finite, key: text, start: finite, end: finite, raised: finite, perDay: any, most: finite, flood: any,
      mix: fc.record({ low: any, medium: any, high: any, critical: any }),
      targets: fc.record({ perDay: finite, flood: finite, mix: fc.record({ low: finite, medium: finite, high: finite }) }),
      top: fc.array(fc.record({ machine: text, rule: text, raised: finite, share: finite }), { maxLength: 3 }),
      chattering: finite, fleeting: finite, standing: finite, status: kind('partial'),
    },
    { requiredKeys: ['kind', 'time', 'key', 'start', 'end', 'raised', 'perDay', 'most', 'flood', 'mix', 'targets', 'top', 'chattering', 'fleeting', 'standing'] },
  ),
  fc.record(
    { kind: kind('answer'), time: finite, machine: text, command, accepted: fc.boolean(), reason: text, transitions: fc.array(text) },
    { requiredKeys: ['kind', 'time', 'command', 'accepted', 'transitions'] },
  ),
  fc.record({ kind: kind('rules'), time: finite, rules: fc.dictionary(text, fc.jsonValue(), { noNullPrototype: true }).map((value): unknown => JSON.parse(JSON.stringify(value))), by: text, reason: text }, { requiredKeys: ['kind', 'time', 'rules'] }),
  fc.record(
    { kind: kind('rules-changed'), time: finite, added: fc.array(text), removed: fc.array(text), changed: fc.array(text), unchanged: fc.array(text), by: text, reason: text },
    { requiredKeys: ['kind', 'time', 'added', 'removed', 'changed', 'unchanged'] },
  ),
  fc.record({ kind: kind('anomaly'), time: finite, machine: text, reading, classes: fc.array(classes) }),
).map((item) => structuredClone(item)) // ordinary objects: fast-check makes some without a prototype

const alarm: Alarm = {
  kind: 'alarm', id: 'hot@1/raised', occurrence: 'hot@1', time: 1, machine: 'M1', rule: 'hot', state: 'raised', status: 'unacknowledged', severity: 'high', class: 'thermal', message: 'hot', raisedAt: 1,
  value: NaN, limit: NaN,
}
const left = (value: unknown) => {
  const result = decodeItem(value)
  return E.isLeft(result) ? result.left : 'it was taken'
}

test('the codecs say what the interfaces say', () => {
  expect(Object.keys(same)).toEqual(Object.keys(codecs))
})

describe('encodeItem and decodeItem', () => {
  test.prop([items], { numRuns: 3_000 })('give every item back', (item) => {
    expect(decodeItem(JSON.parse(encodeItem(item)))).toStrictEqual(E.right(item))
    expect(encodeItem(item)).not.toMatch(/[\r\n]/)
  })

  test.prop([items], { numRuns: 1_000 })('agree with the codec of the kind', (item) => {
    const codec = codecs[item.kind] as t.Type<Output, unknown>
    expect(codec.is(item)).toBe(true)
    expect(codec.encode(item)).toEqual(JSON.parse(encodeItem(item)))
  })

  test.prop([fc.jsonValue()])('never throw, and tell it in one line', (value) => {
    expect(left(value)).toMatch(/^[^\p{Cc}\p{Zl}\p{Zp}]{1,500}$/u)
  })

  test.prop([items, fc.nat(), fc.oneof(fc.jsonValue(), fc.constant(undefined))], { numRuns: 3_000 })('one field changed: an item of its kind, or told in one line', (item, at, value) => {
    const document = JSON.parse(encodeItem(item)) as Record<string, unknown>
    const keys = Object.keys(document)
    const result = decodeItem({ ...document, [keys[at % keys.length] ?? '']: value })
    if (E.isRight(result)) expect((codecs[result.right.kind] as t.Type<Output, unknown>).is(result.right)).toBe(true)
    else expect(result.left).toMatch(/^[^\p{Cc}\p{Zl}\p{Zp}]{1,500}$/u)
  })
})

describe('what JSON has not', () => {
  test('NaN is written as null', () => {
    expect(JSON.parse(encodeItem(alarm))).toMatchObject({ value: null, limit: null })
    expect(decodeItem(JSON.parse(encodeItem(alarm)))).toStrictEqual(E.right(alarm))
  })
  test('Infinity is written by name', () => {
    expect(encodeItem({ kind: 'verdict', margin: -Infinity } as Verdict)).toBe('{"kind":"verdict","margin":"-Infinity"}')
  })
  test('null is no number where there must be one', () => {
    expect(left({ ...alarm, time: null })).toBe('time: got null, expected a finite number')
  })
  test('an alarm that is not raised has been raised at no time', () => {
    const shelved: Alarm = { ...alarm, state: 'shelved', status: 'shelved', raisedAt: NaN, until: 5 }
    expect(decodeItem(JSON.parse(encodeItem(shelved)))).toStrictEqual(E.right(shelved))
  })
  test('nor is text', () => {
    expect(left({ ...alarm, value: '5' })).toBe('value: got "5", expected a number, null (NaN), "Infinity" or "-Infinity"')
  })
})

describe('what is rejected', () => {
  test.each<[unknown, string]>([
    [5, 'item: got 5, expected a JSON object with a kind'],
    [[], 'item: got [], expected a JSON object with a kind'],
    [{}, 'kind: got nothing, expected one of reading, command, rules, tick, rejected, summary, snapshot, verdict, alarm, alarm-group, alarm-measures, answer, anomaly, rules-changed'],
    [{ kind: 'toString' }, 'kind: got "toString", expected one of reading, command, rules, tick, rejected, summary, snapshot, verdict, alarm, alarm-group, alarm-measures, answer, anomaly, rules-changed'],
    [{ kind: 'tick' }, 'time: got nothing, expected a finite number'],
    [{ ...alarm, severity: 'urgent' }, 'severity: got "urgent", expected low | medium | high | critical'],
    [{ ...alarm, status: undefined }, 'status: got nothing, expected normal | unacknowledged | acknowledged | returned | latched-unacknowledged | latched | shelved | suppressed | out-of-service'],
    [{ kind: 'answer', time: 1, accepted: true, transitions: [], command: { kind: 'command', time: 1, name: 'dismiss' } }, 'command.name: got "dismiss", expected acknowledge | shelve | unshelve | reset | remove-from-service | return-to-service | relearn'],
    [{ kind: 'snapshot', time: 1, machine: 'M1', values: { current: 'x' }, missing: [] }, 'values.current: got "x", expected a number, null (NaN), "Infinity" or "-Infinity"'],
    [{ kind: 'rules', time: 1, rules: [] }, 'rules: got [], expected a document of rules, a JSON object'],
    [{ kind: 'anomaly', time: 1, machine: 'M1', reading: { kind: 'reading', time: 1 }, classes: [] }, 'reading.machine: got nothing, expected string'],
  ])('%j', (value, message) => {
    expect(left(value)).toBe(message)
  })
})

test('fields that are not ours are left out, whatever their name', () => {
  const result = decodeItem(JSON.parse('{"kind":"tick","time":5,"__proto__":{"polluted":true},"x":1}'))
  expect(result).toStrictEqual(E.right({ kind: 'tick', time: 5 }))
})

test('users\' own kinds are written', () => {
  expect(encodeItem({ kind: 'mine', a: NaN } as { kind: string })).toBe('{"kind":"mine","a":null}')
})
