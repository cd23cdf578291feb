import { expect, test } from 'vitest'
import { occurrenceOf, readOccurrence } from '../../src/operators/occurrence-name.js'

test('a name tells rule, machine and when it was raised, and is read again', () => {
  const name = occurrenceOf('hot', 'Linie 1/ü', Date.UTC(2026, 0, 1))
  expect(name).toBe('hot/Linie%201%2F%C3%BC/2026-01-01T00:00:00.000Z')
  expect(readOccurrence(name)).toEqual({ rule: 'hot', machine: 'Linie 1/ü' })
})

test.each(['', 'hot', 'hot/m', 'hot/%/2026-01-01T00:00:00.000Z', occurrenceOf('hot', 'm', NaN)])('%j is the name of none', (name) => {
  expect(readOccurrence(name)).toBeUndefined()
})
