import type { Alarm, AlarmMeasures, Anomaly, Item, Reading, Rejected, Snapshot, Summary, Verdict } from '../../model/index.js'
import type { Point } from './point.js'

type Fields = Point['fields']

const seriesOf = ({ machine, sensor }: { readonly machine: string; readonly sensor?: string }): Point['tags'] => ({ machine_id: machine, sensor_type: sensor })

const measured = ({ value, unit, quality }: Reading): Fields => ({ value, unit, quality })

/** `time` is no name for a field of InfluxDB. */
const RESERVED = ['time']

/** Values by name beside fixed fields: one that is named like one of those is `values.<name>`. What is no number, text or truth is JSON. */
const beside = (fixed: Fields, values: Readonly<Record<string, unknown>>): Fields => {
  const fields: Record<string, number | string | boolean | undefined> = { ...fixed }
  for (const [key, value] of Object.entries(values)) {
    const name = Object.hasOwn(fixed, key) || RESERVED.includes(key) || key.startsWith('values.') ? `values.${key}` : key
    fields[name] = typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean' ? value : JSON.stringify(value)
  }
  return fields
}

const reading = (item: Reading): Point => ({ measurement: 'sensor_reading', tags: seriesOf(item), fields: measured(item), time: item.time, apart: 'order' })

const summary = (item: Summary): Point => ({
  measurement: 'sensor_summary',
  tags: { ...seriesOf(item), key: item.key },
  fields: beside({ end: item.end, status: item.status ?? 'whole' }, item.values),
  time: item.start,
})

const snapshot = ({ machine, time, values, missing }: Snapshot): Point =>
  ({ measurement: 'snapshot', tags: { machine_id: machine }, fields: beside({ missing: missing.join(',') }, values), time, apart: 'order' })

const alarm = (item: Alarm): Point => ({
  measurement: 'alarm',
  tags: { machine_id: item.machine, rule: item.rule },
  fields: {
    id: item.id,
    occurrence: item.occurrence,
    state: item.state,
    status: item.status,
    severity: item.severity,
    class: item.class,
    message: item.message,
    raised_at: item.raisedAt,
    sensor_type: item.sensor,
    value: item.value,
    limit: item.limit,
    unit: item.unit,
    since: item.since,
    clears: item.clears,
    level: item.level,
    no_data: item.noData ?? false,
    by: item.by,
    why: item.why,
    until: item.until,
    inhibited_by: item.inhibitedBy,
  },
  time: item.time,
  apart: 'order',
})

const anomaly = ({ reading, classes, time }: Anomaly): Point =>
  ({ measurement: 'anomaly', tags: seriesOf(reading), fields: { ...measured(reading), classes: classes.join(',') }, time, apart: 'order' })

const verdict = ({ machine, condition, truth, margin, signal, value, limit, since, time }: Verdict): Point => ({
  measurement: 'verdict',
  tags: { machine_id: machine, condition },
  fields: { truth: String(truth), margin, signal, value, limit, since },
  time,
  apart: 'order',
})

const alarmMeasures = ({ key, start, end, raised, perDay, most, flood, mix, chattering, fleeting, standing, status }: AlarmMeasures): Point => ({
  measurement: 'alarm_measures',
  tags: { key },
  fields: { end, raised, per_day: perDay, most, flood, low: mix.low, medium: mix.medium, high: mix.high, critical: mix.critical, chattering, fleeting, standing, status: status ?? 'whole' },
  time: start,
})

const rejected = ({ reason, reading, detail, where, by, raw, time }: Rejected): Point => ({
  measurement: 'rejected',
  tags: { ...(reading === undefined ? {} : seriesOf(reading)), reason },
  fields: { ...(reading === undefined ? {} : measured(reading)), detail, where, by, raw },
  time,
  apart: 'content',
})

/**
 * The points of an item of ours: none of a kind that is not in the table of `influxSink`, of users' own kinds, and of a `rejected` without a time.
 *
 * @example
 * // a tag of one's own on every point
 * const points = (item: Item): readonly Point[] => pointsOf(item).map((point) => ({ ...point, tags: { ...point.tags, site: 'Lyon' } }))
 */
export function pointsOf(item: Item): readonly Point[] {
  switch (item.kind) {
    case 'reading': return [reading(item as Reading)]
    case 'summary': return [summary(item as Summary)]
    case 'snapshot': return [snapshot(item as Snapshot)]
    case 'alarm': return [alarm(item as Alarm)]
    case 'alarm-measures': return [alarmMeasures(item as AlarmMeasures)]
    case 'anomaly': return [anomaly(item as Anomaly)]
    case 'verdict': return [verdict(item as Verdict)]
    case 'rejected': return Number.isNaN((item as Rejected).time) ? [] : [rejected(item as Rejected)]
    default: return []
  }
}
