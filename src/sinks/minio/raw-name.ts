const NAME = /partition-(\d+)-offset-(\d+)-(\d+)\.parquet$/

/** From the first to the last of its offsets. */
export type Offsets = readonly [from: number, to: number]

const padded = (offset: number): string => String(offset).padStart(12, '0')

/** What the names of a partition's raw objects begin with. */
export const rawPrefix = (partition: number): string => `partition-${partition}-offset-`

/** `partition-3-offset-000000001000-000000001999.parquet` */
export const rawName = (partition: number, [from, to]: Offsets): string => `${rawPrefix(partition)}${padded(from)}-${padded(to)}.parquet`

/** Undefined for other names. */
export function rawOffsets(path: string): Offsets | undefined {
  const match = NAME.exec(path)
  return match === null ? undefined : [Number(match[2]), Number(match[3])]
}
