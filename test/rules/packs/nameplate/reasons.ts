import type { Case } from './cases.js'

/** Why limits that follow from a nameplate cannot, or cannot always, see a fault. Throws where none is known: then it should have been seen. */
export function reasonFor({ fault, sensor }: Pick<Case, 'fault' | 'sensor'>): string {
  const reason = reasons[sensor === undefined ? fault : `${fault} ${sensor}`]
  if (reason === undefined) throw new Error(`${[fault, sensor].join(' ')} was missed, and there is no reason in reasons.ts: should it not be caught?`)
  return reason
}

const neverCold = 'an offset of a temperature shows by itself only where the winding is as cold as its surroundings, after six hours of rest; a motor that runs day and night, at the weekend too, never is, and while it runs some kelvin more or less are a matter of load.'

const reasons: Readonly<Record<string, string>> = {
  'sensor-drift temperature_coil': neverCold,
  'sensor-drift temperature_env': neverCold,
  'sensor-bias temperature_env': neverCold,
  'sensor-drift vibration_rotor': 'an offset of 1 mm/s lies below the limit of a motor above 15 kW, and shows by itself only while the motor stands still for five minutes, which one that runs day and night does not.',
  'unbalance':
    'one voltage between two phases does not show an unbalance of three; 4.5 % more lies within zone A (5 %), and the current, 27 % more of a load of 0.7 to 0.85, below 1.1 times the rated one; that it shakes 1.3 times as much shows as a trend only where the limit is near, as on a small motor. Three phases, or a baseline of the motor itself, would show it.',
  'sensor-drift humidity_env': 'nothing on a nameplate, and no other sensor, says how humid the hall is; 5 % lies within a day. Its neighbours would show it.',
  'sensor-bias humidity_env': 'as for its drift: 10 % more is a damp day.',
}
