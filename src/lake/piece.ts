import { parquetWriteBuffer } from 'hyparquet-writer'
import type { Item } from '../model/index.js'
import { type ColumnType, tableOf } from './table.js'

type Cell = string | number | boolean | null

/** The rows of one object, by column, before it is cut: plain data. */
export interface Piece {
  readonly kind: string
  /** Epoch milliseconds at which the object's stretch of time begins; NaN: items without a time. */
  readonly slot: number
  rows: number
  readonly columns: PieceColumn[]
}

interface PieceColumn {
  readonly name: string
  readonly type: ColumnType
  /** Times in epoch milliseconds. */
  readonly cells: Cell[]
}

/** Names that a column of `numbers` may not take: those of the folders, which DuckDB and others read as columns. */
const FOLDERS = ['kind', 'day', 'hour']
const LAST_TIME = 8.64e15

/** Whether a timestamp can hold it: a finite number of milliseconds within 100 million days of the epoch. */
export const isTime = (time: unknown): time is number => typeof time === 'number' && Math.abs(time) <= LAST_TIME

/**
 * Items of one kind as rows. A number that an item does not have is null. A value of `numbers` that is named like another column is `values.<name>`.
 * What does not fit its column's type is null in a column of times or numbers, and JSON in one of text. Throws where an item cannot be written as JSON.
 */
export function pieceOf(kind: string, slot: number, items: readonly Item[]): Piece {
  const table = tableOf(kind)
  const columns: PieceColumn[] = table.columns.map(({ name, type, of }) => ({ name, type, cells: items.map(item => cell(type, of(item))) }))
  const taken = new Set([...FOLDERS, '', ...columns.map(({ name }) => name)])
  const numbers = new Map<string, Cell[]>()
  if (table.numbers !== undefined) {
    for (const [i, item] of items.entries()) {
      for (const [key, value] of Object.entries(table.numbers(item))) {
        if (typeof value !== 'number') continue
        const name = taken.has(key) || key.startsWith('values.') ? `values.${key}` : key
        let cells = numbers.get(name)
        if (cells === undefined) numbers.set(name, cells = items.map(() => null))
        cells[i] = value
      }
    }
  }
  for (const [name, cells] of numbers) columns.push({ name, type: 'number', cells })
  return { kind, slot, rows: items.length, columns }
}

/** Puts the rows of `more` after those of `piece`. A column that one of them does not have is null there. */
export function append(piece: Piece, more: Piece): void {
  for (const { name, type, cells } of more.columns) {
    let column = piece.columns.find(column => column.name === name)
    if (column === undefined) piece.columns.push(column = { name, type, cells: new Array<Cell>(piece.rows).fill(null) })
    for (const cell of cells) column.cells.push(cell)
  }
  piece.rows += more.rows
  for (const { cells } of piece.columns) while (cells.length < piece.rows) cells.push(null)
}

export const copyOf = (piece: Piece): Piece =>
  ({ ...piece, columns: piece.columns.map(column => ({ ...column, cells: column.cells.slice() })) })

/** The rows for which `wanted` is true, by their index. */
export const rowsWhere = (piece: Piece, wanted: (row: number) => boolean): Piece => {
  const rows = Array.from({ length: piece.rows }, (_, row) => row).filter(wanted)
  return { ...piece, rows: rows.length, columns: piece.columns.map(column => ({ ...column, cells: rows.map(row => column.cells[row] ?? null) })) }
}

/** The cells of a column of numbers or times; empty where there is no such column. */
export const numbersOf = ({ columns }: Piece, name: string): readonly number[] => (columns.find(column => column.name === name)?.cells ?? []) as number[]

/** The piece as a Parquet file of one row group. The same piece gives the same bytes. Columns of `numbers` come last, by name. */
export function parquetOf({ kind, rows, columns }: Piece): Uint8Array {
  const fixed = tableOf(kind).columns.length
  const ordered = [...columns.slice(0, fixed), ...columns.slice(fixed).sort((a, b) => a.name < b.name ? -1 : 1)]
  return new Uint8Array(parquetWriteBuffer({
    columnData: ordered.map(({ name, type, cells }) => ({ name, data: type === 'time' ? cells.map(microseconds) : type === 'whole' ? cells.map(whole) : cells })),
    schema: [{ name: 'root', num_children: ordered.length }, ...ordered.map(({ name, type }) => ({ name, repetition_type: 'OPTIONAL' as const, ...ELEMENTS[type] }))],
    rowGroupSize: rows,
  }))
}

const ELEMENTS = {
  time: { type: 'INT64', converted_type: 'TIMESTAMP_MICROS', logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' } },
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
  number: { type: 'DOUBLE' },
  truth: { type: 'BOOLEAN' },
  whole: { type: 'INT64' },
} as const

/** To the nearest microsecond; for times of this century a double of milliseconds tells no less than a quarter of one. */
const microseconds = (time: Cell): bigint | null => time === null ? null : BigInt(Math.round(Number(time) * 1_000))

const whole = (number: Cell): bigint | null => number === null ? null : BigInt(Number(number))

function cell(type: ColumnType, value: unknown): Cell {
  if (value === undefined || value === null) return null
  if (type === 'whole') return Number.isSafeInteger(value) ? value as number : null
  if (type === 'number') return typeof value === 'number' ? value : null
  if (type === 'time') return isTime(value) ? value : null
  if (type === 'truth') return typeof value === 'boolean' ? value : null
  return typeof value === 'string' ? value : JSON.stringify(value) ?? null
}
