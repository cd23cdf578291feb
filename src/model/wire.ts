import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { Reading } from './reading.js'
import { type Sensors, standardSensors } from './sensors.js'
import { show, showText } from './show.js'
import { earliestTime, endOfTime, expectedTimestamp, formatTimestamp, parseTimestamp } from './timestamp.js'
import { conversionsTo, unitsLike } from './units.js'

/** Why something on the wire is no reading. `field` is the wire's name for it, or `line` where the line as a whole is meant. */
export interface Rejection {
  readonly field: string
  /** What came, as `show` cuts and escapes it. */
  readonly got: string
  readonly expected: string
}

/** One line for people. */
export const describeRejection = ({ field, got, expected }: Rejection): string => `${field}: got ${got}, expected ${expected}`

/** A reading as it is sent. `null`, an empty text or no `unit` at all: the sensor's canonical unit is assumed. Other fields are ignored. */
export interface Wire {
  readonly timestamp: string | number
  readonly machine_id: string
  readonly sensor_type: string
  readonly value: number
  readonly unit?: string | null
}

export interface Decoder {
  /** A JSON document that is already parsed. */
  decode(value: unknown): E.Either<Rejection, Reading>
  /** One line of JSON, at most 65,536 characters, or as many bytes of UTF-8. A byte order mark before it and white space (CR) behind it do not matter. */
  decodeLine(line: string | Uint8Array): E.Either<Rejection, Reading>
  /** The same of what is sent under a topic that says part of it: a bare number is the value. `given` fills in what the document does not have; names that are in both must agree, and a time of its own comes first. */
  decodePayload(payload: string | Uint8Array, given: Given): E.Either<Rejection, Reading>
}

/** What a topic says of a reading. */
export type Given = Partial<Pick<Wire, 'timestamp' | 'machine_id' | 'sensor_type'>>

const maxLine = 65_536
const maxMachine = 256
const maxInterned = 100_000

const reject = (field: string, value: unknown, expected: string): E.Either<Rejection, never> => E.left({ field, got: show(value), expected })

const rejectLine = (line: string, expected: string): E.Either<Rejection, never> =>
  E.left({ field: 'line', got: line.trim() === '' ? 'a blank line' : showText(line), expected })

/** Control characters, and halves of surrogate pairs, which UTF-8 cannot carry. */
const unfit = /[\p{Cc}\p{Cs}]/u

const isMachine = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= maxMachine && !unfit.test(value)

const expectedMachine = `a name of 1 to ${maxMachine} characters, none of them a control character`

const expectedSensor = (sensors: Sensors): string => {
  const names = [...sensors.keys()]
  const more = names.length > 20 ? ` and ${names.length - 20} more` : ''
  return `one of ${names.slice(0, 20).join(', ')}${more}; to add one, name it in the option \`sensors\` of decoder()`
}

const isValue = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)

const expectedValue = (value: unknown): string =>
  typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)) ? 'a finite JSON number: send it without quotes' : 'a finite JSON number'

const withConversions = (sensors: Sensors) => new Map([...sensors].map(([name, { unit }]) => [name, { name, unit, conversions: conversionsTo(unit) }]))

const expectedUnit = (sensor: string, unit: string): string => `${unitsLike(unit).join(', ')}, or none for ${unit}, as the unit of ${sensor}`

const isSpace = (code: number): boolean => code === 32 || code === 9 || code === 10 || code === 13

const start = (line: Uint8Array): string => new TextDecoder().decode(line.subarray(0, 64))

/** At least as many as the line has keys, nested ones too: every colon behind a quote. Text that holds such a colon counts too. */
const atMostKeys = (line: string): number => {
  let count = 0
  for (let colon = line.indexOf(':'); colon >= 0; colon = line.indexOf(':', colon + 1)) {
    let before = colon - 1
    while (isSpace(line.charCodeAt(before))) before--
    if (line.charCodeAt(before) === 34) count++
  }
  return count
}

/** The first key that the outermost object of a valid JSON text has twice. */
const duplicateKey = (line: string): string | undefined => {
  const keys = new Set<string>()
  let depth = 0
  for (let i = 0; i < line.length; i++) {
    const char = line[i]
    if (char === '{' || char === '[') depth++
    else if (char === '}' || char === ']') depth--
    else if (char === '"') {
      const start = i
      for (i++; line[i] !== '"'; i++) if (line[i] === '\\') i++
      let after = i + 1
      while (isSpace(line.charCodeAt(after))) after++
      if (depth !== 1 || line[after] !== ':') continue
      const key = JSON.parse(line.slice(start, i + 1)) as string
      if (keys.has(key)) return key
      keys.add(key)
    }
  }
  return undefined
}

const completed = (document: unknown, given: Given): E.Either<Rejection, unknown> => {
  if (typeof document === 'number') return E.right({ ...given, value: document })
  if (typeof document !== 'object' || document === null || Array.isArray(document)) return reject('line', document, 'a number, or one JSON object')
  const own = document as Partial<Record<keyof Wire, unknown>>
  for (const name of ['machine_id', 'sensor_type'] as const)
    if (given[name] !== undefined && own[name] !== undefined && own[name] !== given[name]) return reject(name, own[name], `${show(given[name])}, as the topic says`)
  return E.right({ ...given, ...own })
}

const notJson = (line: string): E.Either<Rejection, never> => {
  const value = /"value"\s*:\s*([+-]?(?:NaN|Infinity|inf)\b)/i.exec(line)?.[1]
  return value === undefined ? rejectLine(line, 'one JSON object') : E.left({ field: 'value', got: value, expected: 'a finite JSON number' })
}

/**
 * Makes readings of what is on the wire. Nothing throws: what is no reading is a `Left` that says which field, what came and what was expected.
 * A value in another unit of the same quantity is converted; a unit that is not known, or of another quantity, is rejected.
 * `unit` is the canonical one where the sender named any, and absent where it was assumed. Every reading is `good`: plausibility is judged later.
 * Equal names of machines and sensors are the same string, up to 100,000 machines. `sensors` are the known ones (default: `standardSensors`).
 */
export const decoder = ({ sensors = standardSensors }: { readonly sensors?: Sensors } = {}): Decoder => {
  const known = withConversions(sensors)
  const machines = new Map<string, string>()
  const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

  const intern = (machine: string): string => {
    if (machines.size < maxInterned) machines.set(machine, machine)
    return machine
  }

  const decode = (document: unknown): E.Either<Rejection, Reading> => {
    if (typeof document !== 'object' || document === null || Array.isArray(document)) return reject('line', document, 'one JSON object')
    const { timestamp, machine_id, sensor_type, value, unit } = document as Record<keyof Wire, unknown>
    const time = parseTimestamp(timestamp)
    if (Number.isNaN(time)) return reject('timestamp', timestamp, expectedTimestamp(timestamp))
    let machine = machines.get(machine_id as string)
    if (machine === undefined) {
      if (!isMachine(machine_id)) return reject('machine_id', machine_id, expectedMachine)
      machine = intern(machine_id)
    }
    const sensor = known.get(sensor_type as string)
    if (sensor === undefined) return reject('sensor_type', sensor_type, expectedSensor(sensors))
    if (!isValue(value)) return reject('value', value, expectedValue(value))
    if (unit === undefined || unit === null || unit === '') return E.right({ kind: 'reading', time, machine, sensor: sensor.name, value, quality: 'good' })
    const convert = sensor.conversions.get(unit as string)
    if (convert === undefined) return reject('unit', unit, expectedUnit(sensor.name, sensor.unit))
    const converted = convert(value)
    if (!isValue(converted)) return reject('value', value, `a number that is finite in ${sensor.unit} too`)
    return E.right({ kind: 'reading', time, machine, sensor: sensor.name, value: converted, unit: sensor.unit, quality: 'good' })
  }

  const decodeText = (text: string, given: Given | undefined): E.Either<Rejection, Reading> => {
    if (text.length > maxLine) return rejectLine(text, `at most ${maxLine} characters, not ${text.length}`)
    const line = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
    let document: unknown
    try {
      document = JSON.parse(line)
    } catch {
      return notJson(line)
    }
    if (typeof document === 'object' && document !== null && atMostKeys(line) !== Object.keys(document).length) {
      const key = Array.isArray(document) ? undefined : duplicateKey(line)
      if (key !== undefined) return E.left({ field: 'line', got: `the key ${show(key)} twice`, expected: 'each key once: which of them is meant is ambiguous' })
    }
    if (given === undefined) return decode(document)
    const whole = completed(document, given)
    return E.isLeft(whole) ? whole : decode(whole.right)
  }

  const decodeBytes = (line: string | Uint8Array, given?: Given): E.Either<Rejection, Reading> => {
    if (typeof line === 'string') return decodeText(line, given)
    if (line.length > maxLine) return rejectLine(start(line), `at most ${maxLine} bytes, not ${line.length}`)
    let text: string
    try {
      text = utf8.decode(line)
    } catch {
      return rejectLine(start(line), 'UTF-8')
    }
    return decodeText(text, given)
  }

  // Not as it is: callers hand over more than a line.
  return { decode, decodeLine: (line) => decodeBytes(line), decodePayload: decodeBytes }
}

const wire = ({ time, machine, sensor, value, unit }: Reading): Wire => {
  if (!Number.isFinite(value)) throw new RangeError(`value: got ${value}, expected a finite number; JSON has no other`)
  const timestamp = formatTimestamp(time)
  return unit === undefined ? { timestamp, machine_id: machine, sensor_type: sensor, value } : { timestamp, machine_id: machine, sensor_type: sensor, value, unit }
}

/**
 * The line that `decodeLine` reads back as the same reading, time and value to the last bit (the wire has no `quality`: a suspect one comes back good).
 * Throws a RangeError for what the wire cannot carry: a time outside the years 1971 to 9999, a value that is not finite.
 */
export const encodeReading = (reading: Reading): string => JSON.stringify(wire(reading))

const isTime = (value: unknown): value is number => typeof value === 'number' && value >= earliestTime && value < endOfTime

const refined = <A>(name: string, is: (value: unknown) => value is A, expected: (value: unknown) => string): t.Type<A, A, unknown> =>
  new t.Type(name, is, (value, context) => (is(value) ? t.success(value) : t.failure(value, context, expected(value))), t.identity)

const standard = withConversions(standardSensors)

const WireDocument = t.type({
  timestamp: new t.Type<number, string, unknown>('Timestamp', isTime, (value, context) => {
    const time = parseTimestamp(value)
    return Number.isNaN(time) ? t.failure(value, context, expectedTimestamp(value)) : t.success(time)
  }, formatTimestamp),
  machine_id: refined('Machine', isMachine, () => expectedMachine),
  sensor_type: refined('Sensor', (value): value is string => standard.has(value as string), () => expectedSensor(standardSensors)),
  value: refined('Value', isValue, expectedValue),
  unit: t.union([t.string, t.null, t.undefined]),
})

const isReading = (value: unknown): value is Reading => {
  if (typeof value !== 'object' || value === null) return false
  const { kind, time, machine, sensor, value: number, unit, quality } = value as Record<keyof Reading, unknown>
  const known = standard.get(sensor as string)
  return kind === 'reading' && isTime(time) && isMachine(machine) && isValue(number) && known !== undefined
    && (unit === undefined || unit === known.unit) && (quality === 'good' || quality === 'suspect')
}

/**
 * The wire format of the standard sensors as an io-ts codec, put together from parts: it takes what `decoder().decode` takes, and makes the same reading of it.
 * It is for those who build codecs from codecs; the decoder is some ten times faster, and alone sees lines.
 */
export const WireReading: t.Type<Reading, Wire, unknown> = new t.Type<Reading, Wire, unknown>(
  'WireReading',
  isReading,
  (document, context) => E.either.chain(WireDocument.validate(document, context), ({ timestamp: time, machine_id: machine, sensor_type: sensor, value, unit }) => {
    const reading = { kind: 'reading', time, machine, sensor, value, quality: 'good' } as const
    if (unit === undefined || unit === null || unit === '') return t.success(reading)
    const canonical = standard.get(sensor)?.unit ?? ''
    const converted = standard.get(sensor)?.conversions.get(unit)?.(value)
    if (converted === undefined) return t.failure(unit, context, expectedUnit(sensor, canonical))
    return isValue(converted) ? t.success({ ...reading, value: converted, unit: canonical }) : t.failure(value, context, `a number that is finite in ${canonical} too`)
  }),
  wire,
)
