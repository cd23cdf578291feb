import Ajv from 'ajv'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import {
  above, absolute, age, all, any, atLeast, atOrAbove, atOrBelow, baseline, below, choice, clamped, conditionText, deviationOver, difference, during, ewma, followedBy, heldFor, hours, hysteresis, i2t, inside, machineState, maxOver, meanOver, minOver,
  missing, not, outside, ownSignal, ownSignals, parseRules, product, quantileOver, rate, ratio, rising, rmsOver, rule, rulesCodec, rulesSchema, running, scaled, since, starting, starts, stopped, stuck, sum, timeOfDay, timeTo, within,
} from 'motorwatch/rules'
import type { Condition, OwnSignals, Rule, Signal } from 'motorwatch/rules'
import { expect, test } from 'vitest'

const peak = ownSignal({ name: 'peak', params: t.type({ decay: t.number }), start: () => ({ value: 0 }), next: () => 0 })
const own = ownSignals([peak.definition])

const signals: readonly Signal[] = [
  1.5, 'x', '$ratedCurrent', '$ratedCurrent * 1.1', difference('x', 'y'), sum('x', 'y', 1), product('x', 'y'), ratio('x', 'y'), absolute('x'), scaled('x', 2), scaled('x', 2, 'kPa'), clamped('x', 0, 1), choice(above('x', 1), 'x', 2), meanOver('1m', 'x'),
  minOver('1m', 'x'), maxOver(60_000, 'x'), rmsOver('1m', 'x'), deviationOver('1m', 'x'), quantileOver('1m', 'x', 0.9), rate('1m', 'x'), ewma('1m', 'x'), age('x'), timeTo('x', 5, '10m'), i2t('x', '$ratedCurrent', '30m'), hours(running()), starts('1h', running()),
  baseline('1d', 'x'), baseline('1d', 'x', running()), machineState(), machineState({ of: 'x', off: 1, on: 2, starting: '3s', unless: above('y', 1) }), timeOfDay('Europe/Berlin'), peak({ decay: 1 }, 'x'), peak({ decay: 1 }),
]
const conditions: readonly Condition[] = [
  ...signals.map((signal) => above(signal, 1)), below('x', 'y'), atOrAbove('x', 1), atOrBelow('x', 1), outside('x', 0, '$high'), inside('x', 0, 1), hysteresis('x', { on: 2, off: 1 }), all(above('x', 1), below('y', 1)), any(above('x', 1)), not(above('x', 1)),
  atLeast(1, above('x', 1), above('y', 1)), heldFor('30s', above('x', 1)), within(500, above('x', 1)), since(above('x', 1), above('y', 1)), missing('x', '1m'), stuck('x', '1m'), rising('x', 5, '1m'), followedBy(above('x', 1), above('y', 1), '1m'),
  running(), starting(), stopped(), during('22:00', '06:00', { zone: 'UTC', days: ['mon', 'fri'], except: ['2026-12-25'] }), during('06:00', '24:00', { zone: 'UTC' }),
]
const rules: readonly Rule[] = [
  ...conditions.map((when, i) => rule({ id: `r${i}`, when })),
  rule({
    id: 'whole', when: above('x', 1), clear: below('x', 0), severity: 'critical', class: 'support', message: '{value}', onDelay: '1s', offDelay: 5, machines: ['a'], suppressedBy: not(running()), latched: true,
    levels: [{ name: 'trip', when: above('x', 9), severity: 'critical', onDelay: '2s', message: '!' }],
  }),
]

const valid = new Ajv().compile(rulesSchema(own))

test.each(rules.map((each) => [conditionText(each.when), each] as const))('%s goes through JSON and back, and is as the schema says', (_text, each) => {
  const json = JSON.stringify({ rules: [each] })
  expect(parseRules(json, own)).toEqual(E.right([each]))
  expect(rulesCodec(own).encode({ rules: [each] })).toEqual(JSON.parse(json))
  expect(valid(JSON.parse(json)) || valid.errors).toBe(true)
})

const bare = above('x', 1)
test.each<readonly [object, string]>([
  [{ op: 'above', signal: 'x' }, 'rules[0].when.limit: got nothing, expected a sensor, a number or a signal'],
  [{ op: 'above', signal: '$a b', limit: 1 }, "rules[0].when.signal: got \"$a b\", expected a parameter such as '$ratedCurrent' or '$ratedCurrent * 1.1'"],
  [{ op: 'above', signal: { op: 'meanOver', for: '1 min', of: 'x' }, limit: 1 }, "rules[0].when.signal.for: got \"1 min\", expected milliseconds or text such as '30s', '5m', '1h30m'"],
  [{ op: 'above', signal: { op: 'own', name: 'peek', params: {}, of: [] }, limit: 1 }, 'rules[0].when.signal.name: got "peek", expected one of peak'],
  [{ op: 'above', signal: { op: 'own', name: 'peak', params: { decay: 'slow' }, of: [] }, limit: 1 }, 'rules[0].when.signal.params.decay: got "slow", expected number'],
  [{ op: 'atLeast', count: 3, of: [bare, bare] }, 'rules[0].when.count: got 3, expected at most the number of conditions, 2'],
  [{ op: 'hysteresis', signal: 'x', on: 1, off: 1 }, 'rules[0].when.off: got 1, expected another number than on, 1'],
  [{ op: 'during', from: '6:00', to: '14:00', zone: 'UTC' }, "rules[0].when.from: got \"6:00\", expected a time of day such as '06:00'"],
  [{ op: 'during', from: '06:00', to: '14:00', zone: 'Mars' }, "rules[0].when.zone: got \"Mars\", expected a time zone such as 'Europe/Berlin'"],
  [{ op: 'above', signal: { op: 'quantileOver', for: '1m', of: 'x', q: 1.5 }, limit: 1 }, 'rules[0].when.signal.q: got 1.5, expected a number from 0 to 1'],
  [{ op: 'above', signal: 'temperature_coil', limit: 'pressure' }, "rules[0]: rule 'r': units are mixed in 'temperature_coil above pressure'"],
])('%j is refused where it is wrong', (when, message) => {
  const parsed = parseRules(JSON.stringify({ rules: [{ id: 'r', when }] }), own)
  expect(E.isLeft(parsed) ? parsed.left : 'taken').toContain(message)
})

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }

/** Something of each sort, and next to what a field takes. */
const wrong: readonly Json[] = [
  null, true, false, -1, 0, 0.5, 1, 1.5, 2, '', 'x', 'a b', '5', '$full', '$a b', '1m', '1.5h30m', '1 m', '1m x', 'm', '6:00', '06:00', '06:00x', 'x06:00', '2026-12-25', '2026-12-250', 'x2026-12-25', 'mon', 'running', 'low', 'thermal', 'peak',
  [], {}, ['x'], ['x', 'y'], ['x', 'y', 'z'], [''], ['mon'], ['2026-12-25'], [[]], [above('x', 1)] as unknown as Json, [{ name: 'n', when: above('x', 1), severity: 'low' }] as unknown as Json, above('y', 1) as unknown as Json, { op: 'hours', when: above('y', 1) } as unknown as Json,
]

/** The value with one thing changed, each place of it in turn: it is something wrong, it is not there, something stands beside it. With where that is, by `op` and field, and what it is. */
function* spoiled(value: Json, where: string): Generator<readonly [what: string, Json]> {
  for (const each of wrong) yield [`${where} = ${JSON.stringify(each)}`, each]
  if (typeof value !== 'object' || value === null) return
  if (isList(value)) {
    for (const [i, each] of value.entries()) for (const [what, other] of spoiled(each, `${where}[]`)) yield [what, value.map((old, j) => (i === j ? other : old))]
    return
  }
  const op = typeof value['op'] === 'string' ? value['op'] : where
  yield [`${op}, more`, { ...value, more: 1 }]
  for (const [name, each] of Object.entries(value)) {
    yield [`${op}.${name}, gone`, Object.fromEntries(Object.entries(value).filter(([other]) => other !== name))]
    for (const [what, other] of spoiled(each, `${op}.${name}`)) yield [what, { ...value, [name]: other }]
  }
}
const isList = (value: Json): value is readonly Json[] => Array.isArray(value)

/** What a schema of draft 7 cannot say, or need not: what lies in the text of a name, and how two fields go together. */
const beyond = [
  /got "[^"]+", expected the name of a sensor, or a number without quotes$/,
  /got "\$[^"]*", expected a parameter such as/,
  /got "[^"]*", expected a time zone such as/,
  /params(\.decay)?: got .+, expected /,
  /: units are mixed in /,
  /\.high: got \S+, expected a number above low, /,
  /\.off: got \S+, expected another number than on, /,
  /\.to: got \S+, expected another time than from, /,
  /\.count: got [12], expected at most the number of conditions, 1$/,
]

/** Each document of which the two say otherwise, beyond what is beyond the schema. */
function apart(documents: Iterable<Json>, own: OwnSignals): readonly string[] {
  const valid = new Ajv().compile(rulesSchema(own))
  const found: string[] = []
  for (const document of documents) {
    const json = JSON.stringify(document)
    const parsed = parseRules(json, own)
    if (E.isLeft(parsed) ? valid(document) && !beyond.some((sentence) => sentence.test(parsed.left)) : !valid(document)) found.push(`${E.isLeft(parsed) ? parsed.left : 'only the schema refuses it'}: ${json}`)
  }
  return found
}

/** Each change of each field once: rules say the same things over and over. */
const plain = JSON.parse(JSON.stringify({ $schema: 'rules.json', rules })) as { readonly rules: readonly Json[] }
const spoilt = [...new Map(plain.rules.flatMap((each) => [...spoiled({ ...plain, rules: [each] }, '')])).values()]

test('the schema refuses what the codec refuses, and takes what it takes, wherever one thing is wrong', () => {
  expect(spoilt.length).toBeGreaterThan(4000)
  expect(apart(spoilt, own)).toEqual([])
  expect(apart(spoilt.filter((document) => JSON.stringify(document).includes('"own"')), new Map())).toEqual([])
})
