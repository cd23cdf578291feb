import type { Item, Sink } from '../../model/index.js'
import { objectName, objectPath } from '../../lake/object-name.js'
import type { ObjectStore } from '../../lake/object-store.js'
import { copyOf, parquetOf, type Piece } from '../../lake/piece.js'
import { type Cutting, type Pending, plan } from './plan.js'

export interface LakeOptions extends Cutting {
  /** As it is called in messages. */
  readonly sink: string
  /** As it is called in checkpoints. */
  readonly name: string
  /** Where objects of a kind are. */
  readonly folderOf: (kind: string) => string
  /** Goes into the objects' names; objects of other partitions are left alone. */
  readonly partition?: string
  /** A run that was taken over, and does not know it yet, may still be at work here. */
  readonly shared: boolean
}

interface LakeState extends Pending {
  readonly version: 1
  /** How many objects have been cut. */
  readonly objects: number
}

const EMPTY: LakeState = { version: 1, objects: 0, sweepAt: -Infinity, pieces: [] }

/** A lake in an object store, as `parquetSink` and `lakeSink` tell of it: plans what is cut, puts it, and only then takes the plan for done. */
export function lakeIn<T extends Item>(store: ObjectStore, { sink, name, folderOf, partition, shared, ...cutting }: LakeOptions): Sink<T> {
  let state = EMPTY
  /** By number, objects that a run has cut after the moment from which this one goes on. */
  let ahead: ReadonlyMap<number, readonly string[]> = new Map()

  /**
   * Puts the pieces as the next objects; changes nothing else, so it may be done again.
   * What comes again has its old name. Where it has another one, what was there is removed.
   */
  const put = async (pieces: readonly Piece[]): Promise<void> => {
    for (const [i, piece] of pieces.entries()) {
      const number = state.objects + i
      const path = `${folderOf(piece.kind)}/${objectPath(piece.slot, { number, ...(partition === undefined ? {} : { partition }) })}`
      await store.put(path, parquetOf(piece))
      for (const old of ahead.get(number) ?? []) if (old !== path) await store.remove(old)
    }
  }

  return {
    name,
    empty: EMPTY,
    async open(saved) {
      const next = saved === undefined ? undefined : asState(saved)
      await store.open()
      const found = new Map<number, string[]>()
      for await (const path of store.list('')) {
        const object = objectName(path)
        if (object === undefined || object.partition !== partition) continue
        if (next === undefined) {
          throw new Error(`${sink}: '${store.name}' holds objects of an earlier run ('${path}'), and there is no checkpoint to go on from; `
            + 'move or remove them, or name another place')
        }
        if (object.number < next.objects) continue
        const same = found.get(object.number)
        if (same === undefined) found.set(object.number, [path])
        else same.push(path)
      }
      // Where another may be at work, what the one has written the other must not take for left over: it stays until something else comes in its place, which is never so where the same items come again.
      if (!shared) for (const path of [...found.values()].flat()) await store.remove(path)
      ahead = shared ? found : new Map()
      state = next ?? EMPTY
    },
    async write(items) {
      const { cuts, rest } = plan(state, items, cutting)
      await put(cuts)
      state = { version: 1, objects: state.objects + cuts.length, ...rest() }
    },
    async save() {
      return copyOfState(state)
    },
    async close(completed) {
      if (completed) {
        await put(state.pieces)
        state = { ...state, objects: state.objects + state.pieces.length, pieces: [] }
        for (const [number, paths] of ahead) if (number >= state.objects) for (const path of paths) await store.remove(path)
      }
      await store.close()
    },
  }

  function asState(saved: unknown): LakeState {
    const { version, objects, sweepAt, pieces } = (saved ?? {}) as Partial<LakeState>
    if (version === 1 && Number.isSafeInteger(objects) && typeof sweepAt === 'number' && Array.isArray(pieces)) return copyOfState(saved as LakeState)
    throw new Error(`${sink}: cannot resume in '${store.name}': the saved state is ${JSON.stringify(saved)?.slice(0, 100)}; expected what \`save\` of version 1 returned`)
  }
}

const copyOfState = (state: LakeState): LakeState => ({ ...state, pieces: state.pieces.map(copyOf) })
