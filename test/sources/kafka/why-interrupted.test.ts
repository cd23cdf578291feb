import { expect, test } from 'vitest'
import { TakenOver } from '../../../src/model/index.js'
import { partitionOfMachine } from '../../../src/sources/kafka/partition-of-machine.js'
import { whyInterrupted } from '../../../src/sources/kafka/why-interrupted.js'

const at = { partition: 3, group: 'g', transactionalId: 'g-j-3' }

test('why a partition is tried again is said in one line, and what may be wrong where somebody else has it', () => {
  const fenced = new Error('a transaction has failed', { cause: Object.assign(new Error('fenced'), { type: 'INVALID_PRODUCER_EPOCH' }) })
  expect(whyInterrupted(fenced, at)).toMatch(/^partition 3 of g: another producer has the transactional id g-j-3: .*a second application with the same group and journal: give each its own$/)
  expect(whyInterrupted(new Error('x', { cause: new TakenOver('y') }), at)).toMatch(/^partition 3 of g: another run has taken over its checkpoints: /)
  expect(whyInterrupted(new Error('outer', { cause: new Error('the broker is away\nsecond line') }), at)).toBe('partition 3 of g is interrupted: the broker is away')
})

test('a machine that comes in another partition is told of once', () => {
  const told: unknown[] = []
  const comes = partitionOfMachine((machine, partitions) => { told.push([machine, ...partitions]) })
  for (const [machine, partition] of [['a', 0], ['b', 1], ['a', 0], ['a', 2], ['a', 0], ['a', 2], ['b', 1]] as const) comes(machine, partition)
  expect(told).toEqual([['a', 0, 2]])
})
