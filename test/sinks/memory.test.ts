import { expect, test } from 'vitest'
import type { Item } from '../../src/model/index.js'
import { memorySink } from '../../src/sinks/memory.js'

const item = (n: number): Item => ({ kind: 'n', n } as Item)

test('keeps what is written, and goes back to where it was saved', async () => {
  const sink = memorySink()
  await sink.open()
  await sink.write([item(1), item(2)])
  const saved = await sink.save()
  await sink.write([item(3)])
  expect(sink.items).toEqual([item(1), item(2), item(3)])
  await sink.close(false)
  await sink.open(saved)
  await sink.write([item(4)])
  expect(sink.items).toEqual([item(1), item(2), item(4)])
  await sink.open()
  expect(sink.items).toEqual([])
})

test('refuses a state that is beyond what it holds', async () => {
  await expect(memorySink().open(1)).rejects.toThrow(/saved state is 1; expected a length up to 0/)
  await expect(memorySink().open('x')).rejects.toThrow(/saved state is "x"/)
})
