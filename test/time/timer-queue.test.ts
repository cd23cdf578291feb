import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { timerQueue } from '../../src/time/index.js'
import type { QueueEntry, TimerQueue } from '../../src/time/index.js'

interface Entry extends QueueEntry {
  readonly id: number
}

interface Model {
  /** Sorted by time, then by id. */
  timers: { readonly at: number; readonly id: number }[]
}

interface Real {
  readonly queue: TimerQueue<Entry>
  readonly entries: readonly Entry[]
}

const count = 12
const setup = (): { readonly model: Model; readonly real: Real } => ({
  model: { timers: [] },
  real: { queue: timerQueue<Entry>((a, b) => a.id - b.id), entries: Array.from({ length: count }, (_, id) => ({ id, at: Infinity, place: -1 })) },
})

const same = (model: Model, { queue, entries }: Real): void => {
  expect(queue.size()).toBe(model.timers.length)
  expect(queue.earliest()).toBe(model.timers[0]?.at ?? Infinity)
  expect(entries.filter(({ place }) => place >= 0).map(({ id }) => id)).toEqual(model.timers.map(({ id }) => id).sort((a, b) => a - b))
}

const command = (shown: string, work: (model: Model, real: Real) => void): fc.Command<Model, Real> => ({
  check: () => true,
  run: (model, real) => {
    work(model, real)
    same(model, real)
  },
  toString: () => shown,
})

const id = fc.nat(count - 1)
const at = fc.oneof(fc.nat(5), fc.constantFrom(-Infinity, Infinity, -1, 0.5))

const commands = [
  fc.tuple(id, at).map(([id, at]) => command(`put(${id}, ${at})`, (model, { queue, entries }) => {
    queue.put(entries[id]!, at)
    model.timers = [...model.timers.filter((timer) => timer.id !== id), { at, id }].sort((a, b) => (a.at === b.at ? a.id - b.id : a.at - b.at))
  })),
  id.map((id) => command(`remove(${id})`, (model, { queue, entries }) => {
    queue.remove(entries[id]!)
    model.timers = model.timers.filter((timer) => timer.id !== id)
  })),
  fc.constant(command('pop()', (model, { queue }) => {
    const popped = queue.pop()
    const first = model.timers.shift()
    expect(popped && { at: popped.at, id: popped.id }).toEqual(first)
  })),
  fc.constant(command('clear()', (model, { queue }) => {
    queue.clear()
    model.timers = []
  })),
]

describe('timerQueue', () => {
  test.prop([fc.commands([...commands.slice(0, 1), ...commands], { size: 'large' })], { numRuns: 500 })('is a sorted list', (given) => {
    fc.modelRun(setup, given)
  })

  test('a hundred thousand timers come out in order', () => {
    const queue = timerQueue<Entry>((a, b) => a.id - b.id)
    const entries = Array.from({ length: 100_000 }, (_, id): Entry => ({ id, at: 0, place: -1 }))
    for (const entry of entries) queue.put(entry, (entry.id * 7919) % 1009)
    let last = queue.pop()!
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      if (next.at < last.at || (next.at === last.at && next.id < last.id)) expect.unreachable(`${next.at}/${next.id} after ${last.at}/${last.id}`)
      last = next
    }
  })
})
