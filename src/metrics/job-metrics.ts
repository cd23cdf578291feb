import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'
import type { Batch, CheckpointStore, Item, Reading, Rejected, Sink } from '../model/index.js'
import { standingAlarms } from './standing-alarms.js'

export interface JobMetrics {
  /** For `serve`, or an exporter of one's own. */
  readonly register: Registry
  /** For `onBatch` of `runPartitions`, and of `run`. */
  batch(batch: Batch<Item>, partition?: string): void
  /** The sink, timed. It keeps its name. */
  sink<T extends Item>(sink: Sink<T>): Sink<T>
  /** The store, told of. */
  checkpoints(store: CheckpointStore, partition?: string): CheckpointStore
  /** One more sink, which counts alarms and what was rejected. */
  outputs(partition?: string): Sink
  /** What is waited for, and why; undefined: no longer. Beside it goes `health().waiting`. */
  waiting(what: string, why: string | undefined): void
}

const SECONDS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60, 300]

/**
 * What Prometheus is told of a job, beside what it is told of each process (`process_*`, `nodejs_*`). Names follow OpenTelemetry where it has one.
 *
 * | metric | type | labels | |
 * |---|---|---|---|
 * | `messaging_client_consumed_messages_total` | counter | `partition` | readings, commands and what could not be decoded; what is read again after a take-over counts again |
 * | `motorwatch_rejected_total` | counter | `reason` | undecodable, late, ahead, duplicate, refused |
 * | `motorwatch_lag_messages` | gauge | `partition` | known to wait behind the last batch |
 * | `motorwatch_event_time_delay_seconds` | gauge | `partition` | the wall clock less the latest time that was read |
 * | `motorwatch_sink_write_seconds` | histogram | `sink` | of one `write`, with all that it waits for |
 * | `motorwatch_retries_total` | counter | `server` | attempts that have failed in passing |
 * | `motorwatch_waiting` | gauge | `server` | 1: it is waited for |
 * | `motorwatch_checkpoint_timestamp_seconds` | gauge | `partition` | of the last one: its age is `time() -` that |
 * | `motorwatch_checkpoint_state_bytes` | gauge | `partition` | of what the pipeline knows |
 * | `motorwatch_alarms` | gauge | `status`, `severity` | alarms that are not normal |
 * | `motorwatch_alarm_transitions_total` | counter | `state` | |
 *
 * @example
 * const metrics = jobMetrics()
 * await runPartitions({
 *   source: kafkaSource({ brokers: ['localhost:9092'], group: 'anomaly_detector' }),
 *   pipeline: monitor(reference),
 *   sinks: (partition) => [metrics.sink(lakeSink({ ...s3, bucket: 'motor-data-lake', partition })), metrics.outputs(partition)],
 *   checkpoints: { store: (partition) => metrics.checkpoints(s3Checkpoints({ ...s3, bucket: 'motor-data-lake', prefix: `checkpoints/${partition}` }), partition) },
 *   signal,
 *   onBatch: metrics.batch,
 * })
 */
export function jobMetrics(now: () => number = Date.now): JobMetrics {
  const register = new Registry()
  const registers = [register]
  collectDefaultMetrics({ register })
  const consumed = new Counter({ name: 'messaging_client_consumed_messages_total', help: 'Messages that were read.', labelNames: ['partition'], registers })
  const rejected = new Counter({ name: 'motorwatch_rejected_total', help: 'What was not taken in.', labelNames: ['reason'], registers })
  const lag = new Gauge({ name: 'motorwatch_lag_messages', help: 'Messages known to wait behind the last batch.', labelNames: ['partition'], registers })
  const delay = new Gauge({ name: 'motorwatch_event_time_delay_seconds', help: 'The wall clock less the latest event time that was read.', labelNames: ['partition'], registers })
  const writes = new Histogram({ name: 'motorwatch_sink_write_seconds', help: 'One write of a sink.', labelNames: ['sink'], buckets: SECONDS, registers })
  const retries = new Counter({ name: 'motorwatch_retries_total', help: 'Attempts at a server that have failed in passing.', labelNames: ['server'], registers })
  const waits = new Gauge({ name: 'motorwatch_waiting', help: '1 while a server is waited for.', labelNames: ['server'], registers })
  const savedAt = new Gauge({ name: 'motorwatch_checkpoint_timestamp_seconds', help: 'When the last checkpoint was saved.', labelNames: ['partition'], registers })
  const savedBytes = new Gauge({ name: 'motorwatch_checkpoint_state_bytes', help: 'What the pipeline knows, in the last checkpoint.', labelNames: ['partition'], registers })
  const transitions = new Counter({ name: 'motorwatch_alarm_transitions_total', help: 'Transitions of alarms.', labelNames: ['state'], registers })
  const standing = standingAlarms()
  new Gauge({
    name: 'motorwatch_alarms', help: 'Alarms that are not normal.', labelNames: ['status', 'severity'], registers,
    collect() {
      this.reset()
      for (const { status, severity, count } of standing.count()) this.set({ status, severity }, count)
    },
  })

  return {
    register,
    batch({ items, behind }, partition = '0') {
      consumed.inc({ partition }, items.filter(({ kind }) => kind !== 'tick').length)
      if (behind !== undefined) lag.set({ partition }, behind)
      const latest = items.reduce((most, item) => (item.kind === 'reading' ? Math.max(most, (item as unknown as Reading).time) : most), -Infinity)
      if (latest > -Infinity) delay.set({ partition }, (now() - latest) / 1_000)
    },
    sink: (sink) => ({
      name: sink.name,
      ...(sink.empty === undefined ? {} : { empty: sink.empty }),
      open: (saved) => sink.open(saved),
      async write(items) {
        const end = writes.startTimer({ sink: sink.name })
        await sink.write(items)
        end()
      },
      save: () => sink.save(),
      close: (completed) => sink.close(completed),
    }),
    checkpoints: (store, partition = '0') => ({
      name: store.name,
      load: () => store.load(),
      peek: () => store.peek(),
      async save(checkpoint) {
        await store.save(checkpoint)
        savedAt.set({ partition }, now() / 1_000)
        savedBytes.set({ partition }, checkpoint.timeline.byteLength)
      },
      async release() {
        for (const gauge of [lag, delay, savedAt, savedBytes]) gauge.remove({ partition })
        await store.release()
      },
    }),
    outputs(partition = '0') {
      const alarms = standing.sink(partition)
      return {
        ...alarms,
        async write(items) {
          for (const item of items) {
            if (item.kind === 'rejected') rejected.inc({ reason: (item as Rejected).reason })
            if (item.kind === 'alarm') transitions.inc({ state: (item as unknown as { readonly state: string }).state })
          }
          await alarms.write(items)
        },
      }
    },
    waiting(server, why) {
      waits.set({ server }, why === undefined ? 0 : 1)
      if (why !== undefined) retries.inc({ server })
    },
  }
}
