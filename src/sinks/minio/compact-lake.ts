import { createHash } from 'node:crypto'
import type { Checkpoint } from '../../model/checkpoint.js'
import { objectName } from '../../lake/object-name.js'
import { append, parquetOf, type Piece } from '../../lake/piece.js'
import { readPiece } from '../../lake/read-piece.js'
import { s3, type S3 } from '../../s3/s3.js'
import { kindOf, lakeName } from './s3-lake.js'
import type { S3Options } from '../../s3/s3-options.js'

export type CompactLakeOptions = S3Options & {
  /** The oldest checkpoint that is kept of each run that writes into this lake (`oldestS3Checkpoint`): what was cut before it is never gone back to. */
  readonly checkpoints: readonly Checkpoint[]
  /** Objects that were made of others have at most this many rows, but for one that has more by itself. Default 50,000. */
  readonly rows?: number
}

export interface Compaction {
  /** How many objects have gone. */
  readonly from: number
  /** How many have come in their place. */
  readonly into: number
}

interface Manifest {
  readonly from: readonly string[]
  readonly into: string
}

const WHO = 'compact lake'
const MANIFESTS = 'compactions/'
const PATH = /^[^/]+\/(day=[^/]+\/hour=[^/]+)\//

/**
 * Makes one object of the small ones of each kind and hour, of all partitions, in the order of their names: `summary/day=2025-12-18/hour=12/compacted-….parquet`.
 * It takes only objects of `lakeSink` that were cut before the oldest checkpoint that is kept of their partition, and leaves alone partitions that none is given of, and what is raw.
 *
 * Before an object is made, what it is made of is written down under `compactions/`; that goes when they have gone. Killed at any moment and called again, it finishes: no row is lost, and none is left twice.
 * A reader that must not see a row twice in the moment between leaves out what a manifest there names in `from`, where its `into` is there. One call at a time.
 */
export const compactLake = async ({ checkpoints, rows = 50_000, ...options }: CompactLakeOptions): Promise<Compaction> => {
  const store = s3(WHO, options)
  await store.open()
  return compactIn(store, lakeName(options), checkpoints, rows)
}

/** `compactLake` in an object store. `name`: that of the sinks in the checkpoints, without their partition. */
export async function compactIn(store: Pick<S3, 'folders' | 'list' | 'get' | 'put' | 'remove'>, name: string, checkpoints: readonly Checkpoint[], rows: number): Promise<Compaction> {
  const before = boundsOf(name, checkpoints)
  let [from, into] = [0, 0]

  const finish = async (manifest: Manifest, path: string): Promise<void> => {
    for (const one of manifest.from) await store.remove(one)
    await store.remove(path)
    from += manifest.from.length
    into += 1
  }

  for (const path of await listed(store, MANIFESTS)) {
    const manifest = asManifest(await store.get(path), path)
    if (await store.get(manifest.into) === undefined) await store.remove(path)
    else await finish(manifest, path)
  }

  for (const folder of await store.folders()) {
    if (folder === 'raw') continue
    const hours = new Map<string, string[]>()
    for (const path of await listed(store, `${folder}/day=`)) {
      const object = objectName(path)
      const hour = PATH.exec(path)?.[1]
      if (object === undefined || hour === undefined || object.number >= (before.get(object.partition ?? '') ?? 0)) continue
      hours.set(hour, [...hours.get(hour) ?? [], path])
    }
    for (const [hour, paths] of hours) {
      for (const group of await grouped(store, kindOf(folder), paths.sort(), rows)) {
        const bytes = parquetOf(group.piece)
        const mark = createHash('sha256').update(group.paths.join('\n')).digest('hex').slice(0, 16)
        const manifest = { from: group.paths, into: `${folder}/${hour}/compacted-${mark}.parquet` }
        const path = `${MANIFESTS}${mark}.json`
        await store.put(path, Buffer.from(JSON.stringify(manifest)))
        await store.put(manifest.into, bytes)
        await finish(manifest, path)
      }
    }
  }
  return { from, into }
}

/** Neighbours that fit together into one object; what would stay alone is left out. */
async function grouped(store: Pick<S3, 'get'>, kind: string, paths: readonly string[], rows: number): Promise<{ readonly paths: readonly string[], readonly piece: Piece }[]> {
  const groups: { readonly paths: string[], readonly piece: Piece }[] = []
  if (paths.length < 2) return groups
  for (const path of paths) {
    const bytes = await store.get(path)
    if (bytes === undefined) continue
    const piece = await readPiece(kind, bytes).catch((error: unknown) => {
      throw new Error(`${WHO}: '${path}' is no object of this lake: ${error instanceof Error ? error.message : String(error)}; move it elsewhere`, { cause: error })
    })
    const last = groups.at(-1)
    if (last !== undefined && last.piece.rows + piece.rows <= rows) {
      append(last.piece, piece)
      last.paths.push(path)
    } else groups.push({ paths: [path], piece })
  }
  return groups.filter(({ paths }) => paths.length > 1)
}

/** By partition ('': without one), how many objects were cut before the oldest checkpoint. */
function boundsOf(name: string, checkpoints: readonly Checkpoint[]): ReadonlyMap<string, number> {
  const bounds = new Map<string, number>()
  for (const { sinks } of checkpoints) {
    for (const [sink, state] of sinks) {
      if (sink !== name && !sink.startsWith(`${name}#`)) continue
      const partition = sink.slice(name.length + 1)
      bounds.set(partition, Math.min(bounds.get(partition) ?? Infinity, (state as { readonly objects: number }).objects))
    }
  }
  return bounds
}

async function listed(store: Pick<S3, 'list'>, prefix: string): Promise<string[]> {
  const paths: string[] = []
  for await (const path of store.list(prefix)) paths.push(path)
  return paths
}

function asManifest(bytes: Uint8Array | undefined, path: string): Manifest {
  const { from, into } = JSON.parse(Buffer.from(bytes ?? []).toString() || '{}') as Partial<Manifest>
  if (Array.isArray(from) && typeof into === 'string') return { from, into }
  throw new Error(`${WHO}: '${path}' is no manifest of a compaction; move it elsewhere`)
}
