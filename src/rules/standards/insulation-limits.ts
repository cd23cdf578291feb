import type { Nameplate } from '../../model/index.js'

/** What the winding of a thermal class may do. */
export interface InsulationLimit {
  /** degC, of the class itself: its hottest spot for a normal life. */
  readonly limit: number
  /** K above an ambient of 40 degC, measured by resistance; an embedded detector may show some 5 to 10 K more. */
  readonly rise: number
  readonly source: string
}

const second = 'IEC 60085; rise by IEC 60034-1 (resistance method), second-hand'

/** A motor of class F is often built to the rise of class B: where its data sheet says so, give the machine the parameter `windingRise: 80`. */
export const insulationLimits: Readonly<Record<NonNullable<Nameplate['insulationClass']>, InsulationLimit>> = {
  A: { limit: 105, rise: 60, source: second },
  E: { limit: 120, rise: 75, source: second },
  B: { limit: 130, rise: 80, source: second },
  F: { limit: 155, rise: 105, source: second },
  H: { limit: 180, rise: 125, source: second },
}
