import { conditionText } from '../../src/rules/index.js'
import type { Condition } from '../../src/rules/index.js'
import type { Reading } from '../../src/model/index.js'
import { definedFrom, partsOf, watchedOf } from './defined-from.js'
import { judgedOf } from './judged.js'
import type { Judged } from './judged.js'
import type { Monitor, Pairs, Request } from './monitor.js'
import { KNOWN, specOf, UNKNOWN } from './spec.js'

/** Less than any two values of the samples, or what is made of them, lie apart where they are not equal; more than rounding. */
const SHIFT = 0.000001

export interface Difference {
  readonly at: number
  readonly ours: string
  readonly theirs: string
}

export interface Comparison {
  /** The moments that were compared, of those all at which the truth is known to us, and of those all at which margins were compared. */
  readonly moments: number
  readonly known: number
  readonly margins: number
  readonly differences: readonly Difference[]
}

export type Sampled = Omit<Request, 'specs'>

/** A condition over the readings of one machine, the first of which are at 0, and how RTAMT takes them. */
export interface Case {
  readonly condition: Condition
  readonly readings: readonly Reading[]
  readonly sampled: Sampled
}

const TRUTHS = ['false', 'true', 'unknown'] as const

/** The value of steps at a moment. */
const stepAt = (steps: Pairs, at: number): number => steps.findLast(([time]) => time <= at)?.[1] ?? NaN

const alike = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b))

/** RTAMT's robustness of each spec in milliseconds, these less `begin`. */
const robustness = async (specs: readonly string[], sampled: Sampled, monitor: Monitor, begin = 0): Promise<readonly Pairs[]> =>
  (await monitor.ask({ ...sampled, specs })).map((pairs) => pairs.map(([seconds, value]) => [seconds * 1000 - begin, value]))

/** What is compared at a moment: ours stands since we judged last. */
type Compare = (at: number, ours: Judged, differ: (what: string) => void) => { readonly margin: boolean }

/** At each moment at which either may change, from the first reading until a while after the last. */
function compareAll(judged: readonly Judged[], theirs: readonly Pairs[], until: number, compare: Compare): Comparison {
  const moments = [...new Set([...judged.map(({ at }) => at), ...theirs.flatMap((pairs) => pairs.map(([at]) => at))])].filter((at) => at >= 0 && at <= until)
  const differences: Difference[] = []
  let [known, margins] = [0, 0]
  for (const at of moments.sort((a, b) => a - b)) {
    const ours = judged.findLast((verdict) => verdict.at <= at)!
    const { margin } = compare(at, ours, (what) => {
      differences.push({ at, ours: `${TRUTHS[ours.truth]!}, margin ${ours.margin}${ours.at === at ? '' : ` (since ${ours.at} ms)`}`, theirs: `${theirs.map((pairs) => stepAt(pairs, at)).join(' and ')}: ${what}` })
    })
    if (ours.truth !== 2) known++
    if (margin) margins++
  }
  return { moments: moments.length, known, margins, differences }
}

const endOf = ({ readings, sampled }: Case): number => readings.at(-1)!.time + (sampled.mode === 'dense' ? 5000 : 0)

/**
 * Where ours is known, its truth is the sign of RTAMT's robustness (at 0, the sign of the one whose limits are shifted).
 * Where margins are defined alike (see `definedFrom`) and we judge, they are equal. From when on a verdict is always defined, ours is known.
 */
export async function differencesOf(tried: Case, monitor: Monitor): Promise<Comparison> {
  const { condition, readings, sampled } = tried
  const [plain] = await robustness([specOf(condition)], sampled, monitor)
  const [shifted] = plain!.some(([, value]) => value === 0) ? await robustness([specOf(condition, { shift: SHIFT })], sampled, monitor) : [plain!]
  const watched = watchedOf(condition)
  const until = endOf(tried)
  const judged = judgedOf(condition, readings, until, watched)
  const defined = definedFrom(condition, judged, watched)
  const hasMargin = partsOf(condition).every(({ op }) => op !== 'hysteresis')
  return compareAll(judged, [plain!, shifted!], until, (at, { at: since, truth, margin }, differ) => {
    if (truth === 2) {
      if (at >= defined.always) differ(`always known from ${defined.always} ms on`)
      return { margin: false }
    }
    const value = stepAt(plain!, at)
    if ((value === 0 ? stepAt(shifted!, at) : value) > 0 !== (truth === 1)) differ('another truth')
    if (!hasMargin || at < defined.known || since !== at) return { margin: false }
    if (!alike(margin, value)) differ('another margin')
    return { margin: true }
  })
}

/** Longer than all windows of a formula. */
const BEFORE = 1000
const FAR = 1e9

/** Their margins, while something of the past is unknown, are of what has been seen; those of all others are the bound that decides. */
const OF_WHAT_IS_SEEN: readonly Condition['op'][] = ['hysteresis', 'since']

/**
 * From the very beginning: RTAMT is given a time before the first readings in which every comparison may be anything, and tells the least and the largest that its robustness may then be.
 * Ours is true where the least is above 0, false where the largest is below 0, else unknown; and its margin is that least or largest.
 * In dense time; no window stands in a signal, and there is no `followedBy`: it leaves out now, so that it is false though `then` is unknown where nothing came before, which is not to be said in RTAMT's logic.
 */
export async function differencesFromTheBeginning(tried: Case, monitor: Monitor): Promise<Comparison> {
  const { condition, readings, sampled } = tried
  const begun = Object.fromEntries(Object.entries(sampled.signals).map(([name, pairs]): [string, Pairs] => [name, [[0, pairs[0]![1]], ...pairs.map(([time, value]) => [time + BEFORE, value] as const)]]))
  const signals = { ...begun, [KNOWN]: [[0, -FAR], [BEFORE, FAR]] as const, [UNKNOWN]: [[0, FAR], [BEFORE, -FAR]] as const }
  const bounds = (['least', 'largest'] as const).flatMap((bound) => [specOf(condition, { bound }), specOf(condition, { bound, shift: SHIFT })])
  const theirs = await robustness(bounds, { ...sampled, signals }, monitor, BEFORE * 1000)
  const [least, leastShifted, largest, largestShifted] = theirs as [Pairs, Pairs, Pairs, Pairs]
  const until = endOf(tried)
  const hasMargin = partsOf(condition).every(({ op }) => !OF_WHAT_IS_SEEN.includes(op))
  return compareAll(judgedOf(condition, readings, until, []), theirs, until, (at, { at: since, truth, margin }, differ) => {
    const expected = stepAt(leastShifted, at) > 0 ? 1 : stepAt(largestShifted, at) < 0 ? 0 : 2
    if (truth !== expected) differ(`another truth, not ${TRUTHS[expected]}`)
    if (!hasMargin || truth === 2 || since !== at) return { margin: false }
    if (!alike(margin, stepAt(truth === 1 ? least : largest, at))) differ('another margin')
    return { margin: true }
  })
}

/** All that is needed to see a difference again. */
export const told = ({ condition, readings, sampled }: Case, { differences }: Comparison): string => [
  `${differences.length} differences from RTAMT (${sampled.mode})`,
  `condition  ${conditionText(condition)}`,
  `as data    ${JSON.stringify(condition)}`,
  `spec       ${specOf(condition)}`,
  `readings   ${readings.map(({ time, sensor, value }) => `${time} ${sensor}=${value}`).join(', ')}`,
  ...differences.slice(0, 5).map(({ at, ours, theirs }) => `at ${at} ms  ours: ${ours}; RTAMT: ${theirs}`),
].join('\n')
