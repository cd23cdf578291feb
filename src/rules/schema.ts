import { detectors } from '../detectors/index.js'
import type { OwnSignals } from './own-signal.js'
import { CLASSES, DAYS, SEVERITIES, STATES } from './document.js'
import { conditionShapes, signalShapes } from './shape.js'
import type { FieldKind } from './shape.js'

type Schema = Readonly<Record<string, unknown>>

const ref = (name: string): Schema => ({ $ref: `#/definitions/${name}` })
const listOf = (items: Schema, more: Schema = { minItems: 1 }): Schema => ({ type: 'array', items, ...more })

const KINDS: Readonly<Record<FieldKind, Schema>> = {
  signal: ref('signal'),
  signals: listOf(ref('signal')),
  'two signals': listOf(ref('signal'), { minItems: 2, maxItems: 2 }),
  condition: ref('condition'),
  'condition?': ref('condition'),
  conditions: listOf(ref('condition')),
  duration: ref('duration'),
  number: { type: 'number' },
  fraction: { type: 'number', minimum: 0, maximum: 1 },
  count: { type: 'integer', minimum: 1 },
  sensor: { type: 'string', minLength: 1 },
  text: { type: 'string', minLength: 1 },
  'unit?': { type: 'string', minLength: 1 },
  zone: { type: 'string', description: 'a time zone such as Europe/Berlin' },
  clock: { type: 'string', pattern: '^\\d\\d:\\d\\d$' },
  'days?': listOf({ enum: DAYS }),
  'dates?': listOf({ type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\d$' }),
  state: { enum: STATES },
  params: {},
  detector: { enum: [...detectors.keys()] },
  'numbers?': { type: 'object', additionalProperties: { type: 'number' } },
}

const shaped = (op: string, shape: Readonly<Record<string, FieldKind>>, more: Schema = {}): Schema => ({
  type: 'object',
  properties: { op: { const: op }, ...Object.fromEntries(Object.entries(shape).map(([name, kind]) => [name, KINDS[kind]])), ...more },
  required: ['op', ...Object.entries(shape).flatMap(([name, kind]) => (kind.endsWith('?') || kind === 'params' ? [] : [name]))],
  additionalProperties: false,
})

const ops = (shapes: Readonly<Record<string, Readonly<Record<string, FieldKind>>>>): readonly Schema[] => Object.entries(shapes).map(([op, shape]) => shaped(op, shape))

/** The JSON Schema (draft 7) of a document of rules, for editors: put its address into the document as `$schema`. */
export function rulesSchema(own: OwnSignals = new Map()): Schema {
  const level = { name: KINDS.text, when: ref('condition'), severity: { enum: SEVERITIES }, onDelay: ref('duration'), message: KINDS.text }
  const { own: ownShape, ...signals } = signalShapes
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Rules of motorwatch',
    type: 'object',
    properties: { $schema: { type: 'string' }, rules: listOf(ref('rule')) },
    required: ['rules'],
    additionalProperties: false,
    definitions: {
      duration: { anyOf: [{ type: 'number', minimum: 0 }, { type: 'string', pattern: '^(\\d+(\\.\\d+)?(ms|d|h|m|s))+$' }], description: "milliseconds, or text such as '30s', '5m', '1h30m'" },
      signal: {
        anyOf: [
          { type: 'number' },
          { type: 'string', minLength: 1, description: "a sensor, or a parameter of the machine such as '$ratedCurrent * 1.1'" },
          ...ops(signals),
          ...(own.size === 0 ? [] : [shaped('own', ownShape, { name: { enum: [...own.keys()] }, of: listOf(ref('signal'), {}) })]),
        ],
      },
      condition: { anyOf: ops(conditionShapes) },
      rule: {
        type: 'object',
        properties: {
          id: { type: 'string', pattern: '^[\\w.-]+$' },
          when: ref('condition'),
          clear: ref('condition'),
          severity: { enum: SEVERITIES },
          class: { enum: CLASSES },
          message: { type: 'string', minLength: 1, description: '{machine}, {sensor}, {value}, {limit} and {unit} are filled in, and of a detector {reason}' },
          onDelay: ref('duration'),
          offDelay: ref('duration'),
          machines: listOf(KINDS.text),
          suppressedBy: ref('condition'),
          levels: listOf({ type: 'object', properties: level, required: ['name', 'when', 'severity'], additionalProperties: false }),
          latched: { const: true },
        },
        required: ['id', 'when'],
        additionalProperties: false,
      },
    },
  }
}
