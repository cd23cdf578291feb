import { above, outside } from '../condition.js'
import { rule } from '../rule.js'
import type { Rule } from '../rule.js'

/**
 * The baseline limits of the reference project, one rule a sensor and no delays: a coil above 120 degC, vibration above 5 mm/s,
 * a current outside 0..50 A, a support pressure outside 1000..5000 Pa. At a limit itself there is no alarm.
 */
export const reference: readonly Rule[] = [
  rule({ id: 'coil-overheating', severity: 'high', class: 'thermal', when: above('temperature_coil', 120) }),
  rule({ id: 'high-vibration', severity: 'high', class: 'mechanical', when: above('vibration_rotor', 5) }),
  rule({ id: 'current-anomaly', severity: 'medium', class: 'electrical', when: outside('current', 0, 50) }),
  rule({ id: 'pressure-unstable', severity: 'medium', class: 'support', when: outside('pressure', 1000, 5000) }),
]
