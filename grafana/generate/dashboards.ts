import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import { DashboardBuilder, QueryVariableBuilder, VariableRefresh, VariableSort } from '@grafana/grafana-foundation-sdk/dashboard'
import type { Dashboard, Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import { CHOSEN, field, fields, OPEN, RAISED, rows, standing } from './flux.js'
import { limits } from './limits.js'
import { bars, curves, events, SOURCE, stat, table } from './panels.js'

const dashboard = (uid: string, title: string, description: string, panels: readonly Builder<Panel>[]): DashboardBuilder => {
  const made = new DashboardBuilder(title).uid(uid).description(description).tags(['motorwatch']).timezone('browser').refresh('10s').time({ from: 'now-6h', to: 'now' })
  for (const [i, panel] of panels.entries()) made.withPanel({ build: () => ({ ...panel.build(), id: i + 1 }) })
  return made
}

const COUNT = '|> group() |> count()'
const QUALITY = ['count', 'suspect']

/** How many alarms stand like that. */
const countOf = (status: string): string => `${standing(status)}\n  |> count(column: "status")\n  |> rename(columns: {status: "alarms"})`
const ASIDE = 'r.status == "shelved" or r.status == "suppressed" or r.status == "out-of-service"'
/** Those of the most first. */
const anomaliesBy = (tag: string): string => `${field('anomaly', 'value')}\n  |> group(columns: ["${tag}"])\n  |> count()\n  |> group()\n  |> keep(columns: ["${tag}", "_value"])\n  |> rename(columns: {_value: "anomalies"})\n  |> sort(columns: ["anomalies"], desc: true)`

const plant = dashboard('motorwatch-plant', 'Plant', 'What needs an operator now, and what has happened.', [
  stat({ title: 'Alarms that stand', description: 'Raised and not normal again, without those that are shelved, suppressed or out of service.', query: countOf(OPEN), span: 6, height: 4, amber: 1 }),
  stat({ title: 'Not acknowledged', description: 'Alarms that nobody has answered yet.', query: countOf('r.status == "unacknowledged" or r.status == "latched-unacknowledged"'), span: 6, height: 4, amber: 1 }),
  stat({ title: 'Shelved, suppressed, out of service', description: 'Alarms that are not announced for now: each of them hides something.', query: countOf(ASIDE), span: 6, height: 4, amber: 1 }),
  stat({ title: 'Machines heard of', description: 'In the chosen time.', query: `${field('sensor_summary', 'count')}\n  |> group()\n  |> distinct(column: "machine_id")\n  |> count()`, span: 6, height: 4 }),
  table({ title: 'Standing alarms', description: 'How each alarm stands now, and why it was raised.', query: `${standing(OPEN)}\n  |> keep(columns: ["_time", "machine_id", "rule", "severity", "status", "message", "value", "limit", "unit"])\n  |> sort(columns: ["_time"], desc: true)`, span: 24, height: 8 }),
  bars({ title: 'Anomalies by machine', description: 'Readings beyond a limit, in the chosen time.', query: anomaliesBy('machine_id'), span: 12, height: 8 }),
  bars({ title: 'Anomalies by sensor', description: 'Readings beyond a limit, in the chosen time.', query: anomaliesBy('sensor_type'), span: 12, height: 8 }),
  events({ title: 'Alarms over time', description: 'The status of each alarm, from one transition to the next.', query: `${field('alarm', 'status')}\n  |> keep(columns: ["_time", "_value", "machine_id", "rule"])`, span: 24, height: 10 }),
  table({ title: 'Events', description: 'Every transition of every alarm, the newest first.', query: `${rows('alarm')}\n  |> group()\n  |> keep(columns: ["_time", "machine_id", "rule", "state", "severity", "message", "by", "why"])\n  |> sort(columns: ["_time"], desc: true)\n  |> limit(n: 200)`, span: 24, height: 10 }),
  table({ title: 'Shelved, suppressed and out of service', description: 'Since when, by whom, why and until when.', query: `${standing(ASIDE)}\n  |> keep(columns: ["_time", "machine_id", "rule", "status", "by", "why", "until"])`, span: 24, height: 6 }),
])

const sensors = [
  { sensor: 'temperature_coil', title: 'Coil temperature', unit: 'celsius' },
  { sensor: 'vibration_rotor', title: 'Rotor vibration (mm/s)', unit: 'none' },
  { sensor: 'current', title: 'Current', unit: 'amp' },
  { sensor: 'pressure', title: 'Support pressure', unit: 'pressurepa' },
]

/** A machine runs where its current, on average over a minute, is more than so many amperes. */
const RUNNING = 1

const current = `${field('sensor_summary', 'mean', 'r.sensor_type == "current"', CHOSEN)}
  |> map(fn: (r) => ({_time: r._time, running: if r._value > ${RUNNING}.0 then 1 else 0}))`

const machine = dashboard('motorwatch-machine', 'A machine', 'The curves of one machine with the limits of the reference rules, how near it is to one, and what it has been doing.', [
  ...sensors.map(({ sensor, title, unit }) => {
    const of = limits.get(sensor)
    return curves({
      title, description: 'Mean, least and greatest of each minute; the dashed line is the limit.', unit, span: 12, height: 8, ...(of === undefined ? {} : { limits: of }),
      query: `${fields('sensor_summary', ['mean', 'min', 'max'], `r.sensor_type == "${sensor}"`, CHOSEN)}\n  |> keep(columns: ["_time", "_value", "_field"])`,
    })
  }),
  curves({ title: 'Other sensors', description: 'Mean of each minute.', span: 24, height: 8, query: `${field('sensor_summary', 'mean', CHOSEN, ...sensors.map(({ sensor }) => `r.sensor_type != "${sensor}"`))}\n  |> keep(columns: ["_time", "_value", "sensor_type"])` }),
  curves({ title: 'Headroom', description: 'What is left of the way to the nearest limit: 1 at its beginning, 0 at the limit, negative beyond.', unit: 'percentunit', span: 12, height: 7, limits: { low: 0 }, query: `${field('outlook', 'headroom', CHOSEN)}\n  |> aggregateWindow(every: v.windowPeriod, fn: min, createEmpty: false)\n  |> keep(columns: ["_time", "_value"])` }),
  curves({ title: 'Time to the limit', description: 'On the trend of the last minutes, where it leads there within an hour. A trend is no promise.', unit: 's', span: 12, height: 7, query: `${field('outlook', 'reached_in', CHOSEN)}\n  |> aggregateWindow(every: v.windowPeriod, fn: min, createEmpty: false)\n  |> keep(columns: ["_time", "_value"])` }),
  stat({ title: 'Run hours', description: `In the chosen time: minutes in which the current was more than ${RUNNING} A on average.`, unit: 'h', span: 6, height: 5, query: `${current}\n  |> sum(column: "running")\n  |> map(fn: (r) => ({hours: float(v: r.running) / 60.0}))` }),
  stat({ title: 'Starts', description: `In the chosen time: from a minute with ${RUNNING} A or less to one with more.`, span: 6, height: 5, query: `${current}\n  |> difference(columns: ["running"])\n  |> map(fn: (r) => ({starts: if r.running > 0 then 1 else 0}))\n  |> sum(column: "starts")` }),
  table({ title: 'Quality of its data', description: 'By sensor, in the chosen time: good readings, and suspect ones.', span: 12, height: 5, query: `${fields('sensor_summary', QUALITY, CHOSEN)}\n  |> group(columns: ["sensor_type", "_field"])\n  |> sum()\n  |> pivot(rowKey: ["sensor_type"], columnKey: ["_field"], valueColumn: "_value")\n  |> group()\n  |> map(fn: (r) => ({r with share_suspect: if r.count + r.suspect > 0.0 then r.suspect / (r.count + r.suspect) else 0.0}))` }),
  table({ title: 'Its alarms', description: 'Every transition in the chosen time, the newest first.', span: 24, height: 8, query: `${rows('alarm', CHOSEN)}\n  |> group()\n  |> keep(columns: ["_time", "rule", "state", "status", "message", "value", "limit", "unit", "clears"])\n  |> sort(columns: ["_time"], desc: true)` }),
]).withVariable(new QueryVariableBuilder('machine').label('Machine').datasource(SOURCE).refresh(VariableRefresh.OnTimeRangeChanged).sort(VariableSort.AlphabeticalAsc)
  .query('import "influxdata/influxdb/schema"\n\nschema.tagValues(bucket: v.defaultBucket, tag: "machine_id")'))

const DAYS = '(float(v: int(v: v.timeRangeStop) - int(v: v.timeRangeStart)) / 86400000000000.0)'

const alarms = dashboard('motorwatch-alarms', 'Alarm performance', 'How the alarms bear on those who answer them, by the measures of ISA-18.2 / IEC 62682. The dashed lines and colours are its targets.', [
  stat({ title: 'Alarms a day', description: 'Raised in the chosen time, as a rate a day. The standard: about 150 can be answered, more than 300 cannot.', span: 6, height: 5, amber: 150, query: `${RAISED}\n  ${COUNT}\n  |> map(fn: (r) => ({per_day: float(v: r._value) / ${DAYS}}))` }),
  stat({ title: 'Most in ten minutes', description: 'More than ten in ten minutes are a flood.', span: 6, height: 5, amber: 11, query: `${RAISED}\n  |> group()\n  |> aggregateWindow(every: 10m, fn: count)\n  |> max()` }),
  stat({ title: 'Share of time in flood', description: 'Of all spans of ten minutes. The standard: less than 1 %.', unit: 'percentunit', span: 6, height: 5, amber: 0.01, query: `${RAISED}\n  |> group()\n  |> aggregateWindow(every: 10m, fn: count)\n  |> map(fn: (r) => ({flood: if r._value > 10 then 1.0 else 0.0}))\n  |> mean(column: "flood")` }),
  stat({ title: 'Standing for a day or more', description: 'Alarms that stand at the end of the chosen time and have not changed for a day. The standard: fewer than five.', span: 6, height: 5, amber: 5, query: `${standing(`(${OPEN})`, 'int(v: r._time) < int(v: v.timeRangeStop) - 86400000000000')}\n  |> count(column: "status")` }),
  curves({ title: 'Alarms raised in ten minutes', description: 'Above the dashed line: a flood.', span: 24, height: 8, limits: { high: 10 }, query: `${RAISED}\n  |> group()\n  |> aggregateWindow(every: 10m, fn: count)\n  |> keep(columns: ["_time", "_value"])` }),
  bars({ title: 'The ten worst', description: 'Rules on machines that raised most. The standard: the ten worst are less than 5 % of all.', span: 12, height: 10, query: `${RAISED}\n  |> group(columns: ["machine_id", "rule"])\n  |> count()\n  |> group()\n  |> map(fn: (r) => ({alarm: r.machine_id + " " + r.rule, raised: r._value}))\n  |> sort(columns: ["raised"], desc: true)\n  |> limit(n: 10)` }),
  bars({ title: 'By priority', description: 'The standard: about 80 % low, 15 % medium, 5 % high, hardly any critical.', span: 12, height: 10, query: `${rows('alarm')}\n  |> filter(fn: (r) => r.state == "raised")\n  |> group(columns: ["severity"])\n  |> count(column: "state")\n  |> group()\n  |> keep(columns: ["severity", "state"])\n  |> rename(columns: {state: "raised"})` }),
  bars({ title: 'Transitions', description: 'What has happened to alarms in the chosen time: raised, acknowledged, cleared, shelved, ...', span: 12, height: 8, query: `${field('alarm', 'state')}\n  |> group()\n  |> duplicate(column: "_value", as: "state")\n  |> group(columns: ["state"])\n  |> count()\n  |> group()\n  |> keep(columns: ["state", "_value"])` }),
  table({ title: 'Chattering and fleeting', description: 'Alarms that were raised three times or more within a minute, at their worst. They want a delay or a dead band.', span: 12, height: 8, query: `${RAISED}\n  |> group(columns: ["machine_id", "rule"])\n  |> aggregateWindow(every: 1m, fn: count, createEmpty: false)\n  |> max()\n  |> filter(fn: (r) => r._value >= 3)\n  |> group()\n  |> keep(columns: ["machine_id", "rule", "_value"])` }),
])

const pipeline = dashboard('motorwatch-pipeline', 'Pipeline', 'Whether motorwatch itself is well: what comes in, what was not taken in, and how old the newest is. Its metrics for Prometheus tell more.', [
  stat({ title: 'Age of the newest data', description: 'From the end of the last window of a minute to the end of the chosen time.', unit: 's', span: 6, height: 5, amber: 300, query: `${field('sensor_summary', 'end')}\n  |> group()\n  |> max()\n  |> map(fn: (r) => ({age: float(v: int(v: v.timeRangeStop)) / 1000000000.0 - r._value / 1000.0}))` }),
  stat({ title: 'Not taken in', description: 'Late, ahead, doubled or not to be decoded, in the chosen time. They are in the dead letters.', span: 6, height: 5, amber: 1, query: `${field('rejected', 'detail')}\n  ${COUNT}` }),
  curves({ title: 'Readings a minute', description: 'Good and suspect ones, of all machines.', span: 12, height: 8, query: `${fields('sensor_summary', QUALITY)}\n  |> group(columns: ["_field"])\n  |> aggregateWindow(every: 1m, fn: sum, createEmpty: false)\n  |> keep(columns: ["_time", "_value", "_field"])` }),
  bars({ title: 'Not taken in, by reason', description: 'In the chosen time.', span: 12, height: 8, query: `${field('rejected', 'detail')}\n  |> group(columns: ["reason"])\n  |> count()\n  |> group()\n  |> keep(columns: ["reason", "_value"])` }),
  table({ title: 'Last not taken in', description: 'With where it lay, and what was expected.', span: 12, height: 8, query: `${rows('rejected')}\n  |> group()\n  |> keep(columns: ["_time", "reason", "machine_id", "sensor_type", "detail", "where"])\n  |> sort(columns: ["_time"], desc: true)\n  |> limit(n: 50)` }),
  table({ title: 'Quality of data by sensor', description: 'Of all machines, in the chosen time: the share of suspect readings.', span: 24, height: 8, query: `${fields('sensor_summary', QUALITY)}\n  |> group(columns: ["machine_id", "sensor_type", "_field"])\n  |> sum()\n  |> pivot(rowKey: ["machine_id", "sensor_type"], columnKey: ["_field"], valueColumn: "_value")\n  |> group()\n  |> map(fn: (r) => ({machine_id: r.machine_id, sensor_type: r.sensor_type, good: r.count, suspect: r.suspect, share: if r.count + r.suspect > 0.0 then r.suspect / (r.count + r.suspect) else 0.0}))\n  |> sort(columns: ["share"], desc: true)` }),
])

/** By the name of its file. */
export const dashboards: ReadonlyMap<string, Dashboard> = new Map(Object.entries({ plant, machine, alarms, pipeline }).map(([name, made]) => [name, made.build()]))
