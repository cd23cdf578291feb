import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { AlarmClass, Severity } from '../model/index.js'
import { show } from '../model/show.js'
import { expectedTimestamp, parseTimestamp } from '../model/timestamp.js'
import { detectors } from '../detectors/index.js'
import { duration } from '../time/index.js'
import type { Duration } from '../time/index.js'
import { checkedZone, clockTime } from './checks.js'
import type { Condition } from './condition.js'
import { wrongDetector } from './detected.js'
import type { OwnSignals } from './own-signal.js'
import { parameterOf } from './parameter.js'
import { rule } from './rule.js'
import type { Rule, RuleOptions } from './rule.js'
import { conditionShapes, signalShapes } from './shape.js'
import type { FieldKind } from './shape.js'
import type { Detected, Signal } from './signal.js'

export const SEVERITIES: readonly Severity[] = ['low', 'medium', 'high', 'critical']
export const CLASSES: readonly AlarmClass[] = ['thermal', 'mechanical', 'electrical', 'support', 'environment', 'instrument', 'communication']
export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export const STATES = ['stopped', 'starting', 'running'] as const

/** A JSON document of rules. */
export interface RulesDocument {
  readonly $schema?: string
  readonly rules: readonly Rule[]
}

export const guarded = <A>(name: string, is: (value: unknown) => value is A): t.Type<A, A, unknown> =>
  new t.Type(name, is, (value, context) => (is(value) ? t.success(value) : t.failure(value, context)), t.identity)

/** A time as it is written, as epoch milliseconds. */
export const moment: t.Type<number, number, unknown> = new t.Type(
  'a time',
  t.number.is,
  (value, context) => {
    const time = parseTimestamp(value)
    return Number.isNaN(time) ? t.failure(value, context, `got ${show(value)}, expected ${expectedTimestamp(value)}`) : t.success(time)
  },
  t.identity,
)

const holds = (check: () => void): boolean => {
  try {
    check()
    return true
  } catch {
    return false
  }
}

export const text = guarded('a text', (value): value is string => typeof value === 'string' && value !== '')
export const number = guarded('a finite number', (value): value is number => Number.isFinite(value))
export const span = guarded("milliseconds or text such as '30s', '5m', '1h30m'", (value): value is Duration => (typeof value === 'string' || typeof value === 'number') && holds(() => duration(value as Duration)))
export const oneOf = <A extends string>(among: readonly A[]): t.Type<A, A, unknown> => guarded(`one of ${among.join(', ')}`, (value): value is A => among.includes(value as A))

/** An object of any names, each with one of these. */
export const named = <A>(what: string, one: t.Type<A, unknown, unknown>): t.Type<Readonly<Record<string, A>>, unknown, unknown> =>
  fields(what, (value) => Object.fromEntries(Object.keys(value).map((name) => [name, needed(one)]))) as unknown as t.Type<Readonly<Record<string, A>>, unknown, unknown>

/** Looks at a value as the codec does, and leaves it as it is written. */
const asWritten = (codec: t.Mixed): t.Type<unknown, unknown, unknown> =>
  new t.Type(codec.name, (_): _ is unknown => true, (value, context) => E.map(() => value)(codec.validate(value, context)), t.identity)

/** A list, its items told apart in errors by their place. */
export function list<A>(item: t.Type<A, unknown, unknown>, length?: number | 'any'): t.Type<readonly A[], unknown, unknown> {
  const name = length === undefined ? 'a list of at least one' : length === 'any' ? 'a list' : `a list of ${length}`
  const fits = (count: number): boolean => (length === undefined ? count > 0 : length === 'any' || count === length)
  return new t.Type<readonly A[], unknown, unknown>(
    name,
    (value): value is readonly A[] => Array.isArray(value) && value.every(item.is),
    (value, context) => {
      if (!Array.isArray(value) || !fits(value.length)) return t.failure(value, context)
      const decoded: A[] = []
      for (const [i, each] of (value as unknown[]).entries()) {
        const one = item.validate(each, t.appendContext(context, `[${i}]`, item, each))
        if (E.isLeft(one)) return one
        decoded.push(one.right)
      }
      return t.success(decoded)
    },
    t.identity,
  )
}

export type Codecs = Readonly<Record<string, { readonly codec: t.Mixed; readonly optional: boolean }>>
type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)

/** An object of these fields and no others. */
export function fields(what: string, codecs: (value: Fields) => Codecs | t.Mixed, fault: (decoded: Fields) => Fault | undefined = () => undefined): t.Type<Fields, unknown, unknown> {
  const validate: t.Validate<unknown, Fields> = (value, context) => {
    if (!isFields(value)) return t.failure(value, context)
    const known = codecs(value)
    // A codec: it is the wrong `op`, and tells which there are.
    if (known instanceof t.Type) return t.failure(value['op'], t.appendContext(context, 'op', known, value['op']))
    for (const name of Object.keys(value))
      if (!Object.hasOwn(known, name)) return t.failure(value[name], t.appendContext(context, name, guarded(`one of the fields ${Object.keys(known).join(', ')}`, t.never.is), value[name]))
    const decoded: Record<string, unknown> = {}
    for (const [name, { codec, optional }] of Object.entries(known)) {
      const field = Object.hasOwn(value, name) ? value[name] : undefined
      if (field === undefined && optional) continue
      const one = codec.validate(field, t.appendContext(context, name, codec, field))
      if (E.isLeft(one)) return one
      decoded[name] = one.right
    }
    const found = fault(decoded)
    if (found === undefined) return t.success(decoded)
    return t.failure(decoded[found.field], t.appendContext(context, found.field, guarded(found.expected, t.never.is)))
  }
  return new t.Type(what, (value): value is Fields => E.isRight(validate(value, [])), validate, t.identity)
}

/** What is wrong with fields that are each right alone. */
interface Fault {
  readonly field: string
  readonly expected: string
}

function faultOf(of: Fields): Fault | undefined {
  switch (of['op']) {
    case 'outside':
    case 'inside':
    case 'clamped':
      return typeof of['low'] === 'number' && typeof of['high'] === 'number' && of['low'] >= of['high'] ? { field: 'high', expected: `a number above low, ${of['low']}` } : undefined
    case 'detector': {
      const wrong = wrongDetector(of as unknown as Detected)
      return wrong === undefined ? undefined : { field: wrong.field, expected: wrong.message }
    }
    case 'hysteresis':
      return of['on'] === of['off'] ? { field: 'off', expected: `another number than on, ${String(of['on'])}` } : undefined
    case 'atLeast':
      return (of['count'] as number) > (of['of'] as readonly unknown[]).length ? { field: 'count', expected: `at most the number of conditions, ${(of['of'] as readonly unknown[]).length}` } : undefined
    case 'during':
      return of['from'] === of['to'] ? { field: 'to', expected: `another time than from, ${String(of['from'])}` } : undefined
    default:
      return undefined
  }
}

export const needed = (codec: t.Mixed): Codecs[string] => ({ codec, optional: false })
export const optional = (codec: t.Mixed): Codecs[string] => ({ codec, optional: true })

/** The codec of signals and conditions, with signals of one's own by their names. */
function codecs(own: OwnSignals): { readonly signal: t.Type<Signal, unknown, unknown>; readonly condition: t.Type<Condition, unknown, unknown> } {
  const byKind = (kind: FieldKind): Codecs[string] => {
    switch (kind) {
      case 'signal':
        return needed(signal)
      case 'signals':
        return needed(list(signal))
      case 'two signals':
        return needed(list(signal, 2))
      case 'condition':
        return needed(condition)
      case 'condition?':
        return optional(condition)
      case 'conditions':
        return needed(list(condition))
      case 'duration':
        return needed(span)
      case 'number':
        return needed(number)
      case 'fraction':
        return needed(guarded('a number from 0 to 1', (value): value is number => typeof value === 'number' && value >= 0 && value <= 1))
      case 'count':
        return needed(guarded('a whole number above 0', (value): value is number => Number.isInteger(value) && (value as number) > 0))
      case 'sensor':
      case 'text':
        return needed(text)
      case 'unit?':
        return optional(text)
      case 'zone':
        return needed(guarded("a time zone such as 'Europe/Berlin'", (value): value is string => typeof value === 'string' && holds(() => checkedZone(value))))
      case 'clock':
        return needed(guarded("a time of day such as '06:00'", (value): value is string => typeof value === 'string' && holds(() => clockTime(value))))
      case 'days?':
        return optional(list(oneOf(DAYS)))
      case 'dates?':
        return optional(list(guarded("a date such as '2026-12-25'", (value): value is string => typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value)))))
      case 'state':
        return needed(oneOf(STATES))
      case 'params':
        return optional(t.unknown)
      case 'detector':
        return needed(oneOf([...detectors.keys()]))
      case 'numbers?':
        return optional(named('an object of numbers by parameter', number))
    }
  }
  const shaped = (shape: Readonly<Record<string, FieldKind>>): Codecs => ({ op: needed(t.string), ...Object.fromEntries(Object.entries(shape).map(([name, kind]) => [name, byKind(kind)])) })
  const byOp = (shapes: Readonly<Record<string, Readonly<Record<string, FieldKind>>>>) => {
    const ops = oneOf(Object.keys(shapes))
    return (value: Fields): Codecs | t.Mixed => {
      const op = value['op']
      if (!ops.is(op)) return ops
      const shape = shaped(shapes[op]!)
      return op === 'own' ? { ...shape, name: needed(own.size === 0 ? noneKnown : oneOf([...own.keys()])), params: optional(asWritten(own.get(String(value['name']))?.params ?? t.unknown)), of: needed(t.readonlyArray(signal)) } : shape
    }
  }
  const composite = fields('a sensor, a number or a signal', byOp(signalShapes), faultOf) as t.Type<unknown, unknown, unknown> as t.Type<Extract<Signal, object>, unknown, unknown>
  const parameter = guarded("a parameter such as '$ratedCurrent' or '$ratedCurrent * 1.1'", (value): value is string => typeof value === 'string' && holds(() => parameterOf(value)))
  const sensor = guarded('the name of a sensor, or a number without quotes', (value): value is string => text.is(value) && Number.isNaN(Number(value)))
  const signal: t.Type<Signal, unknown, unknown> = new t.Type<Signal, unknown, unknown>(
    composite.name,
    (value): value is Signal => E.isRight(signal.validate(value, [])),
    (value, context): t.Validation<Signal> =>
      typeof value === 'number' ? number.validate(value, replaced(context, number))
      : typeof value !== 'string' ? composite.validate(value, context)
      : value.startsWith('$') ? parameter.validate(value, replaced(context, parameter)) : sensor.validate(value, replaced(context, sensor)),
    t.identity,
  )
  const condition = fields('a condition', byOp(conditionShapes), faultOf) as t.Type<unknown, unknown, unknown> as t.Type<Condition, unknown, unknown>
  return { signal, condition }
}

const noneKnown = guarded("a signal of one's own, and none is known here: give its definition in the option signals, or a module of them with --signals", (_): _ is string => false)

/** The same place, with another codec to say what was expected. */
const replaced = (context: t.Context, codec: t.Mixed): t.Context => [...context.slice(0, -1), { ...context[context.length - 1]!, type: codec }]

/**
 * The io-ts codec of a document of rules, `{ "rules": [...] }`, each as `rule` takes it and conditions as they are in memory:
 * `{ "id": "hot-coil", "severity": "high", "when": { "op": "heldFor", "for": "30s", "of": { "op": "above", "signal": "temperature_coil", "limit": 120 } } }`.
 *
 * Signals of one's own are known by their names, where their definitions are given; their parameters are checked, and stay as they are written. Encoding gives back plain data: nothing is lost either way.
 */
export function rulesCodec(own: OwnSignals = new Map()): t.Type<RulesDocument, unknown, unknown> {
  const { condition } = codecs(own)
  const level = fields('a level', () => ({ name: needed(text), when: needed(condition), severity: needed(oneOf(SEVERITIES)), onDelay: optional(span), message: optional(text) }))
  const shape: Codecs = {
    id: needed(text),
    when: needed(condition),
    clear: optional(condition),
    severity: optional(oneOf(SEVERITIES)),
    class: optional(oneOf(CLASSES)),
    message: optional(text),
    onDelay: optional(span),
    offDelay: optional(span),
    machines: optional(list(text)),
    suppressedBy: optional(condition),
    levels: optional(list(level)),
    latched: optional(guarded('true, or nothing', (value): value is true => value === true)),
  }
  const options = fields('a rule', () => shape)
  const one = new t.Type<Rule, unknown, unknown>(
    options.name,
    (value): value is Rule => options.is(value),
    (value, context) => {
      const decoded = options.validate(value, context)
      if (E.isLeft(decoded)) return decoded
      try {
        return t.success(rule(decoded.right as unknown as RuleOptions))
      } catch (error) {
        return t.failure(value, context, error instanceof Error ? error.message : String(error))
      }
    },
    t.identity,
  )
  const document = fields('an object with the field rules', () => ({ rules: needed(list(one)), $schema: optional(t.string) }))
  return new t.Type<RulesDocument, unknown, unknown>(
    document.name,
    (value): value is RulesDocument => document.is(value),
    (value, context) => {
      const decoded = document.validate(value, context)
      if (E.isLeft(decoded)) return decoded
      const read = decoded.right as unknown as RulesDocument
      const ids = read.rules.map(({ id }) => id)
      const twice = ids.findIndex((id, i) => ids.indexOf(id) < i)
      if (twice < 0) return t.success(read)
      const unique = guarded('an id that no other rule has', t.string.is)
      return t.failure(ids[twice], [...context, ...['rules', `[${twice}]`, 'id'].map((key) => ({ key, type: unique }))])
    },
    t.identity,
  )
}

/**
 * Reads a document of rules. Left is one line that names the path, what came and what was expected. Writing is `JSON.stringify({ rules })`.
 */
export function parseRules(json: string, own: OwnSignals = new Map()): E.Either<string, readonly Rule[]> {
  return E.map(({ rules }: RulesDocument) => rules)(readJson(rulesCodec(own), json))
}

/** A text by the codec of its document. Left is one line that names the path, what came and what was expected. */
export function readJson<A>(codec: t.Type<A, unknown, unknown>, json: string): E.Either<string, A> {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch (error) {
    return E.left(`not JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
  return E.mapLeft(([first]: t.Errors) => told(first!))(codec.decode(value))
}

/**
 * Reads a document of rules that is no text any more: as `parseRules` of its JSON.
 * Nothing throws: what JSON cannot carry is Left, too.
 */
export function readRules(document: unknown, own: OwnSignals = new Map()): E.Either<string, readonly Rule[]> {
  try {
    if (document === undefined) return E.left('document: got nothing, expected an object with the field rules')
    const plain: unknown = JSON.parse(JSON.stringify(document))
    const decoded = rulesCodec(own).decode(plain)
    return E.isLeft(decoded) ? E.left(told(decoded.left[0]!)) : E.right((plain as RulesDocument).rules.map(rule))
  } catch (error) {
    return E.left(`not JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
}

export function told({ context, value, message }: t.ValidationError): string {
  const path = context.slice(1).reduce((text, { key }) => (key.startsWith('[') ? `${text}${key}` : text === '' ? key : `${text}.${key}`), '')
  if (message !== undefined) return `${path}: ${message}`
  return `${path === '' ? 'document' : path}: got ${show(value)}, expected ${context[context.length - 1]!.type.name}`
}
