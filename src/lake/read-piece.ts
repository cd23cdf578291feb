import { parquetMetadata, parquetReadObjects, parquetSchema } from 'hyparquet'
import type { Piece } from './piece.js'
import type { ColumnType } from './table.js'

/** Timestamps as epoch milliseconds with their fraction, which is exact for whole microseconds of this century. */
const EXACT = { timestampFromMicroseconds: (micros: bigint) => Number(micros) / 1_000 }

/** What `parquetOf` wrote, as a piece of that kind again. Rejects where the bytes are no such file. */
export async function readPiece(kind: string, bytes: Uint8Array): Promise<Piece> {
  const file = new Uint8Array(bytes).buffer
  const metadata = parquetMetadata(file)
  const rows = await parquetReadObjects({ file, metadata, parsers: EXACT }) as readonly Readonly<Record<string, string | number | bigint | boolean | null>>[]
  return {
    kind,
    slot: NaN,
    rows: rows.length,
    columns: parquetSchema(metadata).children.map(({ element: { name, type, converted_type } }) => ({
      name,
      type: typeOf(type, converted_type),
      cells: rows.map(row => {
        const cell = row[name] ?? null
        return typeof cell === 'bigint' ? Number(cell) : cell
      }),
    })),
  }
}

const typeOf = (type?: string, converted?: string): ColumnType =>
  converted === 'TIMESTAMP_MICROS' ? 'time' : type === 'BYTE_ARRAY' ? 'text' : type === 'BOOLEAN' ? 'truth' : type === 'INT64' ? 'whole' : 'number'
