import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as E from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'
import type { Reading } from '../../src/model/reading.js'
import { standardSensors } from '../../src/model/sensors.js'
import { earliestTime, endOfTime } from '../../src/model/timestamp.js'
import { decoder, describeRejection, encodeReading, WireReading } from '../../src/model/wire.js'

const file = fileURLToPath(new URL('../../../shared/data/reference-sensor-data.jsonl', import.meta.url))
const isThere = existsSync(file)
const of = isThere ? 'lines of the reference file' : 'lines of our own (SKIPPED: ../shared/data/reference-sensor-data.jsonl IS ABSENT)'

/** mulberry32: the same mutants on every run. */
const random = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0
  let x = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x
  return ((x ^ (x >>> 14)) >>> 0) / 4_294_967_296
}

const ownLines = () => Array.from({ length: 15_000 }, (_, i) => {
  const [sensor, { unit, range }] = [...standardSensors][i % 7] ?? ['current', { unit: 'A', range: [0, 1] as const }]
  return encodeReading({ kind: 'reading', time: 1766061000000 + i * 1000, machine: `M${i % 3}`, sensor, unit, value: range[0] + ((i * 37) % 100) / 100, quality: 'good' })
})

/** What a whole line says, without any code of ours. */
const plainly = (line: string): Reading => {
  const { timestamp, machine_id, sensor_type, value, unit } = JSON.parse(line) as Record<'timestamp' | 'machine_id' | 'sensor_type' | 'unit', string> & { value: number }
  return { kind: 'reading', time: Date.parse(timestamp), machine: machine_id, sensor: sensor_type, value, unit: unit === 'C' ? 'degC' : unit, quality: 'good' }
}

const pieces = ['"', '{', '}', ':', ',', '\\', '[', '0', '-', 'e9', '.', '\u0000', '\n', '\ufeff', '😀', '"value":1,', '"unit":null,', ' ', 'NaN', '\\ud800', '\\u0000']
const values: readonly unknown[] = [null, true, '', '5', 'NaN', -0, -1, 1e300, 0, [], {}, [1], { value: 1 }, '__proto__', 'K', 'kPa', '2025-12-18', '2025-02-30T00:00:00Z', 1766061000, 1766061000123456]

const mutate = (line: string, next: () => number): Uint8Array => {
  const below = (n: number) => Math.floor(next() * n)
  const bytes = new TextEncoder().encode(line)
  const fields = Object.entries(JSON.parse(line) as Record<string, unknown>)
  const field = below(fields.length)
  const at = below(bytes.length)
  const joined = (entries: readonly (readonly [string, unknown])[]) => new TextEncoder().encode(`{${entries.map(([k, v]) => `${JSON.stringify(k)}: ${JSON.stringify(v)}`).join(', ')}}`)
  switch (below(8)) {
    case 0: return bytes.map((byte, i) => (i === at ? byte ^ (1 << below(8)) : byte))
    case 1: return bytes.map((byte) => (next() < 0.03 ? below(256) : byte))
    case 2: return bytes.slice(0, at)
    case 3: return joined(fields.filter((_, i) => i !== field))
    case 4: return joined(fields.map(([key, value], i) => [key, i === field ? values[below(values.length)] : value]))
    case 5: return joined([...fields, fields[field] ?? ['x', 1]])
    case 6: return Uint8Array.of(...bytes.subarray(0, at), ...new TextEncoder().encode(pieces[below(pieces.length)]), ...bytes.subarray(at))
    default: return Uint8Array.of(...bytes.subarray(0, at), below(256), ...bytes.subarray(at + below(4)))
  }
}

test(`120,000 mutants of ${of}: each is told in one line or is a sound reading, and none disturbs the line after it`, () => {
  const lines = isThere ? readFileSync(file, 'utf8').trimEnd().split('\n') : ownLines()
  const { decode, decodeLine } = decoder()
  const next = random(20251218)
  const told = new Map<string, number>()
  let taken = 0

  for (let i = 0; i < 120_000; i++) {
    const line = lines[i % lines.length] ?? ''
    const mutant = mutate(line, next)
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(mutant)
    const result = decodeLine(mutant)
    const problem = `${i}: ${JSON.stringify(text)}`
    if (E.isLeft(result)) {
      told.set(result.left.field, (told.get(result.left.field) ?? 0) + 1)
      if (!/^[^\p{Cc}\p{Zl}\p{Zp}\p{Cs}]{1,500}$/u.test(describeRejection(result.left))) expect.fail(`${problem}: not one line`)
      if (result.left.expected === 'one JSON object' && result.left.field === 'line') {
        let document: unknown
        try { document = JSON.parse(text.replace(/^\ufeff/, '')) } catch { /* as it was told */ }
        if (document !== undefined && E.isRight(decode(document))) expect.fail(`${problem}: it is JSON, and a reading`)
      }
    } else {
      taken++
      const { time, machine, sensor, value, unit, quality } = result.right
      const sound = time >= earliestTime && time < endOfTime && Number.isFinite(value) && machine.length > 0 && standardSensors.has(sensor)
        && (unit === undefined || unit === standardSensors.get(sensor)?.unit) && quality === 'good'
      if (!sound) expect.fail(`${problem}: ${JSON.stringify(result.right)}`)
      if (typeof (JSON.parse(text.replace(/^\ufeff/, '')) as { value: unknown }).value !== 'number') expect.fail(`${problem}: the value was no number`)
    }
    if (i % 8 === 0) {
      const byText = decodeLine(text)
      if (!text.includes('\ufffd') && byText._tag !== result._tag) expect.fail(`${problem}: text and bytes differ`)
      if (E.isRight(byText)) expect(WireReading.decode(JSON.parse(text.replace(/^\ufeff/, '')))).toStrictEqual(byText)
      expect(decodeLine(line)).toStrictEqual(E.right(plainly(line)))
    }
  }
  // it was a hunt: every field was hit, and both outcomes came
  expect([...told.keys()].sort()).toEqual(['line', 'machine_id', 'sensor_type', 'timestamp', 'unit', 'value'])
  expect(taken).toBeGreaterThan(1_000)
})

test.skipIf(!isThere)(`every line of the reference file decodes to what it says${isThere ? '' : ' (SKIPPED: ../shared/data/reference-sensor-data.jsonl IS ABSENT)'}`, () => {
  const { decodeLine } = decoder()
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
  expect(lines.length).toBe(15_141)
  for (const line of lines) expect(decodeLine(line)).toStrictEqual(E.right(plainly(line)))
})
