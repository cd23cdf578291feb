import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as E from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'
import { standardSensors } from '../../src/model/sensors.js'
import { earliestTime, endOfTime } from '../../src/model/timestamp.js'
import { decoder, describeRejection, WireReading } from '../../src/model/wire.js'
import { random } from '../random.js'
import { mutate, ownLines, plainly } from './mutate.js'

const file = fileURLToPath(new URL('../../../shared/data/reference-sensor-data.jsonl', import.meta.url))
const isThere = existsSync(file)
const of = isThere ? 'lines of the reference file' : 'lines of our own (SKIPPED: ../shared/data/reference-sensor-data.jsonl IS ABSENT)'

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
