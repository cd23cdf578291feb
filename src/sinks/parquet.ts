import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Item, Sink } from '../model/index.js'
import { fileError } from './file/file-error.js'
import { syncDirectory } from './file/sync-directory.js'
import { objectNumber, objectPath } from './parquet/object-path.js'
import { append, copyOf, isTime, parquetOf, type Piece, pieceOf } from './parquet/piece.js'
import { writeObject } from './parquet/write-object.js'

export interface ParquetSinkOptions {
  /** The lake's folder, for this sink alone; made where it is missing. */
  readonly dir: string
  /** Only items of these kinds are written, the others passed over. Absent: all. */
  readonly kinds?: readonly string[]
  /** An object is cut when it has this many rows. Default 50,000. */
  readonly rows?: number
  /** The stretch of event time that one object covers, in milliseconds: a part of an hour, at least a second. Default one hour. */
  readonly every?: number
}

interface ParquetState {
  readonly version: 1
  /** How many objects have been cut. */
  readonly objects: number
  /** Event time at which pieces of the past are cut next. */
  readonly sweepAt: number
  readonly pieces: readonly Piece[]
}

/** A piece and the items that a `write` adds to it. */
interface Draft {
  readonly piece: Piece
  readonly added: Item[]
}

const HOUR = 3_600_000
const SLACK = 300_000
const MOST_OPEN = 64

/**
 * A data lake in a folder: Parquet objects under `kind=reading/day=2025-12-18/hour=12/`, by event time in UTC, as DuckDB, pandas and Spark read them (`hive_partitioning`).
 * Items without a time are under `day=unknown/hour=unknown`. Each kind has its own columns, named as in the model; times are UTC timestamps to the microsecond;
 * a summary's values are columns, a snapshot's are one column of JSON; users' own kinds have `time` and `json`.
 *
 * An object is cut when it has `rows` rows; when event time has come 5 minutes past its stretch (`rejected` items, whose times may be wild, do not move that time);
 * or as the oldest of more than 64 open ones, which bounds the memory at 64 times `rows` rows. A late item opens a further object of its hour.
 * One item with a time far in the future would leave only `rows` and the 64 to cut by, so this sink belongs behind `inOrder`, which rejects such items.
 * So where an object is cut, its name and its bytes depend on the items alone.
 *
 * `save` returns the rows that are in no object yet. `open(saved)` removes what was cut after that moment, and whatever a crash has left half written;
 * written on with the same items, the same objects come again. `open()` refuses a folder with objects of an earlier run.
 * `close(true)` writes the open objects, `close(false)` does not. A `write` that failed has changed nothing: it may be called again.
 */
export function parquetSink<T extends Item = Item>({ dir, kinds, rows = 50_000, every = HOUR }: ParquetSinkOptions): Sink<T> {
  if (!(Number.isSafeInteger(rows) && rows > 0)) throw new RangeError(`parquet sink: rows is ${rows}; expected a whole number above 0`)
  if (!(every >= 1_000 && HOUR % every === 0)) {
    throw new RangeError(`parquet sink: every is ${every} ms; expected a part of an hour without remainder, at least 1,000 ms, such as 3,600,000 or 600,000`)
  }
  const wanted = kinds === undefined ? undefined : new Set(kinds)
  let state: ParquetState = { version: 1, objects: 0, sweepAt: -Infinity, pieces: [] }

  const attempt = async <R>(doing: string, path: string, action: () => Promise<R>): Promise<R> => {
    try {
      return await action()
    } catch (error) {
      throw fileError('parquet sink', doing, path, error)
    }
  }

  /** Writes the pieces as the next objects; changes nothing else, so it may be done again. */
  const cut = async (pieces: readonly Piece[]): Promise<void> => {
    for (const [i, piece] of pieces.entries()) {
      const path = objectPath(piece.kind, piece.slot, state.objects + i)
      await attempt('write', join(dir, path), () => writeObject(dir, path, parquetOf(piece)))
    }
  }

  return {
    name: `parquet:${dir}`,
    async open(saved) {
      const next = saved === undefined ? undefined : asState(saved, dir)
      await attempt('make', dir, () => mkdir(dir, { recursive: true }))
      const changed = new Set<string>()
      for (const { folder, name } of await attempt('list', dir, () => filesOf(dir))) {
        const object = objectNumber(name)
        if (object === undefined) continue
        const path = join(folder, name)
        if (next === undefined && !object.temporary) {
          throw new Error(`parquet sink: '${dir}' holds objects of an earlier run ('${path}'), and there is no checkpoint to go on from; `
            + 'move or remove them, or name another folder')
        }
        if (!object.temporary && object.number < (next?.objects ?? 0)) continue
        await attempt('remove', path, () => rm(path))
        changed.add(folder)
      }
      for (const folder of changed) await attempt('bring to disk', folder, () => syncDirectory(folder))
      state = next ?? { version: 1, objects: 0, sweepAt: -Infinity, pieces: [] }
    },
    async write(items) {
      const drafts = new Map<string, Map<number, Draft>>()
      const cuts: Draft[] = []
      let { sweepAt } = state
      let open = 0

      const draft = (piece: Piece): Draft => {
        const made = { piece, added: [] }
        const ofKind = drafts.get(piece.kind)
        if (ofKind === undefined) drafts.set(piece.kind, new Map([[piece.slot, made]]))
        else ofKind.set(piece.slot, made)
        open += 1
        return made
      }
      const drop = (draft: Draft): void => {
        drafts.get(draft.piece.kind)?.delete(draft.piece.slot)
        cuts.push(draft)
        open -= 1
      }
      /** In an order that does not depend on how the items were parted into writes: by time, then by kind; those without a time last. */
      const all = (): Draft[] => [...drafts.values()].flatMap(ofKind => [...ofKind.values()]).sort(({ piece: a }, { piece: b }) =>
        orderOf(a.slot) - orderOf(b.slot) || (a.kind < b.kind ? -1 : 1))

      for (const piece of state.pieces) draft(piece)
      for (const item of items) {
        const { kind } = item
        if (wanted !== undefined && !wanted.has(kind)) continue
        const { time } = item as { readonly time?: unknown }
        if (isTime(time) && time >= sweepAt && kind !== 'rejected') {
          for (const one of all()) if (one.piece.slot + every + SLACK <= time) drop(one)
          sweepAt = Math.floor((time - SLACK) / every) * every + every + SLACK
        }
        const slot = isTime(time) ? Math.floor(time / every) * every : NaN
        const one = drafts.get(kind)?.get(slot) ?? draft({ kind, slot, rows: 0, columns: [] })
        one.added.push(item)
        if (one.piece.rows + one.added.length >= rows) drop(one)
        else if (open > MOST_OPEN) drop(all()[0] as Draft)
      }
      const rowsOf = ({ piece: { kind, slot }, added }: Draft): Piece => pieceOf(kind, slot, added)
      const kept = all()
      const more = kept.map(rowsOf)
      await cut(cuts.map(one => {
        const whole = copyOf(one.piece)
        append(whole, rowsOf(one))
        return whole
      }))
      kept.forEach(({ piece }, i) => append(piece, more[i] as Piece))
      state = { version: 1, objects: state.objects + cuts.length, sweepAt, pieces: kept.map(({ piece }) => piece) }
    },
    async save() {
      return copyOfState(state)
    },
    async close(completed) {
      if (!completed) return
      await cut(state.pieces)
      state = { ...state, objects: state.objects + state.pieces.length, pieces: [] }
    },
  }
}

const orderOf = (slot: number): number => Number.isNaN(slot) ? Number.MAX_VALUE : slot

const copyOfState = (state: ParquetState): ParquetState => ({ ...state, pieces: state.pieces.map(copyOf) })

/** The files in the folders of the lake; nothing else under `dir` is looked at. */
async function filesOf(dir: string): Promise<{ readonly folder: string, readonly name: string }[]> {
  let folders = [dir]
  for (const level of ['kind=', 'day=', 'hour=']) {
    const next: string[] = []
    for (const folder of folders) {
      for (const entry of await readdir(folder, { withFileTypes: true })) if (entry.isDirectory() && entry.name.startsWith(level)) next.push(join(folder, entry.name))
    }
    folders = next
  }
  const files: { readonly folder: string, readonly name: string }[] = []
  for (const folder of folders) for (const name of await readdir(folder)) files.push({ folder, name })
  return files
}

function asState(saved: unknown, dir: string): ParquetState {
  const { version, objects, sweepAt, pieces } = (saved ?? {}) as Partial<ParquetState>
  if (version === 1 && Number.isSafeInteger(objects) && typeof sweepAt === 'number' && Array.isArray(pieces)) return copyOfState(saved as ParquetState)
  throw new Error(`parquet sink: cannot resume in '${dir}': the saved state is ${JSON.stringify(saved)?.slice(0, 100)}; expected what \`save\` of version 1 returned`)
}
