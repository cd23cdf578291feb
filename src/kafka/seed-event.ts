import type { AlarmClass, Anomaly, Item } from '../model/index.js'
import { encodeReading } from '../model/index.js'

/** As the reference project calls them; the other classes have no name there. */
const NAMES: { readonly [C in AlarmClass]?: string } = {
  thermal: 'Thermal: Overheating',
  mechanical: 'Mechanical: High Vibration',
  electrical: 'Electrical: Current Anomaly',
  support: 'Support: Pressure Unstable',
}

/** An `anomaly` as the reference project writes it: the reading as it is sent, with `validity` (`Valid`, or `Suspect`) and `anomalies`, under the machine as key. */
export function seedEvent(item: Item): { readonly key: string; readonly value: string } {
  const { machine, reading, classes } = item as Anomaly
  const wire = JSON.parse(encodeReading(reading)) as Readonly<Record<string, unknown>>
  return { key: machine, value: JSON.stringify({ ...wire, validity: reading.quality === 'good' ? 'Valid' : 'Suspect', anomalies: classes.map((each) => NAMES[each] ?? each) }) }
}
