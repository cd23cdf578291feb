import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { fields, guarded, list, named, needed, number, oneOf, optional, rulesCodec, span, text, told } from '../rules/document.js'
import type { OwnSignals, Rule } from '../rules/index.js'
import type { RuleState, RuleTest } from './rule-test.js'
import { readSeries } from './series.js'

/** A JSON document of rule tests. */
export interface RuleTestsDocument {
  readonly $schema?: string
  /** For those tests that have none of their own. */
  readonly rules?: readonly Rule[]
  readonly tests: readonly RuleTest[]
}

const STATES: readonly RuleState[] = ['raised', 'pending', 'normal', 'unknown']

/** The rules are looked at as `rules` of the object that holds them. */
const rulesOf = (own: OwnSignals): t.Type<readonly Rule[], unknown, unknown> =>
  new t.Type(
    'a list of rules',
    (value): value is readonly Rule[] => rulesCodec(own).is({ rules: value }),
    (value, context) => E.map(({ rules }: { readonly rules: readonly Rule[] }) => rules)(rulesCodec(own).validate({ rules: value }, context.slice(0, -1))),
    t.identity,
  )

const series: t.Type<string, unknown, unknown> = new t.Type(
  "a series such as '10x61 60x61+0.5'",
  t.string.is,
  (value, context) => {
    if (typeof value !== 'string') return t.failure(value, context)
    try {
      readSeries(value)
      return t.success(value)
    } catch (error) {
      return t.failure(value, context, error instanceof Error ? error.message : String(error))
    }
  },
  t.identity,
)

const given = named('an object of series by sensor', series)

const machine: t.Type<RuleTest['machine'], unknown, unknown> = (() => {
  const known = fields("a name, or an object such as { \"id\": \"m1\", \"parameters\": { \"ratedCurrent\": 20 } }", () => ({ id: needed(text), parameters: optional(named('an object of numbers', number)) }))
  return new t.Type<RuleTest['machine'], unknown, unknown>(
    known.name,
    (value): value is RuleTest['machine'] => text.is(value) || known.is(value),
    (value, context) => (text.is(value) ? t.success(value) : (known.validate(value, context) as unknown as t.Validation<RuleTest['machine']>)),
    t.identity,
  )
})()

const expectation = fields('an expectation', () => ({
  at: needed(span),
  rule: needed(text),
  state: needed(oneOf(STATES)),
  margin: optional(number),
  message: optional(guarded('a text', t.string.is)),
}))

const test = (own: OwnSignals) =>
  fields('a test', () => ({
    name: optional(text),
    rules: optional(rulesOf(own)),
    machine: optional(machine),
    stale: optional(span),
    given: needed(given),
    others: optional(named('an object of machines by name', given)),
    expect: needed(list(expectation)),
  }))

/**
 * Reads a document of rule tests, `{ "tests": [...] }`, with the rules for all of them in `rules` where they are not given elsewhere; or one test alone.
 * Left is what is wrong: the path, what came and what was expected.
 */
export function parseRuleTests(json: string, own: OwnSignals = new Map()): E.Either<string, RuleTestsDocument> {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch (error) {
    return E.left(`not JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
  const alone = typeof value === 'object' && value !== null && 'given' in value
  const document = fields('an object with the field tests', () => ({ tests: needed(list(test(own))), rules: optional(rulesOf(own)), $schema: optional(t.string) }))
  const decoded = alone ? E.map((one: unknown) => ({ tests: [one] }))(test(own).decode(value)) : document.decode(value)
  return E.isLeft(decoded) ? E.left(told(decoded.left[0]!)) : E.right(decoded.right as unknown as RuleTestsDocument)
}
