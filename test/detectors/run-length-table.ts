import { cusum, detectors, ewmaChart, parametersOf, shewhart } from '../../src/detectors/index.js'
import type { Detector } from '../../src/detectors/index.js'
import { autoregressive } from './gaussian.js'
import { runLength } from './run-lengths.js'
import type { RunLength } from './run-lengths.js'

export const SHIFTS = [0.5, 1, 2, 3, 5] as const
/** One false alarm a machine-week at a sample each 10 s. */
export const WEEK = 60_480

export interface Chart {
  readonly name: string
  readonly detector: Detector
  readonly params: Readonly<Record<string, number>>
  readonly phi: number
  /** Of the reference, detection.md: delays at `SHIFTS`; of autocorrelated data it has the limit alone. */
  readonly delays: readonly number[]
}

const given = { mean: 0, sigma: 1 }
export const charts: readonly Chart[] = [
  { name: 'single limit 4.31', detector: shewhart, params: { ...given, limit: 4.31 }, phi: 0, delays: [14_031, 2175, 94, 11, 1.3] },
  { name: 'three in a row 2.05', detector: shewhart, params: { ...given, limit: 2.05, row: 3 }, phi: 0, delays: [4795, 378, 16, 4.4, 3] },
  { name: 'EWMA 0.1, 4.20', detector: ewmaChart, params: { ...given, lambda: 0.1, limit: 4.2 }, phi: 0, delays: [177, 22, 6.9, 4.2, 2.6] },
  { name: 'CUSUM 0.5, 9.89', detector: cusum, params: { ...given, k: 0.5, limit: 9.89 }, phi: 0, delays: [122, 20, 7.3, 4.5, 2.8] },
  { name: 'EWMA 0.1, 8.5', detector: ewmaChart, params: { ...given, lambda: 0.1, limit: 8.5 }, phi: 0.7, delays: [] },
  { name: 'CUSUM 0.5, 44', detector: cusum, params: { ...given, k: 0.5, limit: 44 }, phi: 0.7, delays: [] },
]

export interface Measured extends RunLength {
  readonly chart: string
  readonly phi: number
  readonly shift: number
  /** What the reference says; absent: it says nothing. */
  readonly expected?: number
}

/** Run lengths from the zero state, the sample that alarms included: `many` runs of what is long, eight times as many of what is short. */
export function measureRunLengths(many: number, seed: number, progress: (measured: Measured) => void = () => undefined): readonly Measured[] {
  return charts.flatMap(({ name, detector, params, phi, delays }) => [0, ...SHIFTS].map((shift, i) => {
    const expected = i === 0 ? WEEK : delays[i - 1]
    const runs = (expected ?? 100) > 1000 ? many : 8 * many
    const measured = { chart: name, phi, shift, ...(expected === undefined ? {} : { expected }), ...runLength({ detector, params, phi, shift }, runs, seed + i) }
    progress(measured)
    return measured
  }))
}

export interface Limit {
  readonly chart: string
  readonly reference: number
  readonly measured: number
}

/** With which limit autocorrelated data run a week in control, between that of the reference and 3 % below it: the logarithm of a run length is linear there. */
export function measureLimits(table: readonly Measured[], runs: number, seed: number): readonly Limit[] {
  return charts.filter(({ phi }) => phi > 0).map(({ name, detector, params, phi }) => {
    const reference = params['limit']!
    const lower = 0.97 * reference
    const at = table.find(({ chart, shift }) => chart === name && shift === 0)!.mean
    const below = runLength({ detector, params: { ...params, limit: lower }, phi, shift: 0 }, runs, seed + 100).mean
    return { chart: name, reference, measured: lower + ((reference - lower) * Math.log(WEEK / below)) / Math.log(at / below) }
  })
}

export interface Bought {
  readonly detector: string
  readonly phi: number
  readonly machines: number
  /** Of the machines, the part with an alarm within the week after the warm-up. */
  readonly alarmed: number
  /** Alarms begun, a machine and week. */
  readonly alarms: number
}

/** What is fed to detectors of two inputs beside a signal of mean 0 and deviation 1. */
const beside: Readonly<Record<string, (seed: number, phi: number) => () => number>> = {
  twinDrift: (seed, phi) => autoregressive(phi, seed + 1_000_000),
  trendToLimit: () => () => 4,
}

/** False alarms of all detectors as they are by default, each sample learned, in the week after a warm-up. */
export function measureDefaults(machines: number, seed: number, progress: (bought: Bought) => void = () => undefined): readonly Bought[] {
  return [0, 0.7, 0.9].flatMap((phi) => [...detectors.values()].filter(({ name, inputs }) => inputs[0] === 1 || name in beside).map((detector) => {
    const params = parametersOf(detector)
    let [alarmed, alarms] = [0, 0]
    for (let machine = 0; machine < machines; machine++) {
      const next = autoregressive(phi, seed + machine)
      const other = beside[detector.name]?.(seed + machine, phi)
      const state = detector.start(params, detector.inputs[0])
      const values = other === undefined ? [0] : [0, 0]
      let begun = 0
      let on = false
      for (let i = 0, known = 0; known < WEEK && i < 2 * WEEK; i++) {
        values[0] = next()
        if (other !== undefined) values[1] = other()
        const score = detector.next(state, values, i * 10_000, true, params)
        if (score !== score) continue
        known += 1
        if (score > 1 && !on) begun += 1
        on = score > 1
      }
      alarms += begun
      if (begun > 0) alarmed += 1
    }
    const bought = { detector: detector.name, phi, machines, alarmed: alarmed / machines, alarms: alarms / machines }
    progress(bought)
    return bought
  }))
}

export interface RunLengths {
  readonly table: readonly Measured[]
  readonly limits: readonly Limit[]
  readonly defaults: readonly Bought[]
}

/** All of it; `told` is given a line for each measurement. */
export function measureAll(runs: number, machines: number, seed: number, told: (line: string) => void): RunLengths {
  const defaults = measureDefaults(machines, seed, ({ detector, phi, alarms, alarmed }) => { told(`${detector}, phi ${phi}: ${alarms} alarms a machine-week, ${100 * alarmed} % of machines`) })
  const table = measureRunLengths(runs, seed, ({ chart, shift, mean, standardError, expected }) => { told(`${chart}, shift ${shift}: ${mean.toPrecision(5)} +- ${standardError.toPrecision(2)}${expected === undefined ? '' : `, reference ${expected}`}`) })
  return { table, limits: measureLimits(table, runs, seed), defaults }
}

const shown = (x: number): string => (x >= 1000 ? String(Math.round(x)) : String(Number(x.toPrecision(3))))

/** By how much what was measured differs from the reference, at most; NaN where the reference says nothing. */
export const worst = (table: readonly Measured[]): number => Math.max(...table.flatMap(({ mean, expected }) => (expected === undefined ? [] : [Math.abs(mean / expected - 1)])))

/** As a section of Markdown: a table of run lengths, one of what the defaults buy. */
export function runLengthsInMarkdown({ table, limits, defaults }: RunLengths): string {
  const cell = ({ mean, expected }: Measured): string => `${shown(mean)}${expected === undefined ? '' : ` (${shown(expected)})`}`
  const phis = [...new Set(defaults.map(({ phi }) => phi))]
  const errors = table.map(({ mean, standardError }) => standardError / mean)
  return [
    '## Run lengths',
    '',
    'How many samples a chart takes to alarm: with nothing wrong, and from a shift of the mean on, in deviations of a sample. From the zero state (the shift is there from the first sample on), the sample that alarms counted. In brackets what [detection.md] says.',
    `Mean and deviation are given to the charts. Simulated with the detectors themselves; the largest standard error is ${(100 * Math.max(...errors)).toFixed(1)} %, the largest difference from the reference ${(100 * worst(table)).toFixed(1)} %.`,
    '',
    `| chart | samples | in control | ${SHIFTS.map((shift) => `${shift} sigma`).join(' | ')} |`,
    `|---|---|---|${SHIFTS.map(() => '---|').join('')}`,
    ...charts.map(({ name, phi }) => `| ${name} | ${phi === 0 ? 'independent' : `AR(1), phi ${phi}`} | ${table.filter(({ chart }) => chart === name).map(cell).join(' | ')} |`),
    '',
    `A limit that is given to two digits gives a run length of autocorrelated data to 10 %. The limits that run ${WEEK} samples in control: ${limits.map(({ chart, reference, measured }) => `${chart.split(',')[0]} ${shown(measured)} (${shown(reference)})`).join(', ')}.`,
    '',
    '## What the defaults buy',
    '',
    `Alarms begun in a machine-week (${WEEK} samples) after the warm-up, with nothing wrong: the mean, and in brackets the part of machines that had one. Mean and deviation are learned by each detector itself, once; normal samples, independent and AR(1). trendToLimit has its limit at 4 deviations.`,
    '',
    `| detector | ${phis.map((phi) => (phi === 0 ? 'independent' : `phi ${phi}`)).join(' | ')} |`,
    `|---|${phis.map(() => '---|').join('')}`,
    ...[...new Set(defaults.map(({ detector }) => detector))].map((name) => `| ${name} | ${defaults.filter(({ detector }) => detector === name).map(({ alarms, alarmed }) => `${shown(alarms)} (${shown(100 * alarmed)} %)`).join(' | ')} |`),
    '',
  ].join('\n')
}
