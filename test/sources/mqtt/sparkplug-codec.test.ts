import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { decoder, standardSensors } from 'motorwatch/model'
import { type EdgeNode, sparkplugCodec } from '../../../src/sources/mqtt/sparkplug-codec.js'
import { encodeSparkplug } from './encode-sparkplug.js'

const T = Date.UTC(2026, 0, 5, 6)

function codec(saved: readonly EdgeNode[] = []) {
  const asked: string[] = []
  const made = sparkplugCodec({ sensors: standardSensors, decoder: decoder(), saved, ask: (group, node) => { asked.push(`${group}/${node}`) } })
  const send = (type: string, payload: object, device = type.startsWith('D') ? '/M1' : '') =>
    made.decode({ topic: `spBv1.0/g/${type}/edge${device}`, payload: encodeSparkplug({ timestamp: T, ...payload }), arrived: T + 5_000, retained: false }, 7)
  return { send, asked, made }
}
const alias = (n: number, more: object) => ({ alias: n, ...more })
const birth = { seq: 1, metrics: [{ name: 'temperature_coil', alias: 1, datatype: 9, floatValue: 60 }, { name: 'current', alias: 2, datatype: 4, longValue: '7' }] }
const born = (saved?: readonly EdgeNode[]) => {
  const made = codec(saved)
  made.send('NBIRTH', { seq: 0, metrics: [{ name: 'bdSeq', datatype: 4, longValue: 3 }] })
  made.send('DBIRTH', birth)
  return made
}

describe('values', () => {
  test.each([
    ['Int8', 1, { intValue: 0xffffff85 }, -123], ['Int8 of a byte', 1, { intValue: 0x85 }, -123], ['Int16', 2, { intValue: 0xffff8000 }, -32_768], ['Int32', 3, { intValue: 0x80000000 }, -2_147_483_648],
    ['Int64', 4, { longValue: '18446744073709551615' }, -1], ['UInt8', 5, { intValue: 255 }, 255], ['UInt16', 6, { intValue: 65_535 }, 65_535], ['UInt32', 7, { longValue: '4294967295' }, 4_294_967_295],
    ['UInt32 in 32 bits', 7, { intValue: 4_294_967_295 }, 4_294_967_295], ['UInt64', 8, { longValue: '5000000000' }, 5_000_000_000], ['Float', 9, { floatValue: 0.5 }, 0.5], ['Double', 10, { doubleValue: 61.2 }, 61.2],
  ])('%s', (_, datatype, given, value) => {
    const { send } = codec()
    expect(send('NBIRTH', { seq: 0, metrics: [{ name: 'current', alias: 4, datatype, ...given }] })).toMatchObject([{ kind: 'reading', machine: 'edge', sensor: 'current', value }])
    // Data leave the type out.
    expect(send('NDATA', { seq: 1, metrics: [alias(4, given)] })).toMatchObject([{ value }])
  })

  test('null, what is no number, and what is bad', () => {
    const { send } = born()
    expect(send('DDATA', { seq: 2, metrics: [alias(1, { isNull: true }), alias(2, { booleanValue: true })] })).toMatchObject([
      { kind: 'rejected', detail: expect.stringContaining('temperature_coil: got null') as string }, { kind: 'rejected', detail: expect.stringContaining('current: got true') as string }])
    const quality = (longValue: number) => ({ properties: { keys: ['Quality'], values: [{ type: 4, longValue }] } })
    expect(send('DDATA', { seq: 3, metrics: [192, 0, 500].map((each) => alias(1, { floatValue: 1, ...quality(each) })) }).map((item) => (item as { quality?: string }).quality)).toEqual(['good', 'suspect', 'suspect'])
  })

  test('have the time of the metric, else that of the message', () => {
    const { send } = born()
    expect(send('DDATA', { seq: 2, metrics: [alias(1, { floatValue: 1, timestamp: T + 9 }), alias(2, { longValue: 1 })] })).toMatchObject([{ time: T + 9 }, { time: T }])
  })
})

describe('what is known of an edge node', () => {
  test.prop([fc.array(fc.tuple(fc.constantFrom(1, 2), fc.integer({ min: 0, max: 100 })), { minLength: 1, maxLength: 30 }), fc.nat(30)])('saved anywhere, as JSON, and gone on from, the items are the same', (data, cut) => {
    const messages = data.map(([n, value], i) => ({ seq: (i + 2) % 256, metrics: [n === 1 ? alias(1, { floatValue: value }) : alias(2, { longValue: value })] }))
    const whole = born()
    const all = messages.flatMap((each) => whole.send('DDATA', each))
    expect(all.every(({ kind }) => kind === 'reading')).toBe(true)
    const first = born()
    const before = messages.slice(0, cut).flatMap((each) => first.send('DDATA', each))
    const second = codec(JSON.parse(JSON.stringify(first.made.save())) as readonly EdgeNode[])
    expect([...before, ...messages.slice(cut).flatMap((each) => second.send('DDATA', each))]).toEqual(all)
    expect(second.asked).toEqual([])
  })

  test('what is saved does not change as it goes on', () => {
    const { send, made } = born()
    const saved = made.save()
    const text = JSON.stringify(saved)
    send('DDATA', { seq: 2, metrics: [] })
    send('DDEATH', { seq: 3 })
    expect(JSON.stringify(saved)).toBe(text)
  })

  test.each([[2, undefined], [3, '1 message was lost'], [101, '99 messages were lost'], [1, undefined], [250, undefined]])('the sequence number %i after 1: %s', (seq, lost) => {
    const { send, asked } = born()
    const items = send('DDATA', { seq, metrics: [alias(1, { floatValue: 1 })] })
    expect(items.at(-1)).toMatchObject({ kind: 'reading' })
    expect(items.length).toBe(lost === undefined ? 1 : 2)
    if (lost !== undefined) expect(items[0]).toMatchObject({ kind: 'rejected', detail: `seq: got ${seq}: ${lost}, expected 2; a rebirth of g/edge is asked for`, where: 'spBv1.0/g/DDATA/edge/M1@7' })
    expect(asked).toEqual(lost === undefined ? [] : ['g/edge'])
  })

  test('an alias that no birth has named, after a death too', () => {
    const { send, asked } = born()
    expect(send('DDATA', { seq: 2, metrics: [alias(9, { floatValue: 1 })] })).toMatchObject([{ detail: expect.stringMatching(/^alias: got 9, expected one that a birth has named/) as string }])
    send('NDEATH', { metrics: [{ name: 'bdSeq', longValue: 2 }] })
    expect(send('DDATA', { seq: 3, metrics: [alias(1, { floatValue: 1 })] })).toMatchObject([{ kind: 'reading' }])
    send('NDEATH', { metrics: [{ name: 'bdSeq', longValue: 3 }] })
    expect(send('DDATA', { seq: 4, metrics: [alias(1, { floatValue: 1 })] })).toMatchObject([{ kind: 'rejected' }])
    expect(asked).toHaveLength(2)
  })

  test('a new birth forgets the devices of the one before', () => {
    const { send } = born()
    send('NBIRTH', { seq: 0, metrics: [] })
    expect(send('DDATA', { seq: 1, metrics: [alias(1, { floatValue: 1 })] })).toMatchObject([{ kind: 'rejected' }])
  })
})

test('what is no sensor is told of once, by the birth; commands and host applications are passed over', () => {
  const { send, made } = codec()
  expect(send('NBIRTH', { seq: 0, metrics: [{ name: 'Node Control/Rebirth', datatype: 11, booleanValue: false }, { name: 'Firmware', alias: 1, datatype: 12, stringValue: 'x' }] }))
    .toMatchObject([{ kind: 'rejected', detail: expect.stringContaining('metrics: got 1 that is no sensor: Firmware') as string }])
  expect(send('NDATA', { seq: 1, metrics: [alias(1, { stringValue: 'y' })] })).toEqual([])
  for (const topic of ['spBv1.0/STATE/host', 'spBv1.0/g/NCMD/edge', 'spBv1.0/g/DCMD/edge/M1']) expect(made.decode({ topic, payload: Buffer.from('x'), arrived: T, retained: true }, 0)).toEqual([])
})

test.prop([fc.uint8Array({ maxLength: 60 }), fc.constantFrom('NBIRTH/edge', 'DDATA/edge/M1', 'NDATA/edge/M1', 'OTHER/edge', '')])('whatever comes, nothing throws', (payload, end) => {
  for (const item of codec().made.decode({ topic: `spBv1.0/g/${end}`, payload, arrived: T, retained: false }, 1)) expect(['reading', 'rejected']).toContain(item.kind)
})
