const EXTENSION = /-(\d{8,})\.parquet(\.tmp)?$/

/**
 * Where an object stands in the lake: `kind=reading/day=2025-12-18/hour=12/20251218T120000Z-00000007.parquet`, in UTC; `unknown` where it has no time.
 * `slot`: epoch milliseconds at which its stretch of time begins; `number`: how many objects were cut before it.
 */
export function objectPath(kind: string, slot: number, number: number): string {
  const iso = Number.isNaN(slot) ? undefined : new Date(slot).toISOString()
  const [day = 'unknown', clock] = iso?.split('T') ?? []
  const start = iso === undefined ? 'unknown' : `${iso.slice(0, -5).replaceAll(/[-:]/g, '')}Z`
  return `kind=${encodeURIComponent(kind)}/day=${day}/hour=${clock?.slice(0, 2) ?? 'unknown'}/${start}-${String(number).padStart(8, '0')}.parquet`
}

/** The number in an object's name, and whether it is one that was being written; undefined for other files. */
export function objectNumber(name: string): { readonly number: number, readonly temporary: boolean } | undefined {
  const match = EXTENSION.exec(name)
  return match === null ? undefined : { number: Number(match[1]), temporary: match[2] !== undefined }
}
