import type { Report, ReportedPractice } from 'motorwatch/sinks/report'
import { clock, count, plural, printable, span } from './words.js'

const MOST = 5

/** The closing words: what was seen, in a few lines. */
export function summaryText(report: Report): readonly string[] {
  const { readings, rejected, late, ahead, undecodable, duplicates, suspect, machines, from, to, anomalies, alarms, occurrences, throughput } = report
  const standing = occurrences.filter(({ clearedAt }) => clearedAt === undefined)
  const classes = Object.entries(anomalies).map(([name, n]) => `${name} ${count(n)}`)
  const refused = [[late, 'late'], [ahead, 'ahead of time'], [undecodable, 'not decodable']] as const
  const why = refused.filter(([n]) => n > 0).map(([n, word]) => `${count(n)} ${word}`)
  return [
    ...(from === undefined || to === undefined ? [] : [`Event time  ${clock(Date.parse(from))} to ${clock(Date.parse(to))} UTC`]),
    `Readings    ${count(readings)} of ${plural(machines, 'machine')}; ${count(rejected)} rejected${why.length === 0 ? '' : ` (${why.join(', ')})`}, ${count(suspect)} suspect, ${plural(duplicates, 'duplicate')} left out`,
    `Anomalies   ${classes.length === 0 ? 'none' : `readings beyond a limit: ${classes.join(', ')}`}`,
    `Alarms      ${count(alarms.raised)} raised, ${count(alarms.cleared)} cleared, ${count(alarms.standing)} standing`,
    ...standing.slice(0, MOST).map(({ severity, message, raisedAt }) => `            ${severity}, since ${clock(Date.parse(raisedAt))}: ${printable(message)}`),
    ...(standing.length > MOST ? [`            ... and ${count(standing.length - MOST)} more`] : []),
    ...(report.practice ?? []).flatMap(practiceText),
    `Throughput  ${count(throughput.readingsPerSecond)} readings/s, ${throughput.seconds < 60 ? `${throughput.seconds.toFixed(1)} s` : span(1000 * throughput.seconds)} in all`,
  ]
}

/** How the alarms bore on people, beside what good practice aims at. */
function practiceText({ raised, perDay, flood, mix, targets, top }: ReportedPractice): readonly string[] {
  if (raised === 0 || perDay === undefined || flood === undefined) return []
  const percent = (share: number): string => `${Math.round(100 * share)}`
  const most = top.slice(0, 3).map(({ machine, rule, raised: times }) => `${printable(rule)} on ${printable(machine)} ${count(times)}`)
  return [
    `Practice    ${count(perDay)} alarms a day (aim: ${count(targets.perDay)}), ${percent(flood)} % of the time in flood (${percent(targets.flood)}), `
      + `low, medium, high ${[mix.low, mix.medium, mix.high + mix.critical].map(percent).join(', ')} % (${[targets.mix.low, targets.mix.medium, targets.mix.high].map(percent).join(', ')})`,
    `            most often: ${most.join(', ')}`,
  ]
}
