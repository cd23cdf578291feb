/** Limits of the zones of vibration, mm/s RMS velocity, 10 to 1000 Hz, on the bearing housing. */
export interface VibrationZones {
  /** Up to it a new machine; beyond it one that may still run for ever. */
  readonly ab: number
  /** Beyond it a machine should not run for long. */
  readonly bc: number
  /** Beyond it damage is to be expected. */
  readonly cd: number
  /** Where the numbers come from, and where public tables of them disagree. */
  readonly source: string
}

const disagreement = 'public tables disagree on group 2: one gives 7.1 for C/D where others have 4.5'

/** Second-hand: no text of the standards was at hand. A machine's parameters `vibrationAlert`, `vibrationAlarm` and `vibrationTrip` override what follows from them. */
export const vibrationZones: Readonly<Record<'class I' | 'group 2 rigid' | 'group 2 flexible' | 'group 1 rigid' | 'group 1 flexible', VibrationZones>> = {
  'class I': { ab: 0.71, bc: 1.8, cd: 4.5, source: 'ISO 10816-1 class I, up to 15 kW' },
  'group 2 rigid': { ab: 1.4, bc: 2.8, cd: 4.5, source: `ISO 10816-3/20816-3 group 2 (15-300 kW), rigid; ${disagreement}` },
  'group 2 flexible': { ab: 2.3, bc: 4.5, cd: 7.1, source: `ISO 10816-3/20816-3 group 2 (15-300 kW), flexible; ${disagreement}` },
  'group 1 rigid': { ab: 2.3, bc: 4.5, cd: 7.1, source: 'ISO 10816-3/20816-3 group 1 (above 300 kW), rigid' },
  'group 1 flexible': { ab: 3.5, bc: 7.1, cd: 11, source: 'ISO 10816-3/20816-3 group 1 (above 300 kW), flexible' },
}
