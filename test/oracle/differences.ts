import { conditionText } from '../../src/rules/index.js'
import type { Condition } from '../../src/rules/index.js'
import type { Reading } from '../../src/model/index.js'
import { definedFrom, partsOf, watchedOf } from './defined-from.js'
import { judgedOf } from './judged.js'
import type { Monitor, Pairs, Request } from './monitor.js'
import { specOf } from './spec.js'

/** Less than any two values of the samples, or what is made of them, lie apart where they are not equal; more than rounding. */
const SHIFT = 0.000001

export interface Difference {
  readonly at: number
  readonly ours: string
  readonly theirs: string
}

export interface Comparison {
  /** The moments that were compared, of those all at which the truth is known to us, and of those all at which margins are defined alike. */
  readonly moments: number
  readonly known: number
  readonly margins: number
  readonly differences: readonly Difference[]
}

const TRUTHS = ['false', 'true', 'unknown'] as const

/** The value of steps at a moment. */
const stepAt = (steps: Pairs, at: number): number => steps.findLast(([time]) => time <= at)?.[1] ?? NaN

const alike = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b))

/**
 * Where our verdict of a condition and RTAMT's robustness are not the same: at each moment at which either may change, from the first reading (at 0) until a while after the last.
 * Where ours is known, its truth is the robustness's sign, at 0 that of the one whose limits are shifted. Where margins are defined alike and we judge, they are equal. From when on a verdict is always defined, ours is known.
 */
export async function differencesOf(condition: Condition, readings: readonly Reading[], request: Omit<Request, 'specs'>, monitor: Monitor): Promise<Comparison> {
  const until = readings.at(-1)!.time + (request.mode === 'dense' ? 5000 : 0)
  const [plain, shifted] = (await monitor.ask({ ...request, specs: [specOf(condition), specOf(condition, SHIFT)] }))
    .map((pairs): Pairs => pairs.map(([seconds, value]) => [seconds * 1000, value])) as [Pairs, Pairs]
  const watched = watchedOf(condition)
  const judged = judgedOf(condition, readings, until, watched)
  const defined = definedFrom(condition, judged, watched)
  const hasMargin = partsOf(condition).every(({ op }) => op !== 'hysteresis')
  const moments = [...new Set([...judged.map(({ at }) => at), ...plain.map(([at]) => at), ...shifted.map(([at]) => at)])].filter((at) => at <= until).sort((a, b) => a - b)
  const differences: Difference[] = []
  let [known, margins] = [0, 0]
  for (const at of moments) {
    const ours = judged.findLast((verdict) => verdict.at <= at)!
    const [robustness, decides] = [stepAt(plain, at), stepAt(shifted, at)]
    const differ = (what: string): void => {
      differences.push({ at, ours: `${TRUTHS[ours.truth]!}, margin ${ours.margin}${ours.at === at ? '' : ` (since ${ours.at} ms)`}`, theirs: `${robustness} (shifted: ${decides}): ${what}` })
    }
    if (ours.truth === 2) {
      if (at >= defined.always) differ(`always known from ${defined.always} ms on`)
      continue
    }
    known++
    if ((robustness === 0 ? decides : robustness) > 0 !== (ours.truth === 1)) differ('another truth')
    if (!hasMargin || at < defined.known || ours.at !== at) continue
    margins++
    if (!alike(ours.margin, robustness)) differ('another margin')
  }
  return { moments: moments.length, known, margins, differences }
}

/** All that is needed to see a difference again. */
export const told = (condition: Condition, readings: readonly Reading[], request: Omit<Request, 'specs'>, { differences }: Comparison): string => [
  `${differences.length} differences from RTAMT (${request.mode})`,
  `condition  ${conditionText(condition)}`,
  `as data    ${JSON.stringify(condition)}`,
  `spec       ${specOf(condition)}`,
  `readings   ${readings.map(({ time, sensor, value }) => `${time} ${sensor}=${value}`).join(', ')}`,
  ...differences.slice(0, 5).map(({ at, ours, theirs }) => `at ${at} ms  ours: ${ours}; RTAMT: ${theirs}`),
].join('\n')
