import { TakenOver } from '../../model/index.js'
import { causes } from '../../net/failure.js'

/** Of a producer that another one of the same transactional id has shut out. */
const FENCED: readonly unknown[] = ['INVALID_PRODUCER_EPOCH', 'PRODUCER_FENCED', 'INVALID_PRODUCER_ID_MAPPING']

/** In one line, why a partition is tried again. */
export function whyInterrupted(error: unknown, { partition, group, transactionalId }: { readonly partition: number; readonly group: string; readonly transactionalId: string }): string {
  const all = causes(error)
  const of = `partition ${partition} of ${group}`
  if (all.some(({ type }) => FENCED.includes(type)))
    return `${of}: another producer has the transactional id ${transactionalId}: a worker that has taken over and that this one has not heard of yet; or, where it goes on like this, a second application with the same group and journal: give each its own`
  if (all.some((cause) => cause instanceof TakenOver)) return `${of}: another run has taken over its checkpoints: a worker that this one has not heard of yet; or, where it goes on like this, a second application with the same place for them: give each its own`
  return `${of} is interrupted: ${(all.at(-1)?.message ?? String(error)).split('\n')[0]}`
}
