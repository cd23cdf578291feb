import * as E from 'fp-ts/lib/Either.js'
import type { AlarmClass, Severity } from '../model/index.js'
import { show } from '../model/show.js'
import { duration } from '../time/index.js'
import type { Duration } from '../time/index.js'
import type { Condition } from './condition.js'
import { rule } from './rule.js'
import type { Rule } from './rule.js'
import type { Signal } from './signal.js'

class Wrong extends Error {}

const SEVERITIES: readonly Severity[] = ['low', 'medium', 'high', 'critical']
const CLASSES: readonly AlarmClass[] = ['thermal', 'mechanical', 'electrical', 'support', 'environment', 'instrument', 'communication']
const CONDITIONS = ['above', 'below', 'outside', 'inside', 'all', 'any', 'not', 'heldFor', 'within']
const SIGNALS = ['difference', 'sum', 'ratio', 'absolute', 'scaled']
const FIELDS = ['id', 'when', 'clear', 'severity', 'class', 'message', 'onDelay', 'offDelay', 'machines']

function wrong(path: string, got: unknown, expected: string): never {
  throw new Wrong(`${path}: got ${show(got)}, expected ${expected}`)
}

type Fields = Readonly<Record<string, unknown>>

function fields(value: unknown, path: string, names: readonly string[], what: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) wrong(path, value, what)
  for (const name of Object.keys(value)) if (!names.includes(name)) wrong(`${path}.${name}`, (value as Fields)[name], `one of the fields ${names.join(', ')}`)
  return value as Fields
}

function text(value: unknown, path: string): string {
  return typeof value === 'string' && value !== '' ? value : wrong(path, value, 'a text')
}

function oneOf<T extends string>(value: unknown, path: string, among: readonly T[]): T {
  return among.includes(value as T) ? (value as T) : wrong(path, value, `one of ${among.join(', ')}`)
}

function number(value: unknown, path: string): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : wrong(path, value, 'a finite number')
}

function span(value: unknown, path: string): Duration {
  try {
    duration(value as Duration)
    if (typeof value === 'string' || typeof value === 'number') return value as Duration
  } catch {
    // told below
  }
  return wrong(path, value, "milliseconds or text such as '30s', '5m', '1h30m'")
}

function list<T>(value: unknown, path: string, item: (value: unknown, path: string) => T, length?: number): readonly T[] {
  if (!Array.isArray(value) || value.length === 0 || (length !== undefined && value.length !== length)) wrong(path, value, length === undefined ? 'a list of at least one' : `a list of ${length}`)
  return value.map((each, i) => item(each, `${path}[${i}]`))
}

const opOf = (value: unknown): unknown => (typeof value === 'object' && value !== null ? (value as Fields)['op'] : undefined)

function signal(value: unknown, path: string): Signal {
  if (typeof value === 'string') return text(value, path)
  const op = oneOf(opOf(value), `${path}.op`, SIGNALS) as Exclude<Signal, string>['op']
  const { of, by } = fields(value, path, op === 'scaled' ? ['op', 'of', 'by'] : ['op', 'of'], 'a sensor or a signal')
  switch (op) {
    case 'difference':
    case 'ratio': {
      const [a, b] = list(of, `${path}.of`, signal, 2)
      return { op, of: [a!, b!] }
    }
    case 'sum':
      return { op, of: list(of, `${path}.of`, signal) }
    case 'absolute':
      return { op, of: signal(of, `${path}.of`) }
    case 'scaled':
      return { op, of: signal(of, `${path}.of`), by: number(by, `${path}.by`) }
  }
}

function condition(value: unknown, path: string): Condition {
  const op = oneOf(opOf(value), `${path}.op`, CONDITIONS) as Condition['op']
  const take = (...names: readonly string[]): Fields => fields(value, path, ['op', ...names], 'a condition')
  switch (op) {
    case 'above':
    case 'below': {
      const { signal: of, limit } = take('signal', 'limit')
      return { op, signal: signal(of, `${path}.signal`), limit: number(limit, `${path}.limit`) }
    }
    case 'outside':
    case 'inside': {
      const { signal: of, low, high } = take('signal', 'low', 'high')
      const [from, to] = [number(low, `${path}.low`), number(high, `${path}.high`)]
      if (from >= to) wrong(`${path}.high`, high, `a number above low, ${from}`)
      return { op, signal: signal(of, `${path}.signal`), low: from, high: to }
    }
    case 'all':
    case 'any':
      return { op, of: list(take('of')['of'], `${path}.of`, condition) }
    case 'not':
      return { op, of: condition(take('of')['of'], `${path}.of`) }
    case 'heldFor':
    case 'within': {
      const { for: time, of } = take('for', 'of')
      return { op, for: span(time, `${path}.for`), of: condition(of, `${path}.of`) }
    }
  }
}

function oneRule(value: unknown, path: string): Rule {
  const from = fields(value, path, FIELDS, 'a rule')
  const optional = <T>(name: string, read: (value: unknown, path: string) => T): Readonly<Record<string, T>> =>
    from[name] === undefined ? {} : { [name]: read(from[name], `${path}.${name}`) }
  const options = {
    id: text(from['id'], `${path}.id`),
    when: condition(from['when'], `${path}.when`),
    ...optional('clear', condition),
    ...optional('severity', (each, at) => oneOf(each, at, SEVERITIES)),
    ...optional('class', (each, at) => oneOf(each, at, CLASSES)),
    ...optional('message', text),
    ...optional('onDelay', span),
    ...optional('offDelay', span),
    ...optional('machines', (each, at) => list(each, at, text)),
  }
  try {
    return rule(options)
  } catch (error) {
    return wrong(path, options.id, error instanceof Error ? error.message : String(error))
  }
}

/**
 * Reads rules from a JSON document, `{ "rules": [...] }`, each as `rule` takes it and conditions as they are in memory:
 * `{ "id": "hot-coil", "severity": "high", "when": { "op": "heldFor", "for": "30s", "of": { "op": "above", "signal": "temperature_coil", "limit": 120 } } }`.
 *
 * Left is one line that names the path, what came and what was expected. Writing is `JSON.stringify({ rules })`.
 */
export function parseRules(json: string): E.Either<string, readonly Rule[]> {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch (error) {
    return E.left(`not JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
  try {
    const { rules } = fields(value, 'document', ['rules', '$schema'], 'an object with the field rules')
    const read = list(rules, 'rules', oneRule)
    const ids = read.map(({ id }) => id)
    const twice = ids.findIndex((id, i) => ids.indexOf(id) < i)
    if (twice >= 0) wrong(`rules[${twice}].id`, ids[twice], 'an id that no other rule has')
    return E.right(read)
  } catch (error) {
    if (error instanceof Wrong) return E.left(error.message)
    throw error
  }
}
