import type { Nameplate } from '../../model/index.js'
import { insulationLimits } from './insulation-limits.js'
import { vibrationZones } from './vibration-zones.js'
import type { VibrationZones } from './vibration-zones.js'

/** degC: the ambient that the allowed rise of a winding stands on (IEC 60034-1). */
const referenceAmbient = 40

/** What ISO 10816-3 recommends at most for an alarm, as a factor on the upper limit of zone B. */
const alarmFactor = 1.25

/**
 * A limit that follows from a nameplate, as rules name it: `$vibrationAlert` (zone B/C), `$vibrationAlarm` (1.25 times that), `$vibrationTrip` (zone C/D), in mm/s;
 * `$windingRise` in K, `$windingFull` (that above 40 degC) and `$windingLimit` (of the thermal class) in degC. NaN: it is none of these, or the nameplate does not say.
 * A mounting that is not known is taken for rigid, whose limits are the lower ones.
 */
export function nameplateLimit(nameplate: Nameplate, name: string): number {
  switch (name) {
    case 'vibrationAlert':
      return zonesOf(nameplate)?.bc ?? NaN
    case 'vibrationAlarm':
      return alarmFactor * (zonesOf(nameplate)?.bc ?? NaN)
    case 'vibrationTrip':
      return zonesOf(nameplate)?.cd ?? NaN
    case 'windingRise':
      return insulationOf(nameplate)?.rise ?? NaN
    case 'windingFull':
      return referenceAmbient + (insulationOf(nameplate)?.rise ?? NaN)
    case 'windingLimit':
      return insulationOf(nameplate)?.limit ?? NaN
    default:
      return NaN
  }
}

function zonesOf({ ratedPower, mounting = 'rigid' }: Nameplate): VibrationZones | undefined {
  if (ratedPower === undefined) return undefined
  if (ratedPower <= 15) return vibrationZones['class I']
  return ratedPower <= 300 ? vibrationZones[`group 2 ${mounting}`] : vibrationZones[`group 1 ${mounting}`]
}

const insulationOf = ({ insulationClass }: Nameplate): (typeof insulationLimits)['F'] | undefined => (insulationClass === undefined ? undefined : insulationLimits[insulationClass])
