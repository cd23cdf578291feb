import { envelopeBank, thermalResidual, wearChart } from '../../detectors/index.js'
import type { Duration } from '../../time/index.js'
import { above, below, heldFor, running } from '../condition.js'
import type { Condition } from '../condition.js'
import { detected } from '../detected.js'
import { rule } from '../rule.js'
import type { Rule, RuleOptions } from '../rule.js'
import { choice, meanOver, product, ratio } from '../signal.js'
import type { Detected, Signal } from '../signal.js'

const settled = heldFor('10m', running())

export function learned(): readonly Rule[] {
  return [...thermal(), ...wear(), ...novelty()].map(rule)
}

/** Raised at the limit, cleared at 0.6 of it. */
const chart = (of: Detected, options: Omit<RuleOptions, 'when'>): RuleOptions => ({ ...options, when: above(of, 1), clear: below(of, 0.6) })

/** Of a start or a locked rotor it counts as the rated one: a reading that is held until the next would heat for longer than the start lasts. */
const load = choice(above('current', '$ratedCurrent * 2'), 1, ratio('current', '$ratedCurrent'))

function thermal(): readonly RuleOptions[] {
  const residual = detected(thermalResidual, ['temperature_coil', 'temperature_env', product(load, load)], { every: '1m', params: { limit: 7 } })
  return [chart(residual, { id: 'learned-thermal', severity: 'medium', class: 'thermal', onDelay: '10m', offDelay: '1d', message: '{machine}: {reason}: blocked cooling, a winding fault, or a sensor that drifts' })]
}

function wear(): readonly RuleOptions[] {
  const worn = (name: string, of: Signal, severity: 'low' | 'medium', says: string, whileHolds: Condition | undefined, params: Partial<Record<'floor' | 'limit' | 'lambda' | 'warmup', number>> = {}, every: Duration = '10m'): RuleOptions =>
    chart(detected(wearChart, of, { every, ...(whileHolds === undefined ? {} : { while: whileHolds }), params }), { id: `learned-${name}`, severity, offDelay: '1d', message: `{machine}: ${says} {reason}` })
  return [
    worn('vibration', 'vibration_rotor', 'medium', 'vibration', settled, { floor: 0.015 }),
    worn('current', 'current', 'low', 'current', settled),
    worn('voltage', 'voltage', 'medium', 'voltage', settled, { floor: 0.001, warmup: 2000, lambda: 0.05 }, '2m'),
    worn('pressure', 'pressure', 'medium', 'support pressure', undefined),
    worn('humidity', meanOver('1d', 'humidity_env'), 'low', 'humidity, mean of a day:', undefined),
  ]
}

function novelty(): readonly RuleOptions[] {
  const fresh = (name: string, of: Signal, whileHolds: Condition | undefined): RuleOptions =>
    chart(detected(envelopeBank, of, { every: '1m', ...(whileHolds === undefined ? {} : { while: whileHolds }), params: { tau: 0.25, absorb: 0 } }), { id: `learned-new-${name}`, severity: 'low', onDelay: '5m', offDelay: '20m', message: `{machine}: ${name}: {reason}` })
  return [fresh('vibration', 'vibration_rotor', settled), fresh('pressure', 'pressure', undefined)]
}
