import type { Anomaly, Item, Reading, Rejected, Sink } from '../model/index.js'
import { ensureBucket } from './influx/bucket.js'
import { connect } from './influx/connection.js'
import { deliver } from './influx/deliver.js'
import { lineOf, nanosecondsOf } from './influx/line.js'
import { type InfluxSinkOptions, urlOf } from './influx/options.js'
import { type Instant, noInstant, ordinals } from './influx/ordinals.js'
import type { InfluxStatus, Patience } from './influx/persist.js'
import { pointsOf } from './influx/points-of.js'

export { pointsOf } from './influx/points-of.js'
export type { InfluxSinkOptions } from './influx/options.js'
export { checkInflux } from './influx/check.js'
export type { InfluxStatus } from './influx/persist.js'
export type { Point } from './influx/point.js'

interface InfluxState {
  readonly version: 1
  readonly instant: Instant
  readonly deadLetters: unknown
}

/** An item, and what is to be written of it. */
interface Written {
  readonly item: Item
  readonly time: number
  readonly text: string
}

const UNASKED = ['reading', 'snapshot']

/**
 * Points in a bucket of InfluxDB 2, to be drawn by dashboards. Tags say what a point is of, and nothing that a replay could change: how it stands is in its fields.
 * So whatever is written again, by a replay or after a kill, overwrites itself, and never leaves a second point that says something else.
 *
 * | kind | measurement | tags | time | fields |
 * |---|---|---|---|---|
 * | summary | sensor_summary | machine_id, sensor_type, key | start | each value by its name, end, status (whole, early, partial) |
 * | alarm | alarm | machine_id, rule | time | id, occurrence, state, status, severity, class, message, value, limit, unit, sensor_type, raised_at, since, until, clears, level, no_data, by, why, inhibited_by |
 * | alarm-measures | alarm_measures | key | start | end, raised, per_day, most, flood, low, medium, high, critical (shares), chattering, fleeting, standing, status (whole, partial) |
 * | anomaly | anomaly | machine_id, sensor_type | time | value, unit, quality, classes (joined by commas) |
 * | verdict | verdict | machine_id, condition | time | truth (true, false, unknown, as text), margin, signal, value, limit, since |
 * | rejected | rejected | reason; of a reading machine_id, sensor_type | time | detail, where, by, raw, value, unit, quality |
 * | reading | sensor_reading | machine_id, sensor_type | time | value, unit, quality |
 * | snapshot | snapshot | machine_id | time | each value by its sensor, missing (joined by commas) |
 *
 * Numbers are floats; those that are NaN or infinite are left out, and times in fields are epoch milliseconds. A value named like another field is `values.<name>`.
 * Each transition of an alarm is a point: the last one of a series is how that alarm stands. A `rejected` without a time has no point. Other kinds have none, but for those of `points`.
 *
 * **Two points of one series and time** are a nanosecond apart, in their order (readings, alarms, anomalies, verdicts, snapshots), for 244 of them at times with fractions of a millisecond and a million at others.
 * What comes in no order, as `rejected` does, is apart by nanoseconds made of its content: two with the same fields are one point.
 * A summary is known by its series and its start, so an early one is overwritten by the whole one. Two windows of different lengths over one series would be mixed: give them a tag by `points`.
 * A field that a point has, and does not have when it is written again, keeps its old value.
 *
 * **Durable**: `write` resolves when the server has confirmed that everything is on its disk, or the dead letters have it. It sends 5,000 lines a request, compressed.
 * While the server is away, too busy (429) or in trouble (5xx) it tries again for ever, and tells `onStatus`: meanwhile the run stands still, and nothing is lost.
 * Points that the server refuses (another type of field, older than the retention) are found by halving; they go to `deadLetters` with the server's reason and their line as `raw`, and all others are stored.
 * A wrong token, org or bucket is an error at once, of `open` already. A `write` that failed may be called again.
 *
 * `save` is small, and `open(saved)` goes on from it. Nothing is taken back: what was written after that moment is overwritten as it comes again. `open()` takes any bucket as it is.
 *
 * @example
 * influxSink({
 *   url: 'http://localhost:8086',
 *   token: process.env['INFLUX_TOKEN'] ?? '',
 *   org: 'motor_org',
 *   bucket: 'motor_bucket',
 *   create: { retention: 30 * 86_400_000 },
 *   deadLetters: jsonlSink({ path: 'run/refused.jsonl' }),
 * })
 */
export function influxSink<T extends Item = Item>(options: InfluxSinkOptions<T>): Sink<T> {
  const { org, bucket, deadLetters, kinds, points = pointsOf, create, timeout = 30_000, signal, onStatus = warn } = options
  const url = urlOf(options)
  const target = { url, org, bucket }
  const ask = connect({ url, token: options.token, ca: options.ca })
  const wanted = kinds === undefined ? undefined : new Set(kinds)
  const takes = (kind: string): boolean => wanted === undefined ? !UNASKED.includes(kind) : wanted.has(kind)
  let instant = noInstant
  let closing = new AbortController()

  const patience = (): Patience => ({ url, timeout, stop: signal, closed: closing.signal, onStatus })

  return {
    name: `influx:${org}/${bucket}`,
    async open(saved) {
      const state = saved === undefined ? undefined : asState(saved, bucket)
      closing = new AbortController()
      await ensureBucket(target, create?.retention, ask, patience())
      await deadLetters.open(state?.deadLetters)
      instant = state?.instant ?? noInstant
    },
    async write(items) {
      const places = ordinals(instant)
      const written: Written[] = []
      const refused: Rejected[] = []
      const refuse = ({ item, time, text }: Written, reason: string): void => {
        refused.push(rejectedOf(item, time, text, `influx ${org}/${bucket}: ${reason}`))
      }
      for (const item of items) {
        if (!takes(item.kind)) continue
        for (const point of points(item)) {
          const line = lineOf(point)
          if (line.fields === '') continue
          const text = `${line.series} ${line.fields}`
          const at = nanosecondsOf(point.time)
          if (at === undefined) refuse({ item, time: point.time, text }, `time is ${point.time}; expected epoch milliseconds in the years 1678 to 2261`)
          else written.push({ item, time: point.time, text: `${text} ${nanosecondsOf(point.time, places.of(point, line))}` })
        }
      }
      for (const { index, reason } of await deliver(written.map(({ text }) => text), target, ask, patience())) refuse(written[index] as Written, reason)
      if (refused.length > 0) await deadLetters.write(refused)
      instant = places.save()
    },
    async save(): Promise<InfluxState> {
      return { version: 1, instant, deadLetters: await deadLetters.save() }
    },
    async close(completed) {
      closing.abort()
      await deadLetters.close(completed)
    },
  }
}

function rejectedOf(item: Item, time: number, line: string, detail: string): Rejected {
  const reading = item.kind === 'reading' ? item as Reading : item.kind === 'anomaly' || item.kind === 'rejected' ? (item as Anomaly | Rejected).reading : undefined
  const { topic, partition, offset } = reading?.origin ?? {}
  return { kind: 'rejected', time, reason: 'refused', detail, ...(topic === undefined ? {} : { where: `${topic}/${partition}/${offset}` }), ...(reading === undefined ? {} : { reading }), raw: line.slice(0, 1_000) }
}

function warn({ state, attempts, text }: InfluxStatus): void {
  if (state === 'back' || attempts === 1) process.emitWarning(text)
}

function asState(saved: unknown, bucket: string): InfluxState {
  const { version, instant } = (saved ?? {}) as Partial<InfluxState>
  if (version === 1 && typeof instant?.time === 'number' && Array.isArray(instant.counts)) return saved as InfluxState
  throw new Error(`influx sink: cannot resume in '${bucket}': the saved state is ${JSON.stringify(saved)?.slice(0, 100)}; expected what \`save\` of version 1 returned`)
}
