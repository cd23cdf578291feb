import { standardSensors } from '../model/index.js'
import type { Sensors } from '../model/index.js'
import { duration } from '../time/index.js'
import type { Condition } from './condition.js'
import { parameter } from './machine.js'
import type { Machine, Machines } from './machine.js'
import { FALSE, TRUE } from './nodes/judgement.js'
import type { Rule } from './rule.js'
import { conditionsOf, partsOf, sensorsOf } from './shape.js'
import type { Signal } from './signal.js'
import { steadySignal, steadyTruth } from './steady.js'
import type { Steady } from './steady.js'
import { conditionText, signalText } from './text.js'
import { checkUnits } from './unit.js'

/** What is wrong with a rule. */
export interface RuleProblem {
  readonly rule: string
  readonly problem: 'never fires' | 'always fires' | 'never clears' | 'contradiction' | 'unknown sensor' | 'unknown parameter' | 'limit out of range' | 'units' | 'no hysteresis' | 'duplicate'
  /** One line. */
  readonly text: string
}

export interface CheckOptions {
  /** Left out: the standard ones. */
  readonly sensors?: Sensors
  readonly machines?: Machines
}

/** So many steady states are tried at most; a rule with more sensors than that allows is not tried for what can never or always fire. */
const MOST = 20_000

/**
 * What an engineer would find wrong with rules by reading them, one line each: a rule that can never fire or always does, one that can hold together with its clear condition or never clears,
 * a sensor or a parameter that nobody knows, a limit outside of what its instrument shows, units that do not fit, a noisy sensor without a deadband or a delay, a rule that is there twice.
 *
 * What can fire is tried on steady values over the ranges of the instruments, at the limits and on either side of them; conditions on what moves (a rise, a rate, a sequence) are given the benefit of the doubt.
 */
export function checkRules(rules: readonly Rule[], { sensors = standardSensors, machines }: CheckOptions = {}): readonly RuleProblem[] {
  return rules.flatMap((rule, i) => {
    const told = (problem: RuleProblem['problem'], text: string): RuleProblem => ({ rule: rule.id, problem, text: `${rule.id}: ${text}` })
    const twin = rules.slice(0, i).find((other) => conditionText(other.when) === conditionText(rule.when) && meet(other.machines, rule.machines))
    const own = twin === undefined ? [] : [told('duplicate', `is the same condition as '${twin.id}': ${conditionText(rule.when)}`)]
    return [...own, ...unknowns(rule, sensors, machines, told), ...units(rule, sensors, told), ...ranges(rule, sensors, told), ...truths(rule, sensors, machines, told), ...noisy(rule, told)]
  })
}

type Told = (problem: RuleProblem['problem'], text: string) => RuleProblem

const meet = (a: readonly string[] | undefined, b: readonly string[] | undefined): boolean => a === undefined || b === undefined || a.some((machine) => b.includes(machine))

/** All parts of it, itself included. */
const everyPart = (of: Signal | Condition): readonly (Signal | Condition)[] => {
  const { signals, conditions } = partsOf(of)
  return [of, ...signals.flatMap(everyPart), ...conditions.flatMap(everyPart)]
}

function unknowns(rule: Rule, sensors: Sensors, machines: Machines | undefined, told: Told): readonly RuleProblem[] {
  const conditions = conditionsOf(rule)
  const known = (sensor: string): boolean => sensors.has(sensor) || [...(machines?.values() ?? [])].some((machine) => machine.sensors?.includes(sensor) === true)
  const strangers = [...new Set(conditions.flatMap(sensorsOf))].filter((sensor) => !known(sensor))
  const missing = strangers.map((sensor) => told('unknown sensor', `reads ${sensor}, which nobody knows: expected one of ${[...sensors.keys()].join(', ')}`))
  if (machines === undefined) return missing
  const named = new Set(conditions.flatMap(everyPart).flatMap((part) => (typeof part === 'string' && part.startsWith('$') ? [part.slice(1).split(' ')[0]!] : [])))
  const watched = [...machines.values()].filter(({ id }) => rule.machines?.includes(id) !== false)
  const without = [...named].flatMap((name) => watched.filter((machine) => Number.isNaN(parameter(machine, name))).map(({ id }) => told('unknown parameter', `needs $${name}, which machine '${id}' has not: it cannot be judged there`)))
  return [...missing, ...without]
}

function units(rule: Rule, sensors: Sensors, told: Told): readonly RuleProblem[] {
  return conditionsOf(rule).flatMap((condition) => {
    try {
      checkUnits(condition, sensors)
      return []
    } catch (error) {
      return [told('units', error instanceof Error ? error.message : String(error))]
    }
  })
}

function ranges(rule: Rule, sensors: Sensors, told: Told): readonly RuleProblem[] {
  return conditionsOf(rule).flatMap(everyPart).flatMap((part) => {
    if (typeof part !== 'object' || !('signal' in part) || typeof part.signal !== 'string' || part.op === 'rising') return []
    const range = sensors.get(part.signal)?.range
    if (range === undefined) return []
    const limits = part.op === 'hysteresis' ? [part.on, part.off] : 'limit' in part ? [part.limit] : [part.low, part.high]
    const wrong = limits.filter((limit) => typeof limit === 'number' && (limit < range[0] || limit > range[1]))
    return wrong.map((limit) => told('limit out of range', `the limit ${signalText(limit)} in '${conditionText(part as Condition)}' is outside of what ${signalText(part.signal)} shows, ${range[0]}..${range[1]}`))
  })
}

function truths(rule: Rule, sensors: Sensors, machines: Machines | undefined, told: Told): readonly RuleProblem[] {
  const states = steadyStates(rule, sensors, [...(machines?.values() ?? [])].find(({ id }) => rule.machines?.includes(id) !== false))
  if (states === undefined) return []
  const found: RuleProblem[] = []
  const all = (condition: Condition, truth: number): boolean => states.every((state) => steadyTruth(condition, state) === truth)
  if (all(rule.when, FALSE)) found.push(told('never fires', `can never fire: '${conditionText(rule.when)}' holds for no value that the instruments show`))
  if (all(rule.when, TRUE)) found.push(told('always fires', `always fires: '${conditionText(rule.when)}' holds for every value that the instruments show`))
  const { clear } = rule
  if (clear === undefined) return found
  if (all(clear, FALSE)) found.push(told('never clears', `is never cleared: '${conditionText(clear)}' holds for no value that the instruments show`))
  const both = states.find((state) => steadyTruth(rule.when, state) === TRUE && steadyTruth(clear, state) === TRUE)
  if (both !== undefined)
    found.push(told('contradiction', `is raised and cleared by the same values, such as ${[...both.values].map(([sensor, value]) => `${sensor} ${Number(value.toPrecision(6))}`).join(', ')}: '${conditionText(rule.when)}' and '${conditionText(clear)}'`))
  return found
}

/** The corners of what the instruments show, the limits of the rule and points on either side of them; undefined: too many. */
function steadyStates(rule: Rule, sensors: Sensors, machine: Machine | undefined): readonly Steady[] | undefined {
  const conditions = [rule.when, ...(rule.clear === undefined ? [] : [rule.clear])]
  const read = [...new Set(conditions.flatMap(sensorsOf))]
  const parts = conditions.flatMap(everyPart)
  const numbers = parts.flatMap((part) => [
    ...(typeof part === 'number' ? [part] : []),
    ...(typeof part === 'string' && part.startsWith('$') ? [steadySignal(part, { values: new Map(), machine })] : []),
    ...(typeof part === 'object' && part.op === 'hysteresis' ? [part.on, part.off] : []),
    ...(typeof part === 'object' && part.op === 'clamped' ? [part.low, part.high] : []),
  ]).filter(Number.isFinite)
  const factors = parts.flatMap((part) => (typeof part === 'object' && part.op === 'scaled' && part.by !== 0 ? [part.by] : []))
  const limits = [...numbers, ...factors.flatMap((by) => numbers.map((number) => number / by))]
  let states: readonly ReadonlyMap<string, number>[] = [new Map()]
  for (const sensor of read) {
    const [low, high] = sensors.get(sensor)?.range ?? [Math.min(...limits, 0) - 1, Math.max(...limits, 0) + 1]
    const step = (high - low) * 1e-6
    const points = [...new Set([low, high, (low + high) / 2, ...limits.flatMap((limit) => [limit - step, limit, limit + step])])].filter((point) => point >= low && point <= high)
    if (states.length * points.length > MOST) return undefined
    states = states.flatMap((state) => points.map((point) => new Map([...state, [sensor, point]])))
  }
  return states.map((values) => ({ values, machine }))
}

/** What smooths, waits or has two limits does not flutter on the noise of a sensor. */
const CALM = new Set(['hysteresis', 'heldFor', 'within', 'missing', 'stuck', 'state', 'during', 'followedBy', 'meanOver', 'rmsOver', 'deviationOver', 'quantileOver', 'ewma', 'i2t', 'hours', 'starts', 'baseline', 'age'])

function noisy(rule: Rule, told: Told): readonly RuleProblem[] {
  if (rule.clear !== undefined || duration(rule.onDelay ?? 0) > 0 || duration(rule.offDelay ?? 0) > 0) return []
  const parts = everyPart(rule.when).filter((part) => typeof part === 'object')
  if (parts.some(({ op }) => CALM.has(op)) || !parts.some((part) => 'signal' in part)) return []
  return [told('no hysteresis', 'has no deadband and no delay: on a noisy sensor it flutters at the limit; give it a clear condition, an offDelay or an onDelay')]
}
