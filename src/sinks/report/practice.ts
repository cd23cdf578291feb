import type { AlarmCount, AlarmMeasures, AlarmTargets, Severity } from '../../model/index.js'

/** How the alarms of a run bore on those who answer them: its `alarm-measures` of one key, together. */
export interface ReportedPractice {
  /** What they are of: `plant`, an area, a machine. */
  readonly key: string
  readonly raised: number
  /** Raised a day, at the rate of the run; absent where it has no length. */
  readonly perDay?: number
  /** The most that were raised within 10 minutes. */
  readonly most: number
  /** Share of the run's time in flood; absent where it has no length. */
  readonly flood?: number
  /** Share of all that were raised; 0 where none was. */
  readonly mix: Readonly<Record<Severity, number>>
  readonly targets: AlarmTargets
  /** The ten rules on machines that were raised most often: at least so often, for a period tells of its own ten alone. */
  readonly top: readonly AlarmCount[]
  /** The most rules on machines that chattered in one period. */
  readonly chattering: number
  readonly fleeting: number
  /** The most occurrences of one period that had stood for more than 24 hours. */
  readonly standing: number
}

/** Plain data, as a checkpoint keeps it. */
export interface Practice {
  targets: AlarmTargets
  most: number
  /** Milliseconds. */
  flood: number
  readonly mix: Record<Severity, number>
  /** How often each rule on each machine was raised. */
  readonly sources: Map<string, { readonly machine: string; readonly rule: string; raised: number }>
  chattering: number
  fleeting: number
  standing: number
}

const DAY = 86_400_000
const TOP = 10
const severities = ['low', 'medium', 'high', 'critical'] as const

/** Adds the measures of one period. */
export function addMeasures(practices: Map<string, Practice>, { key, time, start, raised, most, flood, mix, targets, top, chattering, fleeting, standing }: AlarmMeasures): void {
  let practice = practices.get(key)
  if (practice === undefined) practices.set(key, (practice = { targets, most: 0, flood: 0, mix: { low: 0, medium: 0, high: 0, critical: 0 }, sources: new Map(), chattering: 0, fleeting: 0, standing: 0 }))
  practice.targets = targets
  practice.most = Math.max(practice.most, most)
  if (time > start) practice.flood += flood * (time - start)
  if (raised > 0) for (const severity of severities) practice.mix[severity] += Math.round(mix[severity] * raised)
  for (const { machine, rule, raised: times } of top) {
    const name = JSON.stringify([machine, rule])
    const source = practice.sources.get(name)
    if (source === undefined) practice.sources.set(name, { machine, rule, raised: times })
    else source.raised += times
  }
  practice.chattering = Math.max(practice.chattering, chattering)
  practice.fleeting += fleeting
  practice.standing = Math.max(practice.standing, standing)
}

/** @param span milliseconds of the run */
export function reportedPractice(key: string, { targets, most, flood, mix, sources, chattering, fleeting, standing }: Practice, span: number): ReportedPractice {
  const raised = severities.reduce((sum, severity) => sum + mix[severity], 0)
  const share = (count: number): number => (raised === 0 ? 0 : count / raised)
  return {
    key,
    raised,
    ...(span > 0 ? { perDay: (raised * DAY) / span } : {}),
    most,
    ...(span > 0 ? { flood: Math.min(1, flood / span) } : {}),
    mix: { low: share(mix.low), medium: share(mix.medium), high: share(mix.high), critical: share(mix.critical) },
    targets,
    top: [...sources.values()].sort((a, b) => b.raised - a.raised || order(a.machine, b.machine) || order(a.rule, b.rule)).slice(0, TOP).map((source) => ({ ...source, share: share(source.raised) })),
    chattering,
    fleeting,
    standing,
  }
}

const order = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1)
