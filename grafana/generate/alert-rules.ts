import { QueryBuilder, RuleBuilder, RuleGroupBuilder } from '@grafana/grafana-foundation-sdk/alerting'
import type { RuleGroup } from '@grafana/grafana-foundation-sdk/alerting'
import { field, RAISED, rows, standing } from './flux.js'
import { flux, SOURCE } from './panels.js'

interface Alert {
  readonly uid: string
  readonly title: string
  readonly summary: string
  readonly severity: 'warning' | 'critical'
  /** Of which the last value is compared. */
  readonly query: string
  readonly above: number
  readonly seconds: number
  readonly for: string
  /** What no row means. */
  readonly none: 'OK' | 'Alerting'
}

/** Grafana's own expressions: the last value of A, and whether it is above. */
const expression = (refId: string, model: object) => new QueryBuilder(refId).datasourceUid('__expr__').model({ build: () => ({ refId, datasource: { type: '__expr__', uid: '__expr__' }, ...model }) as never }).relativeTimeRange({ from: 0, to: 0 })

const rule = ({ uid, title, summary, severity, query, above, seconds, for: pending, none }: Alert): RuleBuilder =>
  new RuleBuilder(title).uid(uid).orgID(1).folderUID('motorwatch').ruleGroup('motorwatch').condition('C').forDuration(pending).noDataState(none).execErrState('Error')
    .labels({ severity, source: 'motorwatch' }).annotations({ summary })
    .withQuery(new QueryBuilder('A').datasourceUid(SOURCE.uid).model(flux(query)).relativeTimeRange({ from: seconds, to: 0 }))
    .withQuery(expression('B', { type: 'reduce', reducer: 'last', expression: 'A' }))
    .withQuery(expression('C', { type: 'threshold', expression: 'B', conditions: [{ evaluator: { type: 'gt', params: [above] } }] }))

const alerts: readonly Alert[] = [
  {
    uid: 'motorwatch-unanswered', title: 'An alarm of high priority is not answered', severity: 'critical', above: 0, seconds: 3_600, for: '10m', none: 'OK',
    summary: 'Alarms of high or critical priority have been standing for ten minutes, and nobody has acknowledged them.',
    query: `${standing('(r.status == "unacknowledged" or r.status == "latched-unacknowledged") and (r.severity == "high" or r.severity == "critical")')}\n  |> count(column: "status")\n  |> map(fn: (r) => ({_time: v.timeRangeStop, _value: float(v: r.status)}))`,
  },
  {
    uid: 'motorwatch-flood', title: 'More alarms than anybody can answer', severity: 'critical', above: 10, seconds: 600, for: '0s', none: 'OK',
    summary: 'More than ten alarms were raised within ten minutes.',
    query: `${RAISED}\n  |> group()\n  |> count()\n  |> map(fn: (r) => ({_time: v.timeRangeStop, _value: float(v: r._value)}))`,
  },
  {
    uid: 'motorwatch-silence', title: 'Nothing comes in', severity: 'critical', above: 300, seconds: 3_600, for: '1m', none: 'Alerting',
    summary: 'No window of a minute has ended within the last five minutes: machines, Kafka, a worker or InfluxDB do not go on.',
    query: `${field('sensor_summary', 'end')}\n  |> group()\n  |> max()\n  |> map(fn: (r) => ({_time: v.timeRangeStop, _value: float(v: int(v: v.timeRangeStop)) / 1000000000.0 - r._value / 1000.0}))`,
  },
  {
    uid: 'motorwatch-rejected', title: 'Much is not taken in', severity: 'warning', above: 100, seconds: 600, for: '0s', none: 'OK',
    summary: 'More than a hundred readings within ten minutes were late, ahead or not to be decoded: look at the dead letters (motorwatch dead-letters).',
    query: `${rows('rejected')}\n  |> group()\n  |> filter(fn: (r) => r.reason != "duplicate")\n  |> count(column: "detail")\n  |> map(fn: (r) => ({_time: v.timeRangeStop, _value: float(v: r.detail)}))`,
  },
]

export const alertRules: RuleGroup = alerts.reduce((group, alert) => group.withRule(rule(alert)), new RuleGroupBuilder('motorwatch').folderUid('motorwatch').interval(60)).build()
