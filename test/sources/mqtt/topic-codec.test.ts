import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { decoder, formatTimestamp, standardSensors } from 'motorwatch/model'
import { mqttSource } from 'motorwatch/sources/mqtt'
import { decodeTopic } from '../../../src/sources/mqtt/topic-codec.js'
import { topicTemplate } from '../../../src/sources/mqtt/topic-template.js'

const T = Date.UTC(2026, 0, 5, 6)
const templates = [topicTemplate('plant/{machine}/{sensor}')]
const decode = (payload: string | Uint8Array, { topic = 'plant/M1/current', retained = false } = {}, of = templates) =>
  decodeTopic({ topic, payload: Buffer.from(payload), arrived: T, retained }, 77, of, decoder())

const sensor = fc.constantFrom(...standardSensors.keys())
const level = fc.string({ unit: fc.constantFrom(...'abcXYZ0189-_. ÄÖ') , minLength: 1, maxLength: 12 })
const value = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }).map((number) => number + 0)

describe('a topic', () => {
  test.each([
    ['plant/{machine}/{sensor}', 'plant/+/+', 'plant/M1/current', { machine_id: 'M1', sensor_type: 'current' }],
    ['{sensor}/of/{machine}', '+/of/+', 'current/of/M1', { machine_id: 'M1', sensor_type: 'current' }],
    ['plant/+/{machine}/#', 'plant/+/+/#', 'plant/hall/M1/a/b', { machine_id: 'M1' }],
    ['plant/{machine}/#', 'plant/+/#', 'plant/M1', { machine_id: 'M1' }],
    ['all', 'all', 'all', {}],
    ['plant/{machine}/{sensor}', 'plant/+/+', 'plant/M1', undefined],
    ['plant/{machine}/{sensor}', 'plant/+/+', 'plant/M1/current/x', undefined],
    ['plant/{machine}', 'plant/+', 'other/M1', undefined],
  ])('%s subscribes to %s and reads %s', (template, filter, topic, said) => {
    const made = topicTemplate(template)
    expect(made.filter).toBe(filter)
    expect(made.match(topic)).toEqual(said)
  })

  test.each([
    ['', 'is empty'],
    ['plant/{machine}/{machine}', 'has {machine} twice'],
    ['plant/{sensors}', "has the level '{sensors}'"],
    ['plant/#/x', "has the level '#'"],
    ['plant/a+', "has the level 'a+'"],
    ['$share/group/plant/{machine}', 'is a shared subscription'],
    ['spBv1.0/plant1/DDATA/{machine}', 'is of Sparkplug B'],
  ])('%s is refused', (template, why) => {
    expect(() => topicTemplate(template)).toThrow(why)
  })

  test.prop([level, sensor])('says back the names that were put into it', (machine, name) => {
    expect(templates[0]!.match(`plant/${machine}/${name}`)).toEqual({ machine_id: machine, sensor_type: name })
  })
})

describe('a payload', () => {
  test.prop([level, sensor, value])('a number, and the same number in an object, are the same reading, of the moment when it came', (machine, name, number) => {
    const topic = `plant/${machine}/${name}`
    const reading = { kind: 'reading', time: T, machine, sensor: name, value: number, quality: 'good' }
    expect(decode(JSON.stringify(number), { topic })).toEqual(reading)
    expect(decode(JSON.stringify({ value: number }), { topic })).toEqual(reading)
    expect(decode(JSON.stringify({ value: number, machine_id: machine, sensor_type: name }), { topic })).toEqual(reading)
  })

  test.prop([value, fc.integer({ min: T, max: T + 1e9 })])('has a time of its own, which comes first', (number, time) => {
    expect(decode(JSON.stringify({ value: number, timestamp: formatTimestamp(time) }))).toMatchObject({ time, value: number })
    expect(decode(JSON.stringify({ value: number, timestamp: time }), { retained: true })).toMatchObject({ kind: 'reading', time })
  })

  test.prop([fc.uint8Array({ maxLength: 80 })])('whatever it is, it is a reading or rejected with where and why', (bytes) => {
    const item = decode(bytes)
    if (item.kind === 'reading') expect(Number.isFinite(item.value)).toBe(true)
    else expect(item).toMatchObject({ reason: 'undecodable', where: 'plant/M1/current@77', detail: expect.stringMatching(/got .*, expected /s) as string })
  })

  test.each([
    ['{"value":1,"machine_id":"M2"}', 'machine_id: got "M2", expected "M1", as the topic says'],
    ['{"value":1,"sensor_type":"voltage"}', 'sensor_type: got "voltage", expected "current", as the topic says'],
    ['{"value":1,"unit":"degC"}', 'unit: got "degC", expected'],
    ['{"value":1,"value":2}', 'line: got the key "value" twice'],
    ['[1]', 'line: got [1], expected a number, or one JSON object'],
    ['"61.2"', 'expected a number, or one JSON object'],
    ['', 'no payload (as a retained message is cleared)'],
    ['{"timestamp":1}', 'timestamp: got 1'],
  ])('%s is rejected', (payload, why) => {
    expect(decode(payload)).toMatchObject({ kind: 'rejected', detail: expect.stringContaining(why) as string, raw: payload })
  })

  test('of a retained message without a time is rejected, and of a topic that nobody reads', () => {
    expect(decode('7', { retained: true })).toMatchObject({ kind: 'rejected', detail: expect.stringMatching(/^timestamp: got nothing, .*of what is retained/) as string })
    expect(decode('7', { topic: 'other' })).toMatchObject({ kind: 'rejected', detail: expect.stringMatching(/^topic: got other/) as string })
  })

  test('may name what the topic does not', () => {
    expect(decode('{"value":1,"machine_id":"M9","sensor_type":"current"}', { topic: 'all' }, [topicTemplate('all')])).toMatchObject({ kind: 'reading', machine: 'M9', time: T })
  })
})

test.each([
  [{ url: 'http://x' }, '`url` is none'],
  [{ url: 'mqtt://user:pass-word@x' }, '`url` holds a user or a password'],
  [{ ca: 'PEM' }, '`ca` is for TLS, and the address is mqtt://x: write mqtts://'],
  [{ password: 'pass-word' }, '`password` is given, and `username` is not'],
  [{ clientId: '' }, '`clientId` is empty'],
  [{ topics: [] }, '`topics` is empty'],
])('a source with %j is refused', (wrong, why) => {
  const make = (): unknown => mqttSource({ url: 'mqtt://x', clientId: 'c', topics: ['a/{sensor}'], spool: 'spool', ...wrong })
  expect(make).toThrow(why)
  expect(make).not.toThrow('pass-word')
})
