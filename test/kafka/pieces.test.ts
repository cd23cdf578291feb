import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { piecesOf } from '../../src/kafka/pieces.js'

const message = fc.record({ key: fc.string({ maxLength: 20 }), value: fc.string({ maxLength: 3_000, unit: 'grapheme' }), headers: fc.constant({ reason: 'late' }) })

test.prop([fc.array(message, { maxLength: 60 }), fc.integer({ min: 1, max: 20 }), fc.integer({ min: 200, max: 10_000 })])('pieces are the messages in their order, none of them too many or too large for what they hold', (messages, most, bytes) => {
  const pieces = piecesOf(messages, most, bytes)
  expect(pieces.flat()).toEqual(messages)
  for (const piece of pieces) {
    expect(piece.length).toBeGreaterThan(0)
    expect(piece.length).toBeLessThanOrEqual(most)
    if (piece.length > 1) expect(piece.reduce((sum, { key, value }) => sum + Buffer.byteLength(key) + Buffer.byteLength(value), 0)).toBeLessThanOrEqual(bytes)
  }
})

test('what a broker refuses at once, 5,000 readings that were late, is sent in pieces', () => {
  const pieces = piecesOf(Array.from({ length: 5_000 }, () => ({ key: 'LINE_01_MOTOR_01', value: 'x'.repeat(500) })))
  expect(pieces.length).toBeGreaterThan(5)
  for (const piece of pieces) expect(piece.length * 516).toBeLessThan(900_000)
})
