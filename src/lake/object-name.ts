const NAME = /^[^-]+(?:-partition-(.+))?-(\d{8,})\.parquet$/

export interface ObjectName {
  /** How many objects its sink had cut before it. */
  readonly number: number
  /** Of the input that its sink was for; absent: it was the only one. */
  readonly partition?: string
}

/**
 * Where an object stands below its folder, in UTC: `day=2025-12-18/hour=12/20251218T120000Z-00000007.parquet`, `.../20251218T120000Z-partition-3-00000007.parquet`; `unknown` where it has no time.
 * `slot`: epoch milliseconds at which its stretch of time begins.
 */
export function objectPath(slot: number, { number, partition }: ObjectName): string {
  const iso = Number.isNaN(slot) ? undefined : new Date(slot).toISOString()
  const start = iso === undefined ? 'unknown' : `${iso.slice(0, -5).replaceAll(/[-:]/g, '')}Z`
  return `${hourFolder(slot)}/${start}${partition === undefined ? '' : `-partition-${partition}`}-${String(number).padStart(8, '0')}.parquet`
}

/** `day=2025-12-18/hour=12`, in UTC; `unknown` for NaN. */
export function hourFolder(time: number): string {
  const [day = 'unknown', clock = 'unknown'] = Number.isNaN(time) ? [] : new Date(time).toISOString().split('T')
  return `day=${day}/hour=${clock === 'unknown' ? clock : clock.slice(0, 2)}`
}

/** What the name of an object of `objectPath` says, with or without its folders; undefined for other names. */
export function objectName(path: string): ObjectName | undefined {
  const match = NAME.exec(path.slice(path.lastIndexOf('/') + 1))
  if (match === null) return undefined
  const [, partition, number] = match
  return { number: Number(number), ...(partition === undefined ? {} : { partition }) }
}
