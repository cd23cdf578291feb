import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { asCheckpoint, type Checkpoint, type CheckpointStore, KEPT, TakenOver, Unreadable } from '../../model/checkpoint.js'
import { decodeSave, encodeSave } from '../../model/save.js'
import { type S3, s3 } from '../../s3/s3.js'
import type { S3Options } from '../../s3/s3-options.js'

const WHO = 's3 checkpoints'
const EPOCH = /^epoch-(\d{12,})$/
const CHECKPOINT = /^checkpoint-(\d{12,})-(\d{12,})\.save$/

const padded = (number: number): string => String(number).padStart(12, '0')
const epochName = (epoch: number): string => `epoch-${padded(epoch)}`

/**
 * Checkpoints as objects of a bucket, below a prefix of their own, so that a run goes on wherever it is started again. The last three are kept, and one that is damaged is passed over with a warning on standard error.
 *
 * Whoever loads takes over, at once and from wherever: it begins the next epoch, an object that only one can make (`If-None-Match`). From then on a run of an earlier epoch is refused when it saves,
 * and what it may still be writing counts for nothing, because a checkpoint of a later epoch comes before all of an earlier one. So this keeps two runs from being mixed up, and not from both being started:
 * see to it that there is one (a lock, a consumer group).
 *
 * Outages and errors are as for `lakeSink`. `create`, `signal` and `onWaiting` too.
 *
 * @example
 * run({ source, pipeline, sinks, checkpoints: { store: s3Checkpoints({ endPoint: 'localhost', port: 9000, useSSL: false, accessKey, secretKey, bucket: 'motor-data-lake', prefix: 'checkpoints/3' }) } })
 */
export const s3Checkpoints = (options: S3Options): CheckpointStore => checkpointsIn(s3(WHO, options))

/** `s3Checkpoints` in an object store. */
export function checkpointsIn(store: Pick<S3, 'name' | 'open' | 'put' | 'putNew' | 'get' | 'list' | 'remove' | 'close'>): CheckpointStore {
  let epoch: number | undefined
  let number = 0

  const epochs = async (): Promise<number[]> => {
    const found: number[] = []
    for await (const name of store.list('epoch-')) if (EPOCH.test(name)) found.push(Number(EPOCH.exec(name)?.[1]))
    return found.sort((a, b) => b - a)
  }

  /** Begins the next epoch, as the newest one, and removes the older ones. */
  const begin = async (): Promise<number> => {
    const run = randomUUID()
    const mark = Buffer.from(JSON.stringify({ run, host: hostname(), pid: process.pid, since: new Date().toISOString() }))
    for (;;) {
      const next = ((await epochs())[0] ?? 0) + 1
      await store.putNew(epochName(next), mark)
      // It may be ours though it was refused, when the answer to a first attempt was lost.
      if (!Buffer.from(await store.get(epochName(next)) ?? []).equals(mark)) continue
      const [newest, ...older] = await epochs()
      if (newest !== next) continue
      for (const one of older) await store.remove(epochName(one))
      return next
    }
  }

  const refuseIfOver = async (mine: number): Promise<void> => {
    const newest = (await epochs())[0] ?? 0
    if (newest === mine) return
    const { host = 'another host', pid, since = 'now' } = asOwner(await store.get(epochName(newest)))
    throw new TakenOver(`${WHO}: another run has taken over '${store.name}' (process ${pid ?? 'unknown'} on ${host}, since ${since}): this one must not save any more, and is to be stopped`)
  }

  const put = async (mine: number, bytes: Uint8Array): Promise<void> => {
    await store.put(`checkpoint-${padded(mine)}-${padded(number)}.save`, bytes)
    number += 1
    for (const old of (await namesIn(store)).slice(KEPT)) await store.remove(old)
  }

  const newest = async (): Promise<{ readonly checkpoint: Checkpoint; readonly bytes: Uint8Array } | undefined> => {
    const all = await namesIn(store)
    let passedOver = ''
    for (const name of all) {
      const bytes = await store.get(name)
      if (bytes === undefined) continue
      try {
        return { checkpoint: asCheckpoint(decodeSave(bytes)), bytes }
      } catch (error) {
        passedOver = `${store.name}${name} is passed over: ${error instanceof Error ? error.message : String(error)}`
        process.emitWarning(passedOver)
      }
    }
    if (all.length > 0) throw new Unreadable(`${WHO}: none in '${store.name}' can be read (${passedOver}): start afresh under another prefix`)
    return undefined
  }

  return {
    name: store.name,
    async load() {
      await store.open()
      const mine = epoch ??= await begin()
      const found = await newest()
      if (found !== undefined) await put(mine, found.bytes)
      return found?.checkpoint
    },
    async peek() {
      if (epoch === undefined) await store.open()
      return (await newest())?.checkpoint
    },
    async save(checkpoint) {
      if (epoch === undefined) throw new Error(`${WHO}: save in '${store.name}' before load: \`load\` takes hold of the place`)
      await refuseIfOver(epoch)
      await put(epoch, encodeSave(checkpoint))
    },
    async release() {
      epoch = undefined
      number = 0
      await store.close()
    },
  }
}

/** Newest first. */
async function namesIn(store: Pick<S3, 'list'>): Promise<string[]> {
  const found: string[] = []
  for await (const name of store.list('checkpoint-')) if (CHECKPOINT.test(name)) found.push(name)
  return found.sort().reverse()
}

/**
 * The oldest checkpoint of `s3Checkpoints` that is kept, for `compactLake`; undefined where there is none. It takes nothing over.
 * Rejects where it cannot be read.
 */
export async function oldestS3Checkpoint(options: S3Options): Promise<Checkpoint | undefined> {
  const store = s3(WHO, options)
  await store.open()
  for (;;) {
    const oldest = (await namesIn(store)).at(-1)
    if (oldest === undefined) return undefined
    const bytes = await store.get(oldest)
    if (bytes !== undefined) return asCheckpoint(decodeSave(bytes))
  }
}

function asOwner(mark: Uint8Array | undefined): { readonly host?: string, readonly pid?: number, readonly since?: string } {
  try {
    return JSON.parse(Buffer.from(mark ?? []).toString()) as ReturnType<typeof asOwner>
  } catch {
    return {}
  }
}
