import { fc, test } from '@fast-check/vitest'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect } from 'vitest'
import type { Reading } from '../../src/model/reading.js'
import { type Sensors, standardSensors } from '../../src/model/sensors.js'
import { earliestTime, endOfTime } from '../../src/model/timestamp.js'
import { decoder, describeRejection, encodeReading, type Rejection, WireReading } from '../../src/model/wire.js'

const document = { timestamp: '2025-12-18T12:30:00Z', machine_id: 'M1', sensor_type: 'current', value: 19.21, unit: 'A' }
const reading: Reading = { kind: 'reading', time: Date.UTC(2025, 11, 18, 12, 30), machine: 'M1', sensor: 'current', value: 19.21, unit: 'A', quality: 'good' }
const line = JSON.stringify(document)
const { unit: _, ...assumed } = reading

const { decode, decodeLine } = decoder()
const bytes = (text: string) => new TextEncoder().encode(text)
const whyNot = (result: E.Either<Rejection, Reading>) => (E.isLeft(result) ? describeRejection(result.left) : 'it was taken')
const oneLine = /^[^\p{Cc}\p{Zl}\p{Zp}]{1,1000}$/u

describe('what is taken', () => {
  test('a line, as text and as bytes', () => {
    expect(decodeLine(line)).toEqual(E.right(reading))
    expect(decodeLine(bytes(line))).toEqual(E.right(reading))
  })
  test('a byte order mark before it', () => {
    expect(decodeLine(`\ufeff${line}`)).toEqual(E.right(reading))
    expect(decodeLine(bytes(`\ufeff${line}`))).toEqual(E.right(reading))
  })
  test('CR and LF behind it', () => { expect(decodeLine(`${line}\r\n`)).toEqual(E.right(reading)) })
  test('fields that are not ours', () => { expect(decodeLine(line.replace('{', '{"site":{"value":1,"value":2},"x":[":"],'))).toEqual(E.right(reading)) })
  test('any order and white space', () => {
    expect(decodeLine(' { "unit" : "A" ,\t"value": 1921e-2, "sensor_type" :"current","machine_id":"M1" , "timestamp":"2025-12-18T12:30:00Z" } ')).toEqual(E.right(reading))
  })
  test('text that looks like a key', () => {
    const odd = { ...document, machine_id: '": ":\\":\\\\":' }
    expect(decodeLine(JSON.stringify(odd))).toEqual(E.right({ ...reading, machine: odd.machine_id }))
  })
  test('the unit of the reference file', () => {
    expect(decode({ ...document, sensor_type: 'temperature_coil', unit: 'C' })).toEqual(E.right({ ...reading, sensor: 'temperature_coil', unit: 'degC' }))
  })
  test('another unit is converted', () => { expect(decode({ ...document, value: 19_210, unit: 'mA' })).toEqual(E.right(reading)) })
  test.each([[undefined], [null], ['']])('unit %j is assumed, and absent', (unit) => expect(decode({ ...document, unit })).toStrictEqual(E.right(assumed)))
  test('no unit is assumed, and absent', () => { expect(decodeLine(line.replace(',"unit":"A"', ''))).toStrictEqual(E.right(assumed)) })
  test.each(['__proto__', 'constructor', 'hasOwnProperty', 'M 1', 'м-1', '电机', '😀', ',=\\ "', 'a'.repeat(256)])('machine %s is an ordinary name', (machine_id) => {
    expect(decodeLine(JSON.stringify({ ...document, machine_id }))).toEqual(E.right({ ...reading, machine: machine_id }))
    expect(decodeLine(bytes(JSON.stringify({ ...document, machine_id })))).toEqual(E.right({ ...reading, machine: machine_id }))
  })
  test('a field named __proto__ is one that is not ours', () => {
    expect(decodeLine('{"__proto__":{"unit":"kA"},"timestamp":"2025-12-18T12:30:00Z","machine_id":"M1","sensor_type":"current","value":19.21}')).toStrictEqual(E.right(assumed))
  })
  test('an epoch number', () => { expect(decode({ ...document, timestamp: 1766061000 })).toEqual(E.right(reading)) })
  test('exactly 65,536 characters', () => { expect(decodeLine(line + ' '.repeat(65_536 - line.length))).toEqual(E.right(reading)) })
  test('sensors of one\'s own', () => {
    const sensors: Sensors = new Map([['flow', { unit: 'l/min', range: [0, 9], class: 'support' }]])
    const mine = decoder({ sensors })
    expect(mine.decode({ ...document, sensor_type: 'flow', unit: 'l/min' })).toEqual(E.right({ ...reading, sensor: 'flow', unit: 'l/min' }))
    expect(whyNot(mine.decode(document))).toMatch(/^sensor_type: got "current", expected one of flow;/)
  })
})

describe('what is rejected, and how it is told', () => {
  test.each<[string, unknown, string | RegExp]>([
    ['a value that is text', { ...document, value: '12.5' }, 'value: got "12.5", expected a finite JSON number: send it without quotes'],
    ['a value that is words', { ...document, value: 'off' }, 'value: got "off", expected a finite JSON number'],
    ['a value that is empty text', { ...document, value: '' }, 'value: got "", expected a finite JSON number'],
    ['a value that is null', { ...document, value: null }, 'value: got null, expected a finite JSON number'],
    ['a value that is true', { ...document, value: true }, 'value: got true, expected a finite JSON number'],
    ['a value that is NaN', { ...document, value: NaN }, 'value: got NaN, expected a finite JSON number'],
    ['a value that is Infinity', { ...document, value: Infinity }, 'value: got Infinity, expected a finite JSON number'],
    ['a value that is missing', { ...document, value: undefined }, 'value: got nothing, expected a finite JSON number'],
    ['a value that overflows when converted', { ...document, value: 1e308, unit: 'kA' }, 'value: got 1e+308, expected a number that is finite in A too'],
    ['an unknown unit', { ...document, unit: 'furlong' }, 'unit: got "furlong", expected A, mA, kA, or none for A, as the unit of current'],
    ['a unit of another quantity', { ...document, unit: 'V' }, /^unit: got "V", expected A, mA, kA/],
    ['a unit that is no text', { ...document, unit: 1 }, /^unit: got 1, expected A/],
    ['a blank unit', { ...document, unit: ' ' }, /^unit: got " ", expected A/],
    ['an unknown sensor', { ...document, sensor_type: 'noise' }, 'sensor_type: got "noise", expected one of temperature_coil, vibration_rotor, current, voltage, pressure, '
      + 'temperature_env, humidity_env; to add one, name it in the option `sensors` of decoder()'],
    ['a sensor named like a method', { ...document, sensor_type: 'constructor' }, /^sensor_type: got "constructor", expected one of/],
    ['a sensor that is a list', { ...document, sensor_type: ['current'] }, /^sensor_type: got \["current"\], expected one of/],
    ['no machine', { ...document, machine_id: undefined }, 'machine_id: got nothing, expected a name of 1 to 256 characters, none of them a control character'],
    ['a machine without a name', { ...document, machine_id: '' }, /^machine_id: got "", expected a name/],
    ['a machine that is a number', { ...document, machine_id: 7 }, /^machine_id: got 7, expected a name/],
    ['a machine with a long name', { ...document, machine_id: 'x'.repeat(257) }, /^machine_id: got "x{56}\.\.\., expected a name/],
    ['a machine with a line feed', { ...document, machine_id: 'a\nb' }, 'machine_id: got "a\\nb", expected a name of 1 to 256 characters, none of them a control character'],
    ['a machine with a C1 control', { ...document, machine_id: 'a\u0085b' }, /^machine_id: got "a\\u0085b", expected a name/],
    ['a machine with half a surrogate pair', { ...document, machine_id: 'a\ud800' }, /^machine_id: got "a\\ud800", expected a name/],
    ['no timestamp', { ...document, timestamp: undefined }, /^timestamp: got nothing, expected a time such as "2025-12-18T12:30:00Z", or a number since 1970$/],
    ['a timestamp without a zone', { ...document, timestamp: '2025-12-18T12:30:00' }, /^timestamp: got "2025-12-18T12:30:00", expected .* ambiguous/],
    ['a list', [document], /^line: got \[\{"timestamp":.*, expected one JSON object$/],
    ['an empty list', [], 'line: got [], expected one JSON object'],
    ['null', null, 'line: got null, expected one JSON object'],
    ['a number', 5, 'line: got 5, expected one JSON object'],
    ['nothing', undefined, 'line: got nothing, expected one JSON object'],
  ])('%s', (_name, value, message) => {
    expect(whyNot(decode(value))).toMatch(typeof message === 'string' ? new RegExp(`^${message.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`) : message)
    expect(whyNot(decode(value))).toMatch(oneLine)
  })

  test.each<[string, string | Uint8Array, RegExp]>([
    ['a blank line', ' \r\n', /^line: got a blank line, expected one JSON object$/],
    ['an empty line', '', /^line: got a blank line/],
    ['half a line', line.slice(0, 40), /^line: got \{"timestamp":"2025-12-18T12:30:00Z", expected|^line: got \{"timestamp".*, expected one JSON object$/],
    ['two documents', line + line, /^line: got \{"timestamp".*\.\.\., expected one JSON object$/],
    ['NaN', line.replace('19.21', 'NaN'), /^value: got NaN, expected a finite JSON number$/],
    ['-Infinity', line.replace('19.21', '-Infinity'), /^value: got -Infinity, expected a finite JSON number$/],
    ['1e999', line.replace('19.21', '1e999'), /^value: got Infinity, expected a finite JSON number$/],
    ['a duplicate key', line.replace('{', '{"value":1,'), /^line: got the key "value" twice, expected each key once/],
    ['a duplicate key, far apart, the same value', line.replace('}', ',"unit" :"A"}'), /^line: got the key "unit" twice/],
    ['a duplicate key in another spelling', line.replace('{', '{"\\u0076alue":1,'), /^line: got the key "value" twice/],
    ['a duplicate key that is not ours', line.replace('{', '{"x":1,"x":2,'), /^line: got the key "x" twice/],
    ['a duplicate __proto__', line.replace('{', '{"__proto__":1,"__proto__":2,'), /^line: got the key "__proto__" twice/],
    ['a duplicate key behind text that looks like keys', line.replace('{', '{"x":"{\\":","value":1,'), /^line: got the key "value" twice/],
    ['two byte order marks', `\ufeff\ufeff${line}`, /^line: got \\ufeff\{/],
    ['a line of 65,537 characters', line.padEnd(65_537), /^line: got \{"timestamp".*, expected at most 65536 characters, not 65537$/],
    ['a line of 1 MB', 'x'.repeat(1 << 20), /^line: got x{57}\.\.\., expected at most 65536 characters, not 1048576$/],
    ['1 MB of bytes', new Uint8Array(1 << 20).fill(120), /^line: got x{57}\.\.\., expected at most 65536 bytes, not 1048576$/],
    ['broken UTF-8', Uint8Array.of(...bytes(line.slice(0, 60)), 0xff, ...bytes(line.slice(60))), /^line: got \{"timestamp".*, expected UTF-8$/],
    ['half a character', bytes('{"machine_id":"é').slice(0, -1), /expected UTF-8$/],
    ['an overlong character', Uint8Array.of(0x22, 0xc0, 0xaf, 0x22), /expected UTF-8$/],
    ['UTF-16', new Uint8Array(Buffer.from(`\ufeff${line}`, 'utf16le')), /expected UTF-8$/],
    ['control characters', '\u0000\u001b[31m', /^line: got \\u0000\\u001b\[31m, expected one JSON object$/],
    ['deep nesting', '['.repeat(60_000), /^line: got \[{57}\.\.\., expected one JSON object$/],
    ['deep nesting in a field', `{"timestamp":${'['.repeat(30_000)}${']'.repeat(30_000)}}`, /^timestamp: got /],
  ])('%s', (_name, sent, message) => {
    expect(whyNot(decodeLine(sent))).toMatch(message)
    expect(whyNot(decodeLine(sent))).toMatch(oneLine)
  })

  test('many sensors: the message stays short', () => {
    const sensors: Sensors = new Map(Array.from({ length: 500 }, (_u, i) => [`s${i}`, { unit: 'A', range: [0, 1], class: 'electrical' }]))
    expect(whyNot(decoder({ sensors }).decode(document))).toMatch(/expected one of s0, .*, s19 and 480 more; to add one/)
  })
})

const machine = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter((name) => !/\p{Cc}/u.test(name))
const readings: fc.Arbitrary<Reading> = fc
  .record({
    time: fc.double({ min: earliestTime, max: endOfTime, maxExcluded: true, noNaN: true }),
    machine,
    sensor: fc.constantFrom(...standardSensors.keys()),
    value: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (Object.is(value, -0) ? 0 : value)),
    named: fc.boolean(),
  })
  .map(({ named, ...rest }) => {
    const unit = standardSensors.get(rest.sensor)?.unit
    return { kind: 'reading', ...rest, quality: 'good', ...(named && unit !== undefined ? { unit } : {}) }
  })

describe('encodeReading', () => {
  test('is one line of the wire format', () => { expect(encodeReading(reading)).toBe(line.replace('00Z', '00.000Z')) })

  test.prop([readings])('decodes to the same reading, to the last bit', (sent) => {
    expect(decodeLine(encodeReading(sent))).toStrictEqual(E.right(sent))
    expect(decodeLine(bytes(encodeReading(sent)))).toStrictEqual(E.right(sent))
    expect(encodeReading(sent)).not.toMatch(/[\r\n]/)
  })

  test('a suspect reading comes back good: the wire has no quality', () => { expect(decodeLine(encodeReading({ ...reading, quality: 'suspect' }))).toEqual(E.right(reading)) })
  test.each([NaN, Infinity])('a value of %s is refused', (value) => expect(() => encodeReading({ ...reading, value })).toThrow(/^value: got .*, expected a finite number/))
  test('a time outside the range is refused', () => { expect(() => encodeReading({ ...reading, time: 0 })).toThrow(/^time: got 0, expected/) })
})

const odd = fc.oneof(fc.jsonValue(), fc.constantFrom<unknown>(undefined, NaN, Infinity, '', '5', -1, 1e308, 'C', 'K', 'kA', 'A', 'bar', '%', 1766061000, '2025-12-18', '2025-12-18T12:30:00.25Z'))
const or = (usual: fc.Arbitrary<unknown>) => fc.oneof({ weight: 6, arbitrary: usual }, { weight: 1, arbitrary: odd })
const documents = fc.oneof(
  { weight: 1, arbitrary: fc.jsonValue() },
  {
    weight: 9,
    arbitrary: fc.record({
      timestamp: or(fc.constantFrom<unknown>('2025-12-18T12:30:00Z', '2025-12-18 12:30:00.123456+01:00', 1766061000123)),
      machine_id: or(machine),
      sensor_type: or(fc.constantFrom(...standardSensors.keys())),
      value: or(fc.double()),
      unit: or(fc.constantFrom(undefined, null, '', 'C', 'A', 'mA', 'V', 'Pa', 'bar', 'mm/s', '%')),
    }, { requiredKeys: [] }),
  },
  { weight: 9, arbitrary: readings.map((sent): unknown => WireReading.encode(sent)) },
)

describe('WireReading', () => {
  test.prop([documents], { numRuns: 5_000 })('takes what the decoder takes, and makes the same of it', (sent) => {
    const byCodec = WireReading.decode(sent)
    const byHand = decode(sent)
    expect(byCodec._tag).toBe(byHand._tag)
    if (E.isRight(byCodec)) expect(byCodec).toStrictEqual(byHand)
  })

  test.prop([readings])('encodes what it decodes, and knows its own', (sent) => {
    expect(JSON.stringify(WireReading.encode(sent))).toBe(encodeReading(sent))
    expect(WireReading.is(sent)).toBe(true)
    expect(WireReading.is({ ...sent, time: NaN })).toBe(false)
    expect(WireReading.is({ ...sent, unit: 'furlong' })).toBe(false)
  })

  test('its errors carry the decoder\'s words', () => {
    const result = WireReading.decode({ ...document, value: '5' })
    expect(E.isLeft(result) && result.left.map(({ message }) => message)).toEqual(['a finite JSON number: send it without quotes'])
  })
})

test('every machine beyond the first 100,000 is read all the same', () => {
  const { decode } = decoder()
  for (let i = 0; i < 100_010; i++) decode({ ...document, machine_id: `m${i}` })
  expect(decode({ ...document, machine_id: 'm100005' })).toEqual(E.right({ ...reading, machine: 'm100005' }))
  expect(whyNot(decode({ ...document, machine_id: 'a\nb' }))).toMatch(/^machine_id/)
})
