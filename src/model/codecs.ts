import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { AlarmClass, AlarmState, AlarmStatus, Severity } from './alarm.js'
import type { CommandName } from './command.js'
import type { Item, Output } from './item.js'
import type { Quality } from './reading.js'
import type { RejectReason } from './rejected.js'
import { show } from './show.js'

type Fields<R extends t.Props, O extends t.Props> = { [K in keyof R]: t.TypeOf<R[K]> } & { [K in keyof O]?: t.TypeOf<O[K]> }

const isDocument = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** An object of these fields. Others are left out, so nothing slips in by a name like `__proto__`. */
const fields = <R extends t.Props, O extends t.Props>(name: string, required: R, optional: O): t.Type<Fields<R, O>, unknown, unknown> => {
  const codecs: readonly (readonly [key: string, codec: t.Mixed, needed: boolean])[] = [
    ...Object.entries(required).map(([key, codec]) => [key, codec, true] as const),
    ...Object.entries(optional).map(([key, codec]) => [key, codec, false] as const),
  ]
  const own = (value: Record<string, unknown>, key: string): unknown => (Object.hasOwn(value, key) ? value[key] : undefined)
  return new t.Type<Fields<R, O>, unknown, unknown>(
    name,
    (value): value is Fields<R, O> =>
      isDocument(value) && codecs.every(([key, codec, needed]) => (!needed && own(value, key) === undefined) || codec.is(own(value, key))),
    (value, context) => {
      if (!isDocument(value)) return t.failure(value, context)
      const result: Record<string, unknown> = {}
      for (const [key, codec, needed] of codecs) {
        const field = own(value, key)
        if (!needed && field === undefined) continue
        const decoded = codec.validate(field, t.appendContext(context, key, codec, field))
        if (E.isLeft(decoded)) return decoded
        result[key] = decoded.right
      }
      return t.success(result as Fields<R, O>)
    },
    (value) => {
      const document = value as Record<string, unknown>
      return Object.fromEntries(codecs.filter(([key]) => document[key] !== undefined).map(([key, codec]) => [key, codec.encode(document[key])]))
    },
  )
}

const oneOf = <A extends string | boolean>(...values: readonly A[]): t.Type<A, A, unknown> => {
  const is = (value: unknown): value is A => values.includes(value as A)
  return new t.Type(values.join(' | '), is, (value, context) => (is(value) ? t.success(value) : t.failure(value, context)), t.identity)
}

const isWhole = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

const isFinite = (value: unknown): value is number => Number.isFinite(value)

const Finite = new t.Type<number, number, unknown>(
  'a finite number', isFinite, (value, context) => (isFinite(value) ? t.success(value) : t.failure(value, context)), t.identity)

/** JSON has no NaN and no Infinity: NaN is written as `null`, the infinities as `"Infinity"` and `"-Infinity"`. */
const plain = (value: number): number | string | null => (Number.isFinite(value) ? value : Number.isNaN(value) ? null : String(value))

const unplain = (value: unknown): number | undefined =>
  typeof value === 'number' ? value : value === null ? NaN : value === 'Infinity' ? Infinity : value === '-Infinity' ? -Infinity : undefined

const AnyNumber = new t.Type<number, number | string | null, unknown>(
  'a number, null (NaN), "Infinity" or "-Infinity"',
  t.number.is,
  (value, context) => {
    const number = unplain(value)
    return number === undefined ? t.failure(value, context) : t.success(number)
  },
  plain,
)

const isNumbers = (value: unknown): value is Readonly<Record<string, number>> => isDocument(value) && Object.values(value).every(t.number.is)

const Numbers = new t.Type<Readonly<Record<string, number>>, Readonly<Record<string, number | string | null>>, unknown>(
  'numbers by name',
  isNumbers,
  (value, context) => {
    if (!isDocument(value)) return t.failure(value, context)
    for (const [key, number] of Object.entries(value)) {
      if (unplain(number) === undefined) return AnyNumber.validate(number, t.appendContext(context, key, AnyNumber, number)) as t.Validation<never>
    }
    return t.success(Object.fromEntries(Object.entries(value).map(([key, number]) => [key, unplain(number) ?? NaN])))
  },
  (value) => Object.fromEntries(Object.entries(value).map(([key, number]) => [key, plain(number)])),
)

const Whole = new t.Type<number, number, unknown>(
  'a whole number from 0 on', isWhole, (value, context) => (isWhole(value) ? t.success(value) : t.failure(value, context)), t.identity)

const OriginCodec = fields('origin', { topic: t.string, partition: Whole, offset: Whole }, {})

/** A reading in our own form, as it flows. The form that machines send is `WireReading`. */
export const ReadingCodec = fields(
  'reading',
  { kind: oneOf('reading'), time: Finite, machine: t.string, sensor: t.string, value: Finite, quality: oneOf<Quality>('good', 'suspect') },
  { unit: t.string, origin: OriginCodec },
)

export const CommandCodec = fields(
  'command',
  {
    kind: oneOf('command'),
    time: Finite,
    name: oneOf<CommandName>('acknowledge', 'shelve', 'unshelve', 'reset', 'remove-from-service', 'return-to-service', 'relearn'),
    by: t.string,
  },
  { machine: t.string, area: t.string, rule: t.string, occurrence: t.string, why: t.string, until: AnyNumber },
)

/** Its content is checked where it takes effect: signals of one's own are known there. */
const Document = new t.Type<unknown, unknown, unknown>(
  'a document of rules, a JSON object', isDocument, (value, context) => (isDocument(value) ? t.success(value) : t.failure(value, context)), t.identity)

export const RulesCodec = fields('rules', { kind: oneOf('rules'), time: Finite, rules: Document }, { by: t.string, reason: t.string })

export const TickCodec = fields('tick', { kind: oneOf('tick'), time: Finite }, { source: t.string })

export const RejectedCodec = fields(
  'rejected',
  { kind: oneOf('rejected'), time: AnyNumber, reason: oneOf<RejectReason>('undecodable', 'late', 'ahead', 'duplicate', 'refused'), detail: t.string },
  { where: t.string, by: AnyNumber, reading: ReadingCodec, raw: t.string },
)

/** A summary whose values are numbers, as those of the aggregates of this library are. */
export const SummaryCodec = fields(
  'summary',
  { kind: oneOf('summary'), time: Finite, machine: t.string, start: Finite, end: Finite, values: Numbers },
  { sensor: t.string, key: t.string, status: oneOf<'early' | 'partial'>('early', 'partial') },
)

export const SnapshotCodec = fields(
  'snapshot',
  { kind: oneOf('snapshot'), time: Finite, machine: t.string, values: Numbers, missing: t.readonlyArray(t.string) },
  {},
)

export const VerdictCodec = fields(
  'verdict',
  { kind: oneOf('verdict'), time: Finite, machine: t.string, condition: t.string, truth: oneOf<true | false | 'unknown'>(true, false, 'unknown'), margin: AnyNumber },
  { signal: t.string, value: AnyNumber, limit: AnyNumber, since: Finite },
)

const Class = oneOf<AlarmClass>('thermal', 'mechanical', 'electrical', 'support', 'environment', 'instrument', 'communication')

/** `status` is required: a line from before there was one is refused, as what it was cannot be told from its `state`. */
export const AlarmCodec = fields(
  'alarm',
  {
    kind: oneOf('alarm'),
    id: t.string,
    occurrence: t.string,
    time: Finite,
    machine: t.string,
    rule: t.string,
    state: oneOf<AlarmState>(
      'raised', 'cleared', 'escalated', 'acknowledged', 'shelved', 'unshelved', 'suppressed', 'unsuppressed', 'removed-from-service', 'returned-to-service', 'reset',
      'data-lost', 'data-back', 'closed',
    ),
    status: oneOf<AlarmStatus>('normal', 'unacknowledged', 'acknowledged', 'returned', 'latched-unacknowledged', 'latched', 'shelved', 'suppressed', 'out-of-service'),
    severity: oneOf<Severity>('low', 'medium', 'high', 'critical'),
    class: Class,
    message: t.string,
    raisedAt: AnyNumber,
    value: AnyNumber,
    limit: AnyNumber,
  },
  { sensor: t.string, unit: t.string, level: t.string, noData: oneOf<true>(true), by: t.string, why: t.string, until: Finite, since: Finite, clears: t.string, inhibitedBy: t.string },
)

export const AnswerCodec = fields(
  'answer',
  { kind: oneOf('answer'), time: Finite, command: CommandCodec, accepted: t.boolean, transitions: t.readonlyArray(t.string) },
  { machine: t.string, reason: t.string },
)

export const AlarmGroupCodec = fields(
  'alarm-group',
  {
    kind: oneOf('alarm-group'),
    time: Finite,
    key: t.string,
    alarms: t.readonlyArray(AlarmCodec),
    raised: t.readonlyArray(AlarmCodec),
    cleared: t.readonlyArray(AlarmCodec),
  },
  {},
)

export const AlarmMeasuresCodec = fields(
  'alarm-measures',
  {
    kind: oneOf('alarm-measures'),
    time: Finite,
    key: t.string,
    start: Finite,
    end: Finite,
    raised: Finite,
    perDay: AnyNumber,
    most: Finite,
    flood: AnyNumber,
    mix: fields('shares by severity', { low: AnyNumber, medium: AnyNumber, high: AnyNumber, critical: AnyNumber }, {}),
    targets: fields('targets', { perDay: Finite, flood: Finite, mix: fields('shares by priority', { low: Finite, medium: Finite, high: Finite }, {}) }, {}),
    top: t.readonlyArray(fields('a rule on a machine', { machine: t.string, rule: t.string, raised: Finite, share: Finite }, {})),
    chattering: Finite,
    fleeting: Finite,
    standing: Finite,
  },
  { status: oneOf('partial') },
)

export const AnomalyCodec = fields(
  'anomaly',
  { kind: oneOf('anomaly'), time: Finite, machine: t.string, reading: ReadingCodec, classes: t.readonlyArray(Class) },
  {},
)

const Ids = t.readonlyArray(t.string)

export const RulesChangedCodec = fields(
  'rules-changed',
  { kind: oneOf('rules-changed'), time: Finite, added: Ids, removed: Ids, changed: Ids, unchanged: Ids },
  { by: t.string, reason: t.string },
)

const codecs: ReadonlyMap<unknown, t.Decoder<unknown, Output>> = new Map<unknown, t.Decoder<unknown, Output>>([
  ['reading', ReadingCodec],
  ['command', CommandCodec],
  ['rules', RulesCodec],
  ['tick', TickCodec],
  ['rejected', RejectedCodec],
  ['summary', SummaryCodec],
  ['snapshot', SnapshotCodec],
  ['verdict', VerdictCodec],
  ['alarm', AlarmCodec],
  ['alarm-group', AlarmGroupCodec],
  ['alarm-measures', AlarmMeasuresCodec],
  ['answer', AnswerCodec],
  ['anomaly', AnomalyCodec],
  ['rules-changed', RulesChangedCodec],
])

const isInfinite = (value: unknown): boolean => value === Infinity || value === -Infinity

const nameInfinity = (_key: string, value: unknown): unknown => (isInfinite(value) ? String(value) : value)

/** A look through the item: the replacer of JSON.stringify costs several times the plain call. What lies deep, or is circular, is left to that. */
const holdsInfinity = (item: object, depth = 0): boolean => {
  if (depth > 8) return true
  for (const value of Object.values(item)) {
    if (isInfinite(value) || (typeof value === 'object' && value !== null && holdsInfinity(value as object, depth + 1))) return true
  }
  return false
}

/** One line of JSON of any item, users' own kinds too. NaN is written as `null`, the infinities as `"Infinity"` and `"-Infinity"`: JSON has none of them. */
export const encodeItem = (item: Item): string => JSON.stringify(item, holdsInfinity(item) ? nameInfinity : undefined)

const describe = (error: t.ValidationError | undefined): string => {
  const path = error?.context.map(({ key }) => key).filter((key) => key !== '').join('.') ?? ''
  const expected = error?.context.at(-1)?.type.name ?? 'an item'
  return `${path === '' ? 'item' : path}: got ${show(error?.value)}, expected ${expected}`
}

/**
 * An item from a parsed JSON document of `encodeItem`. Where a field may be NaN (an alarm's value, limit and `raisedAt`, a verdict's margin, the values of a summary,
 * the time of what was rejected), `null` is NaN again. Fields that the kind does not have are left out.
 * `Left` is one line: the field, what came, what was expected. It is `Left` for users' own kinds too: they have no codec here.
 */
export const decodeItem = (value: unknown): E.Either<string, Output> => {
  if (!isDocument(value)) return E.left(`item: got ${show(value)}, expected a JSON object with a kind`)
  const kind = Object.hasOwn(value, 'kind') ? value['kind'] : undefined
  const codec = codecs.get(kind)
  if (codec === undefined) return E.left(`kind: got ${show(kind)}, expected one of ${[...codecs.keys()].join(', ')}`)
  return E.mapLeft((errors: t.Errors) => describe(errors[0]))(codec.decode(value))
}
