import { above, all, below, heldFor, rule } from 'motorwatch/rules'
import type { Rule } from 'motorwatch/rules'

/** Rules that wait, in both of the ways in which a rule can. */
export const delayed: readonly Rule[] = [
  rule({ id: 'held-vibration', severity: 'high', when: heldFor('30s', above('vibration_rotor', 3)) }),
  rule({ id: 'delayed-vibration', severity: 'low', when: above('vibration_rotor', 2.2), onDelay: '5s', offDelay: '5s' }),
  rule({ id: 'held-current', severity: 'medium', when: heldFor('20s', above('current', 40)), clear: below('current', 38), offDelay: '10s' }),
  rule({ id: 'delayed-heat', severity: 'high', when: all(above('temperature_coil', 80), above('current', 20)), onDelay: '45s' }),
]
