import type { ObjectReader } from '../../lake/object-reader.js'
import type { Reading, Rejected, Source } from '../../model/index.js'
import { hoursOf } from './hours-of.js'
import type { LakeRange } from './lake-range.js'
import { readHour } from './read-hour.js'

/** `rows`: how many of the hour's have been handed over or lay beside the range; `mark` tells the hour's objects from others. */
interface LakePosition {
  readonly hour: string
  readonly rows: number
  readonly mark: string
}

const BATCH = 1_000

/** The source of a lake in an object store, as `parquetSource` and `lakeSource` tell of it. `who` begins each message. */
export function lakeSourceIn(who: string, store: ObjectReader, name: string, range: LakeRange): Source<Reading | Rejected> {
  const { from = -Infinity, until = Infinity } = range
  if (!(from < until)) throw new RangeError(`${who}: from is ${from} and until ${until}; expected epoch milliseconds, and from before until`)
  const within = (item: Reading | Rejected): boolean => item.kind === 'rejected' || (item.time >= from && item.time < until)

  return {
    name,
    async read(accept, { from: saved, signal }) {
      const position = saved === undefined ? undefined : asPosition(who, saved)
      const stop = (): void => { void store.close() }
      /** Undefined: it was told to stop. */
      const unlessStopped = async <R>(work: () => Promise<R>): Promise<R | undefined> => {
        try {
          return signal.aborted ? undefined : await work()
        } catch (error) {
          if (signal.aborted) return undefined
          throw error
        }
      }

      signal.addEventListener('abort', stop, { once: true })
      try {
        const hours = await unlessStopped(async () => {
          await store.open()
          return hoursOf(who, store, range)
        })
        if (hours === undefined) return false
        const first = position === undefined ? 0 : hours.findIndex(({ name, mark }) => name === position.hour && mark === position.mark)
        if (first === -1) {
          throw new Error(`${who}: cannot resume: the objects of ${position?.hour}, where it stood, are not in '${store.name}' as they were then: some have come or gone, as compactLake does, or the range is another; start afresh, from that hour on`)
        }
        const total = hours.reduce((sum, { objects }) => sum + objects.length, 0)
        let before = 0
        for (const [i, hour] of hours.entries()) {
          if (i >= first) {
            const readings = await unlessStopped(() => readHour(who, store, hour, signal))
            if (readings === undefined) return false
            for (let next = i === first ? (position?.rows ?? 0) : 0; next < readings.length;) {
              const items: (Reading | Rejected)[] = []
              for (; next < readings.length && items.length < BATCH; next++) {
                const item = readings.at(next)
                if (within(item)) items.push(item)
              }
              if (items.length > 0) await accept({ items, position: { hour: hour.name, rows: next, mark: hour.mark } satisfies LakePosition, progress: (before + hour.objects.length * next / readings.length) / total })
              if (signal.aborted) return false
            }
          }
          before += hour.objects.length
        }
        return true
      } finally {
        signal.removeEventListener('abort', stop)
        await store.close()
      }
    },
  }
}

function asPosition(who: string, saved: unknown): LakePosition {
  const { hour, rows, mark } = (saved ?? {}) as Partial<Record<keyof LakePosition, unknown>>
  if (typeof hour === 'string' && Number.isSafeInteger(rows) && (rows as number) >= 0 && typeof mark === 'string') return { hour, rows: rows as number, mark }
  throw new Error(`${who}: cannot resume: the saved position is ${JSON.stringify(saved)?.slice(0, 200)}; expected { hour, rows, mark }, as a batch of this source had it`)
}
