import { insulationLimits, nameplateLimits, vibrationZones } from '../../../../src/rules/index.js'
import { instruments } from '../../../../src/sources/simulator.js'
import { cases, titleOf } from './cases.js'
import { motors } from './motors.js'
import { reasonFor } from './reasons.js'
import type { Results } from './results.js'
import type { Trial } from './trial.js'

/** docs/nameplate.md. */
export function render(results: Results): string {
  return [
    '# The rule pack `nameplate` on simulated motors',
    '',
    'Written by `npm run table:nameplate`; `test/rules/packs/nameplate.test.ts` holds it against the pack as it is, and tries a sample of it anew.',
    '',
    ...introduction,
    '## Faults of a machine',
    '',
    ...machineFaults(results),
    '## Faults of a sensor',
    '',
    ...sensorFaults(results),
    '## Motors that are well',
    '',
    ...healthy(results),
    '## What is not caught, and why',
    '',
    ...missed(results),
    '## The limits and their sources',
    '',
    'Second-hand, all of them: no text of a standard was at hand. `nameplate({ limits: { overloadAlert: 1.15 } })` changes one for all machines, `parameters: { vibrationAlert: 3.2 }` of a machine one for it.',
    '',
    ...table(['limit', 'value', 'of', 'source'], Object.entries(nameplateLimits).map(([name, { value, unit, source }]) => [`\`${name}\``, String(value), unit, source])),
    'Vibration, mm/s RMS: `$vibrationAlert` is B/C, `$vibrationAlarm` 1.25 times that (at most, by ISO 10816-3), `$vibrationTrip` C/D.',
    '',
    ...table(['machine', 'A/B', 'B/C', 'C/D', 'source'], Object.entries(vibrationZones).map(([name, { ab, bc, cd, source }]) => [name, ab, bc, cd, source].map(String))),
    'Windings: `$windingRise` in K, `$windingFull` is that above 40 degC, `$windingLimit` in degC.',
    '',
    ...table(['class', 'limit, degC', 'rise, K', 'source'], Object.entries(insulationLimits).map(([name, { limit, rise, source }]) => [name, limit, rise, source].map(String))),
    '## The rules',
    '',
    '```',
    ...results.rules,
    '```',
    '',
  ].join('\n')
}

const introduction: readonly string[] = [
  `Motors of ${motors.map(({ name }) => name).join(' and ')}, 400 V, class F, rigid, read every 10 s by the seven sensors of the simulator; each trial differs by its seed in shifts, ambient, vibration, pressure, noise and the hour of the onset.`,
  'The thermal time constants of the larger motor are a third longer than the pack takes them to be. What is missing or stuck is told by `vitals`, as in `monitor`. All faults are of the course that `faultDefaults` gives them.',
  'It is a simulation that was written by the same hands as the rules: the table shows what limits can see and how early, not what a plant will see.',
  '',
]

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? NaN

function span(hours: number): string {
  const seconds = Math.round(hours * 3600)
  if (seconds < 120) return `${seconds} s`
  if (hours < 2) return `${Math.round(hours * 60)} min`
  return hours < 48 ? `${hours.toFixed(1)} h` : `${(hours / 24).toFixed(1)} d`
}

function spread(hours: readonly number[]): string {
  const [low, middle, high] = [Math.min(...hours), median(hours), Math.max(...hours)].map(span)
  return low === high ? low! : `${middle} (${low} to ${high})`
}

/** The rules that said it first, most frequent first. */
function firsts(trials: readonly Trial[]): string {
  const counts = new Map<string, number>()
  for (const [first] of trials.map(({ alarms }) => alarms)) if (first !== undefined) counts.set(first.rule, (counts.get(first.rule) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1]).map(([rule]) => `\`${rule}\``).join(', ')
}

const caught = (trials: readonly Trial[]): readonly Trial[] => trials.filter(({ alarms }) => alarms.length > 0)

const trialsOf = ({ faults }: Results, title: string): readonly Trial[] => faults[title] ?? []

const table = (head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] => [`| ${head.join(' | ')} |`, `|${head.map(() => '---|').join('')}`, ...rows.map((row) => `| ${row.join(' | ')} |`), '']

function machineFaults(results: Results): readonly string[] {
  const rows = cases
    .filter(({ sensor }) => sensor === undefined)
    .sort((a, b) => kinds.indexOf(a.fault) - kinds.indexOf(b.fault))
    .map((each) => {
      const trials = trialsOf(results, titleOf(each))
      const seen = caught(trials)
      const [first] = seen
      const later = first === undefined ? [] : [...new Set(seen.flatMap(({ alarms }) => alarms.slice(1).map(({ rule }) => rule)))].map((rule) => [rule, seen.flatMap(({ alarms }) => alarms.filter((alarm) => alarm.rule === rule).map(({ hours }) => hours))] as const)
      return [
        each.fault, each.motor.name, spread(trials.flatMap(({ failsAfter }) => failsAfter ?? [])), `${seen.length} of ${trials.length}`,
        first === undefined ? '-' : spread(seen.map(({ alarms }) => alarms[0]!.hours)), firsts(trials),
        later.sort((a, b) => median(b[1]) - median(a[1])).map(([rule, hours]) => `\`${rule}\` ${span(median(hours))}`).join(', '),
      ]
    })
  return ['How long before the functional failure: the median of the trials, and the least and the most.', '', ...table(['fault', 'motor', 'fails after', 'caught', 'first alarm, before failure', 'by', 'then (median)'], rows)]
}

const kinds = [...new Set(cases.map(({ fault }) => fault))]

function sensorFaults(results: Results): readonly string[] {
  const rows = kinds.filter((kind) => kind.startsWith('sensor-')).flatMap((fault) =>
    instruments.map(({ sensor }) => {
      const cells = motors.map((motor) => {
        const trials = trialsOf(results, titleOf({ motor, fault, sensor, before: 0, within: 0 }))
        const seen = caught(trials)
        return { trials, text: seen.length === 0 ? `0 of ${trials.length}` : `${seen.length} of ${trials.length}, ${spread(seen.map(({ alarms }) => alarms[0]!.hours))}` }
      })
      return [fault, sensor, ...cells.map(({ text }) => text), firsts(cells.flatMap(({ trials }) => trials))]
    }),
  )
  return ['How long after its onset the first alarm came, within a week; most name the sensor, those of a limit say what the sensor pretends.', '', ...table(['fault', 'sensor', ...motors.map(({ name }) => name), 'first by'], rows)]
}

function healthy({ healthy: weeks, speed, seconds }: Results): readonly string[] {
  const count = Object.values(weeks).flat().length * 4
  const alarms = Object.entries(weeks).flatMap(([motor, list]) => list.flatMap(({ seed, alarms: told }) => told.map(({ rule, hours }) => `- ${motor}, seed ${seed}: \`${rule}\` after ${span(hours)}`)))
  return [
    `${count} machine-weeks, four at a time from a cold start: a heat wave in the second (+8 K for two days), a new recipe from the third on (+15 % load), and all the while starts, stops, changes of shift, nights and weekends at rest:`,
    `**${alarms.length} false alarms, ${(alarms.length / count).toFixed(2)} a machine-week** (at most 0.1 wanted).`,
    '',
    ...(alarms.length === 0 ? [] : [...alarms, '']),
    `${(speed.readings / 1e6).toFixed(1)} million readings in ${Math.round(speed.seconds)} s of one core, simulation included: ${Math.round(speed.readings / speed.seconds / 1000)} thousand a second (on a machine that others used too). The whole table took ${Math.round(seconds / 60)} minutes of one core.`,
    '',
  ]
}

function missed(results: Results): readonly string[] {
  const groups = new Map<string, string[]>()
  for (const each of cases) {
    const trials = trialsOf(results, titleOf(each))
    const [seen, of] = [caught(trials).length, trials.length]
    if (seen === of) continue
    const reason = reasonFor(each)
    groups.set(reason, [...(groups.get(reason) ?? []), `${titleOf(each)} (${seen} of ${of})`])
  }
  return [...[...groups].map(([reason, titles]) => `- ${titles.join(', ')}: ${reason}`), '']
}
