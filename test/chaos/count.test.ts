import { expect, test } from 'vitest'
import { batchesOf, differenceOf, differing } from './count.js'

test('what is lost and what is there twice is counted, each by itself', () => {
  expect(differenceOf('x', ['a', 'b', 'b', 'c'], ['c', 'b', 'a', 'b'])).toEqual({ what: 'x', expected: 4, lost: 0, duplicated: 0, examples: [] })
  expect(differenceOf('x', ['a', 'b', 'b'], ['b', 'c', 'c'])).toEqual({ what: 'x', expected: 3, lost: 2, duplicated: 2, examples: ['too many: c', 'too many: c', 'lost: a', 'lost: b'] })
})

test('a journal must hold each batch once, in order', () => {
  const record = (batch: number): string => JSON.stringify({ batch, runs: [] })
  expect(batchesOf([record(1), JSON.stringify({ opened: 'x' }), record(2)])).toMatchObject({ entries: [{ batch: 1 }, { batch: 2 }], opened: 1 })
  expect(() => batchesOf([record(1), record(3)])).toThrow(/has batch 3 where 2 is due/)
  expect(() => batchesOf([record(1), record(1)])).toThrow(/has batch 1 where 2 is due/)
})

test('sequences differ where one has another value, or none', () => {
  expect(differing(['a', 'b'], ['a', 'b'])).toBe(0)
  expect(differing(['a', 'b', 'c'], ['b', 'a'])).toBe(3)
})
