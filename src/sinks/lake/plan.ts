import type { Item } from '../../model/index.js'
import { append, copyOf, isTime, type Piece, pieceOf } from '../../lake/piece.js'

/** Where cuts are made. */
export interface Cutting {
  /** Absent: all. */
  readonly kinds?: ReadonlySet<string>
  readonly rows: number
  /** Milliseconds. */
  readonly every: number
}

/** What is in no object yet, and what says when it will be: plain data. */
export interface Pending {
  /** Event time at which pieces of the past are cut next. */
  readonly sweepAt: number
  readonly pieces: readonly Piece[]
}

export interface Plan {
  /** What becomes objects, in this order. */
  readonly cuts: readonly Piece[]
  /** What is pending afterwards. It adds to the pieces that are kept, so it is called once, when the cuts are durable. */
  readonly rest: () => Pending
}

interface Draft {
  readonly piece: Piece
  readonly added: Item[]
}

/** How far event time has to be past a stretch before it is cut, in milliseconds. */
export const SLACK = 300_000
const MOST_OPEN = 64

/**
 * What comes of `items`: which pieces are cut, and what stays open. It depends on the items alone, not on how they are parted into calls, and nothing is changed before `rest` is called.
 * A piece is cut when it has `rows` rows; when event time has come `SLACK` past its stretch (`rejected` items do not move that time); or as the oldest of more than 64.
 */
export function plan({ sweepAt, pieces }: Pending, items: readonly Item[], { kinds, rows, every }: Cutting): Plan {
  const drafts = new Map<string, Map<number, Draft>>()
  const cuts: Draft[] = []
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
  /** In an order that does not depend on how the items were parted: by time, then by kind; those without a time last. */
  const all = (): Draft[] => [...drafts.values()].flatMap(ofKind => [...ofKind.values()]).sort(({ piece: a }, { piece: b }) =>
    orderOf(a.slot) - orderOf(b.slot) || (a.kind < b.kind ? -1 : 1))

  for (const piece of pieces) draft(piece)
  for (const item of items) {
    const { kind } = item
    if (kinds !== undefined && !kinds.has(kind)) continue
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
  return {
    cuts: cuts.map(one => {
      const whole = copyOf(one.piece)
      append(whole, rowsOf(one))
      return whole
    }),
    rest: () => {
      kept.forEach(({ piece }, i) => append(piece, more[i] as Piece))
      return { sweepAt, pieces: kept.map(({ piece }) => piece) }
    },
  }
}

const orderOf = (slot: number): number => Number.isNaN(slot) ? Number.MAX_VALUE : slot
