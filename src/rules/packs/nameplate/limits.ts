/** A number that rules of the pack compare with, and where it comes from. */
export interface SourcedLimit {
  readonly value: number
  /** What it is a number of: a unit, or a multiple of what the nameplate says. */
  readonly unit: string
  readonly source: string
}

const ours = 'our choice'

const sourced = (value: number, unit: string, source: string): SourcedLimit => ({ value, unit, source })

/**
 * What the pack takes where `NameplateOptions.limits` does not say otherwise. Second-hand: no text of the standards was at hand.
 * What follows from the nameplate itself (zones of vibration, temperatures of a winding) stands in `vibrationZones` and `insulationLimits`, and a machine's parameters override it.
 */
export const nameplateLimits = {
  vibrationTrend: sourced(48, 'h', `${ours}: that the zone B/C is reached within two days is early enough to plan, and late enough to be true`),
  windingAlert: sourced(0.9, 'x $windingRise', ours),
  windingTrend: sourced(12, 'h', ours),
  coolingRise: sourced(1, 'x $windingRise', 'IEC 60034-1: the rise that the class allows, at rated current'),
  coolingLoad: sourced(0.5, '(I/In)^2', `${ours}: below it the losses that do not depend on the load make the rise at rated current look too high`),
  overloadAlert: sourced(1.1, 'x $ratedCurrent', 'IEC 60947-4-1: no relay trips at 1.05, every one within two hours at 1.2; between them'),
  overloadAlarm: sourced(1.2, 'x $ratedCurrent', 'IEC 60947-4-1: an overload relay trips within two hours'),
  overloadTrip: sourced(1.5, 'x $ratedCurrent', 'IEC 60947-4-1: a relay of class 10 trips within four minutes'),
  thermalImage: sourced(1.21, '(I/In)^2', 'IEC 60255-149: the thermal image of 1.1 times the rated current, for ever'),
  lockedRotor: sourced(2.5, 'x $ratedCurrent', 'makers of relays: 2 to 4; low, since many a current instrument ends at three times the rated current'),
  phaseLossCurrent: sourced(0.3, 'x $ratedCurrent', `${ours}: on two phases a loaded motor draws 1.7 times its current, at once`),
  phaseLossVibration: sourced(0.4, 'mm/s', `${ours}: on two phases it shakes at twice the mains frequency, at once`),
  underload: sourced(0.3, 'x $ratedCurrent', 'makers of motors: idle they draw 0.3 to 0.5; below that a belt, a coupling or a sensor is broken'),
  voltageAlert: sourced(0.05, 'of $ratedVoltage, either way', 'IEC 60034-1 zone A'),
  voltageAlarm: sourced(0.1, 'of $ratedVoltage, either way', 'IEC 60034-1 zone B, EN 50160'),
  pressureBand: sourced(0.15, 'of $pressureSet, either way', ours),
  pressureTrend: sourced(3, 'h', ours),
  pressureLow: sourced(1000, 'Pa', 'the reference project'),
  pressureHigh: sourced(5000, 'Pa', 'the reference project'),
  ambientLow: sourced(-15, 'degC', 'IEC 60034-1, ambient of a motor without a special mark'),
  ambientHigh: sourced(40, 'degC', 'IEC 60034-1, ambient of a motor without a special mark'),
  humidityLow: sourced(5, '%', 'IEC 60721-3-3 class 3K3'),
  humidityHigh: sourced(85, '%', 'IEC 60721-3-3 class 3K3'),
  coolerThanAmbient: sourced(6, 'K', `${ours}: a winding lags behind its hall by a few kelvin`),
  restCurrent: sourced(0.05, 'x $ratedCurrent', `${ours}: more than the offset of a sensor at rest; above it a motor no longer counts as stopped`),
  deadCurrent: sourced(0.05, 'x $ratedCurrent', `${ours}: less than any turning motor draws`),
  restVibration: sourced(0.5, 'mm/s', `${ours}: what reaches a motor from its neighbours; above it something turns`),
  deadVibration: sourced(0.2, 'mm/s', `${ours}: even a rotor that stands locked hums`),
  negativeCurrent: sourced(0.05, 'x $ratedCurrent', `${ours}: an RMS instrument shows none; this much is its offset`),
  jumpCoil: sourced(15, 'K in 30 s', `${ours}: a winding has minutes of thermal inertia`),
  jumpAmbient: sourced(10, 'K in 30 s', ours),
  jumpHumidity: sourced(20, '% in 30 s', ours),
  jumpPressure: sourced(0.5, 'x $pressureSet in 30 s', ours),
  jumpVoltage: sourced(0.15, 'x $ratedVoltage in 30 s', `${ours}: beyond the dip of a start; a dip of the supply (EN 50160) is one too`),
  jumpVibration: sourced(1, 'x $vibrationTrip in 30 s', ours),
  jumpCurrent: sourced(1, 'x $ratedCurrent in 30 s', ours),
} as const satisfies Readonly<Record<string, SourcedLimit>>
