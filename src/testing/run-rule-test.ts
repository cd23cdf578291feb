import type { Alarm, Item, Reading, Tick } from '../model/index.js'
import { alarms, keyed, via } from '../operators/index.js'
import { machines, signalText, unitOf } from '../rules/index.js'
import type { OwnSignals, Rule } from '../rules/index.js'
import { duration, formatDuration } from '../time/index.js'
import type { AlarmsOperator } from './alarms-operator.js'
import { epoch } from './epoch.js'
import { replay } from './replay.js'
import type { Expectation, RuleState, RuleTest } from './rule-test.js'
import { readSeries } from './series.js'
import { standings } from './standings.js'
import type { Standing } from './standings.js'
import { stands } from './stands.js'
import { withoutDelays } from './without-delays.js'

export interface RuleTestOptions {
  /** Of the rules' own signals. */
  readonly signals?: OwnSignals
  /** What is tested; left out: `alarms`. */
  readonly operator?: AlarmsOperator
}

export interface RuleTestResult {
  readonly passed: boolean
  readonly outcomes: readonly RuleTestOutcome[]
  /** The test's name, and where it has not passed what was expected (`-`), what came (`+`), and when the alarm was raised and cleared. */
  readonly text: string
}

export interface RuleTestOutcome {
  readonly expected: Expectation
  readonly passed: boolean
  readonly state: RuleState
  /** NaN: unknown. */
  readonly margin: number
  /** Of the last transition; absent where there was none. */
  readonly message?: string
}

/**
 * Runs a rule test in event time, through `alarms` itself. Time begins with 2026-01-01T00:00Z, and all machines' first places are read then.
 * `rules` are for a test that has none of its own. Throws a `RangeError` for what cannot be run: a series that cannot be read, an expectation of a rule that is not there.
 *
 * @example
 * const hot = rule({ id: 'hot-coil', when: above('temperature_coil', 120), onDelay: '30s' })
 * const { passed, text } = runRuleTest({
 *   given: { temperature_coil: '10x120 60x121' },
 *   expect: [{ at: '39s', rule: 'hot-coil', state: 'pending', margin: 1 }, { at: '40s', rule: 'hot-coil', state: 'raised' }],
 * }, [hot])
 * if (!passed) throw new Error(text)
 */
export function runRuleTest(test: RuleTest, rules: readonly Rule[] = [], { signals, operator = alarms }: RuleTestOptions = {}): RuleTestResult {
  const tested = test.rules ?? rules
  const machine = typeof test.machine === 'object' ? test.machine : { id: test.machine ?? 'm1' }
  const options = { machines: machines(machine), ...(test.stale === undefined ? {} : { stale: test.stale }), ...(signals === undefined ? {} : { signals }) }
  const expected = test.expect.map((expectation) => ({ expectation, at: epoch + duration(expectation.at), rule: ruleOf(expectation, tested, machine.id) }))
  const moments = [...new Set(expected.map(({ at }) => at))].sort((a, b) => a - b)
  const inputs = [
    ...[epoch, ...moments].map((time): Tick => ({ kind: 'tick', time })),
    ...readingsOf(machine.id, test.given),
    ...Object.entries(test.others ?? {}).flatMap(([other, given]) => readingsOf(other, given)),
  ].sort((a, b) => a.time - b.time)
  const transitions = replay((time) => operator(tested, options, time), inputs).filter((item): item is Item & Alarm => item.kind === 'alarm' && (item as Alarm).machine === machine.id)
  const conditions = tested.map((rule) => withoutDelays(rule.when))
  const stood = replay((time) => via('reading', keyed(standings(conditions, moments, options), { key: 'machine' }, time)), inputs).filter((standing) => standing.machine === machine.id)

  const judged = expected.map(({ expectation, at, rule }) => {
    const told = transitions.filter((alarm) => alarm.rule === rule.id)
    const last = told.findLast(({ time, state }) => time <= at && stands(state) !== undefined)
    const standing = stood.find(({ time }) => time === at)?.conditions[tested.indexOf(rule)]
    const outcome: Omit<RuleTestOutcome, 'passed'> = {
      expected: expectation,
      state: last !== undefined && stands(last.state) === true ? 'raised' : standing === undefined ? 'unknown' : UNRAISED[String(standing.truth) as keyof typeof UNRAISED],
      margin: standing?.margin ?? NaN,
      ...(last === undefined ? {} : { message: last.message }),
    }
    return { outcome: { ...outcome, passed: isAsExpected(outcome) }, told, standing }
  })
  const name = test.name ?? tested.map(({ id }) => id).join(', ')
  return {
    passed: judged.every(({ outcome }) => outcome.passed),
    outcomes: judged.map(({ outcome }) => outcome),
    text: [name, ...judged.flatMap(({ outcome, told, standing }) => (outcome.passed ? [] : difference(outcome, told, standing)))].join('\n'),
  }
}

const UNRAISED = { true: 'pending', false: 'normal', unknown: 'unknown' } as const

function ruleOf({ rule: id }: Expectation, rules: readonly Rule[], machine: string): Rule {
  const found = rules.find((rule) => rule.id === id)
  if (found === undefined) throw new RangeError(`it expects something of the rule '${id}', and the rules are ${rules.length === 0 ? 'none' : rules.map((rule) => `'${rule.id}'`).join(', ')}`)
  if (found.machines?.includes(machine) === false) throw new RangeError(`the rule '${id}' is for ${found.machines.join(', ')} alone, and the test is of ${machine}: name one of them in 'machine'`)
  return found
}

function readingsOf(machine: string, given: Readonly<Record<string, string>>): readonly Reading[] {
  return Object.entries(given).flatMap(([sensor, text]) => {
    const { every, readings } = seriesOf(sensor, text)
    return readings.flatMap((place, i): readonly Reading[] =>
      place === undefined ? [] : [{ kind: 'reading', time: epoch + i * every, machine, sensor, value: place.value, quality: place.suspect ? 'suspect' : 'good' }])
  })
}

function seriesOf(sensor: string, text: string): ReturnType<typeof readSeries> {
  try {
    return readSeries(text)
  } catch (error) {
    throw new RangeError(`${sensor}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

const same = (a: number, b: number): boolean => a === b || Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a))

function isAsExpected({ expected, state, margin, message }: Omit<RuleTestOutcome, 'passed'>): boolean {
  return state === expected.state && (expected.margin === undefined || same(expected.margin, margin)) && (expected.message === undefined || expected.message === message)
}

const number = (value: number): string => (Number.isFinite(value) ? String(Number(value.toFixed(9))) : 'unknown')

function difference({ expected, state, margin, message }: RuleTestOutcome, told: readonly Alarm[], standing: Standing['conditions'][number] | undefined): readonly string[] {
  const parts = (state: string, margin: number | undefined, message: string | undefined): string =>
    [state, ...(margin === undefined ? [] : [`margin ${number(margin)}`]), ...(message === undefined ? [] : [message])].join(', ')
  const quoted = (text: string | undefined): string => (text === undefined ? 'no message' : JSON.stringify(text))
  const unit = standing === undefined ? undefined : unitOf(standing.signal)
  const values = standing === undefined ? '' : `   (${signalText(standing.signal)} ${number(standing.value)}, limit ${number(standing.limit)}${unit === undefined ? '' : ` ${unit}`})`
  const heard = told.filter((alarm) => stands(alarm.state) !== undefined).map((alarm) => `${alarm.state} at ${formatDuration(alarm.time - epoch)}`)
  return [
    `  at ${formatDuration(duration(expected.at))}, ${expected.rule}`,
    `  - ${parts(expected.state, expected.margin, expected.message === undefined ? undefined : quoted(expected.message))}`,
    `  + ${parts(state, expected.margin === undefined ? undefined : margin, expected.message === undefined ? undefined : quoted(message))}${values}`,
    `    ${heard.length === 0 ? 'never raised' : heard.join(', ')}`,
  ]
}
