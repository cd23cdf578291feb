import { alarms } from '../operators/index.js'
import { ruleText } from '../rules/index.js'
import type { Rule } from '../rules/index.js'
import type { AlarmsOperator } from './alarms-operator.js'
import { chatter } from './fuzz/chatter.js'
import { fires } from './fuzz/fires.js'
import { machines } from './fuzz/machines.js'
import { monotone } from './fuzz/monotone.js'
import { safe } from './fuzz/safe.js'
import { subjectOf } from './fuzz/subject.js'
import type { FuzzProperties, Subject } from './fuzz/subject.js'
import type { Trial } from './fuzz/trial.js'
import { unknown } from './fuzz/unknown.js'
import type { RuleTest } from './rule-test.js'
import { ruleTestText } from './rule-test-text.js'

/** The properties by their short names, in order. */
export const fuzzedProperties = {
  safe: 'never fires within safe limits',
  fires: 'always fires within its delays when clearly outside',
  chatter: 'never chatters faster than its delays',
  monotone: 'worse readings never make it better',
  unknown: 'unknown never counts as fine',
  machines: "one machine's data never move another's",
} as const

export type FuzzedProperty = keyof typeof fuzzedProperties

export interface FuzzResult {
  readonly property: FuzzedProperty
  readonly outcome: 'holds' | 'broken' | 'does not apply'
  /** Streams that were tried. */
  readonly runs: number
  /** What is wrong, or why it does not apply. */
  readonly why?: string
  /** Of one that is broken: the fewest readings that show it, as a test that the rule should pass. */
  readonly test?: RuleTest
  /** How many readings these are. */
  readonly readings?: number
}

export interface FuzzReport {
  readonly results: readonly FuzzResult[]
  /** The rule, and a line for each property; below what is broken, its rule test, to be pasted into a file and run by `motorwatch test`. */
  readonly text: string
}

const trials: Readonly<Record<FuzzedProperty, (subject: Subject) => Trial | string>> = { safe, fires, chatter, monotone, unknown, machines }

/**
 * Tries a rule over streams of readings by the thousand: values in and around its ranges, gaps, suspect readings, times around its delays.
 *
 * - `safe`: while all that is good lies in its safe range the rule never fires.
 * - `fires`: when all sensors are clearly outside it stands within its delays, to the very moment, whatever was before.
 * - `chatter`: it is raised and cleared no sooner than its delays allow.
 * - `monotone`: over readings that are worse at each instant it stands wherever it stood.
 * - `unknown`: what is suspect or silent does not clear a raised alarm, and begins each delay anew.
 * - `machines`: readings of another machine change nothing.
 *
 * What is given in `properties` goes before what the rule's own limits say. A property for which something is not known, or of which no stream told anything (the alarm was never raised),
 * does not apply, and it is said why. Throws a `RangeError` for ranges that are none, and what `operator` throws.
 *
 * @example
 * const { text } = fuzzRule(rule({ id: 'hot', when: above('temperature_coil', 120), onDelay: '30s' }), {
 *   sensors: { temperature_coil: { safe: [20, 120], outside: [121, 200], worse: 'higher' } },
 * })
 * console.log(text)
 */
export function fuzzRule(rule: Rule, properties: FuzzProperties = {}, operator: AlarmsOperator = alarms): FuzzReport {
  const subject = subjectOf(rule, properties, operator)
  const results = (Object.keys(trials) as FuzzedProperty[]).map((property) => resultOf(property, trials[property](subject), properties))
  return { results, text: [ruleText(rule), ...results.map(lineOf)].join('\n') }
}

function resultOf(property: FuzzedProperty, made: Trial | string, { numRuns = 1000, seed }: FuzzProperties): FuzzResult {
  if (typeof made === 'string') return { property, outcome: 'does not apply', runs: 0, why: made }
  const { runs, telling, failure } = made({ numRuns, ...(seed === undefined ? {} : { seed }) })
  if (failure !== undefined) return { property, outcome: 'broken', runs, why: failure.why, test: { name: fuzzedProperties[property], ...failure.test() }, readings: failure.readings }
  return telling === 0 ? { property, outcome: 'does not apply', runs, why: `in none of ${runs} streams was it raised` } : { property, outcome: 'holds', runs }
}

function lineOf({ property, outcome, runs, why, test }: FuzzResult): string {
  const name = fuzzedProperties[property]
  if (outcome === 'holds') return `  ${runs} streams: ${name}`
  if (outcome === 'does not apply') return `  does not apply: ${name}: ${why}`
  return `  BROKEN, stream ${runs}: ${name}: ${why}\n${ruleTestText(test!).replace(/^/gm, '    ')}`
}
