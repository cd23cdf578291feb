import type { Condition } from './condition.js'
import { parameter } from './machine.js'
import type { Machines } from './machine.js'
import { parameterOf } from './parameter.js'
import type { Rule } from './rule.js'
import { partsOf } from './shape.js'
import type { Signal } from './signal.js'

/** A machine on which a rule is never judged, or not in full. */
export interface MissingParameter {
  readonly machine: string
  readonly rule: string
  /** As rules name it, without `$`. */
  readonly parameter: string
}

/** What rules ask of their machines and the register does not say: there they are unknown, for ever, and no alarm tells it. Look at it once, where a plant is set up. */
export function missingParameters(rules: readonly Rule[], machines: Machines): readonly MissingParameter[] {
  return rules.flatMap((rule) => {
    const conditions = [rule.when, rule.clear, rule.suppressedBy, ...(rule.levels ?? []).map(({ when }) => when)].filter((condition) => condition !== undefined)
    const names = [...new Set(conditions.flatMap(parametersOf))]
    return (rule.machines ?? [...machines.keys()]).flatMap((machine) =>
      names.filter((name) => Number.isNaN(parameter(machines.get(machine), name))).map((name) => ({ machine, rule: rule.id, parameter: name })),
    )
  })
}

function parametersOf(of: Signal | Condition): readonly string[] {
  if (typeof of === 'string') return [parameterOf(of)?.name].filter((name) => name !== undefined)
  const { signals, conditions } = partsOf(of)
  return [...signals.flatMap(parametersOf), ...conditions.flatMap(parametersOf)]
}
