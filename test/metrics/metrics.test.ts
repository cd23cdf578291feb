import { describe, expect, test } from 'vitest'
import { health, jobMetrics, serve } from '../../src/metrics/index.js'
import type { Alarm, Checkpoint, CheckpointStore, Item, Sink } from '../../src/model/index.js'
import { memorySink } from '../../src/sinks/memory.js'

const alarm = (rule: string, state: Alarm['state'], status: Alarm['status']): Item => ({ kind: 'alarm', machine: 'M1', rule, state, status, severity: 'high' }) as unknown as Item
const reading = (time: number): Item => ({ kind: 'reading', time, machine: 'M1', sensor: 'current', value: 1, quality: 'good' }) as Item

describe('metrics of a job', () => {
  test('count what is read, by partition, and tell how far it is behind', async () => {
    const { register, batch } = jobMetrics(() => 10_000)
    batch({ items: [reading(1_000), reading(7_000), { kind: 'tick', time: 9_000 } as Item], position: 0, behind: 12 }, '3')
    batch({ items: [reading(8_000)], position: 1, behind: 0 }, '3')
    const text = await register.metrics()
    expect(text).toContain('messaging_client_consumed_messages_total{partition="3"} 3\n')
    expect(text).toContain('motorwatch_lag_messages{partition="3"} 0\n')
    expect(text).toContain('motorwatch_event_time_delay_seconds{partition="3"} 2\n')
  })

  test('tell the alarms that stand, through a save and a restart; a partition that is left has none here', async () => {
    const { register, outputs } = jobMetrics()
    const sink = outputs('1')
    await sink.open()
    await sink.write([alarm('a', 'raised', 'unacknowledged'), alarm('b', 'raised', 'unacknowledged'), { kind: 'rejected', reason: 'late' } as unknown as Item])
    await sink.write([alarm('a', 'acknowledged', 'acknowledged')])
    const saved = structuredClone(await sink.save())
    expect(await register.metrics()).toContain('motorwatch_alarms{status="acknowledged",severity="high"} 1\n')
    expect(await register.metrics()).toContain('motorwatch_rejected_total{reason="late"} 1\n')
    expect(await register.metrics()).toContain('motorwatch_alarm_transitions_total{state="raised"} 2\n')
    await sink.close(false)
    expect(await register.metrics()).not.toContain('motorwatch_alarms{')

    const after = jobMetrics()
    const next = after.outputs('1')
    await next.open(saved)
    await next.write([alarm('b', 'cleared', 'normal')])
    const text = await after.register.metrics()
    expect(text).toContain('motorwatch_alarms{status="acknowledged",severity="high"} 1\n')
    expect(text).not.toContain('motorwatch_alarms{status="unacknowledged"')
  })

  test('time a sink and leave it as it is; what it rejects with comes through', async () => {
    const { register, sink } = jobMetrics()
    const inner = memorySink()
    const timed = sink(inner)
    expect(timed.name).toBe(inner.name)
    await timed.open()
    await timed.write([reading(1)])
    expect(inner.items).toHaveLength(1)
    expect(await register.metrics()).toContain(`motorwatch_sink_write_seconds_count{sink="${inner.name}"} 1\n`)
    const failing = sink({ ...inner, write: () => Promise.reject(new Error('full')) } satisfies Sink)
    await expect(failing.write([reading(2)])).rejects.toThrow('full')
    expect(await register.metrics()).toContain(`motorwatch_sink_write_seconds_count{sink="${inner.name}"} 1\n`)
  })

  test('tell when the last checkpoint was saved, and how large its state is', async () => {
    const { register, checkpoints } = jobMetrics(() => 5_000)
    const saved: Checkpoint[] = []
    const store: CheckpointStore = { name: 's', load: async () => saved.at(-1), peek: async () => undefined, save: async (one) => { saved.push(one) }, release: async () => undefined }
    const told = checkpoints(store, '2')
    await told.save({ source: 'x', position: 0, timeline: new Uint8Array(321), sinks: new Map(), pipeline: '', ended: false })
    expect(saved).toHaveLength(1)
    expect(await register.metrics()).toContain('motorwatch_checkpoint_timestamp_seconds{partition="2"} 5\n')
    expect(await register.metrics()).toContain('motorwatch_checkpoint_state_bytes{partition="2"} 321\n')
    await told.release()
    expect(await register.metrics()).not.toContain('motorwatch_checkpoint_timestamp_seconds{partition="2"}')
  })
})

describe('health', () => {
  test('is told of what waits, since when and why, and once of its beginning and its end', () => {
    let now = Date.UTC(2026, 0, 5, 6)
    const told: string[] = []
    const { waiting, report } = health(() => now, (what, why) => { told.push(`${what}: ${why ?? 'back'}`) })
    waiting('influx', undefined)
    expect(report()).toEqual({ state: 'healthy', waits: [], text: 'healthy' })
    waiting('influx', 'refused')
    now += 5_000
    waiting('influx', 'reset')
    expect(report()).toMatchObject({ state: 'waiting', text: 'waiting for influx since 2026-01-05T06:00:00Z: reset' })
    waiting('influx', undefined)
    expect(report().state).toBe('healthy')
    expect(told).toEqual(['influx: refused', 'influx: back'])
  })

  test('is served beside the metrics, with 503 while something is waited for', async () => {
    const { register, waiting } = jobMetrics()
    const state = health()
    const { url, close } = await serve({ port: 0, register, health: state.report })
    try {
      const ask = async (path: string, method = 'GET') => {
        const answer = await fetch(`${url}${path}`, { method })
        return [answer.status, await answer.text()] as const
      }
      expect(await ask('/health')).toEqual([200, '{"state":"healthy","waits":[],"text":"healthy"}\n'])
      state.waiting('s3', 'no answer')
      waiting('s3', 'no answer')
      expect(await ask('/health')).toEqual([503, expect.stringContaining('"for":"s3"')])
      expect(await ask('/metrics')).toEqual([200, expect.stringContaining('motorwatch_waiting{server="s3"} 1\n')])
      expect(await ask('/')).toEqual([404, 'there are /metrics and /health\n'])
      expect((await ask('/health', 'POST'))[0]).toBe(405)
      const port = Number(new URL(url).port)
      await expect(serve({ port, register, health: state.report })).rejects.toThrow(`port ${port} of 127.0.0.1 is taken: choose another one for metrics and health`)
    } finally {
      await close()
    }
  })
})
