import { standardSensors } from '../model/index.js'
import type { Sensors } from '../model/index.js'
import type { Condition } from './condition.js'
import { parameterUnits } from './machine.js'
import { parameterOf } from './parameter.js'
import { partsOf } from './shape.js'
import type { Signal } from './signal.js'
import { conditionText, signalText } from './text.js'

/** Of a number without a dimension. */
const ONE = '1'

/**
 * The unit of a signal; undefined where a sensor is not known, and for a number, which is of whatever unit it meets.
 * Throws a `RangeError` where units are mixed without a scale.
 */
export function unitOf(signal: Signal, sensors: Sensors = standardSensors): string | undefined {
  const unit = (of: Signal): string | undefined => unitOf(of, sensors)
  if (typeof signal === 'number') return undefined
  if (typeof signal === 'string') {
    const named = parameterOf(signal)
    return named === undefined ? sensors.get(signal)?.unit : parameterUnits.get(named.name)
  }
  for (const condition of partsOf(signal).conditions) checkUnits(condition, sensors)
  switch (signal.op) {
    case 'difference': {
      const [a, b] = signal.of.map(unit)
      if (a === 'degC' && b === 'degC') return 'K'
      return a === 'degC' && b === 'K' ? 'degC' : same(signalText(signal), signal.of, sensors)
    }
    case 'sum':
      return signal.of.map(unit).includes('degC') && signal.of.map(unit).every((each) => each === 'degC' || each === 'K' || each === undefined) ? 'degC' : same(signalText(signal), signal.of, sensors)
    case 'product': {
      const units = signal.of.map(unit).filter((each) => each !== ONE && each !== undefined)
      return units.length === 0 ? signal.of.map(unit).find((each) => each !== undefined) : units.join('·')
    }
    case 'ratio': {
      const [a, b] = signal.of.map(unit)
      if (a === undefined || b === undefined) return typeof signal.of[1] === 'number' ? a : undefined
      return a === b ? ONE : b === ONE ? a : `${a}/${b}`
    }
    case 'scaled':
      return signal.unit ?? unit(signal.of)
    case 'choice':
      return same(signalText(signal), [signal.then, signal.else], sensors)
    case 'deviationOver':
      return unit(signal.of) === 'degC' ? 'K' : unit(signal.of)
    case 'rate': {
      const of = unit(signal.of)
      return of === undefined ? undefined : `${of === 'degC' ? 'K' : of}/s`
    }
    case 'timeTo':
      same(signalText(signal), [signal.of, signal.limit], sensors)
      return 's'
    case 'age':
      return 's'
    case 'i2t':
      same(signalText(signal), [signal.of, signal.rated], sensors)
      return ONE
    case 'hours':
    case 'timeOfDay':
      return 'h'
    case 'starts':
      return ONE
    case 'machineState':
      same(signalText(signal), [signal.of, signal.off, signal.on], sensors)
      return ONE
    case 'detector':
      signal.of.forEach(unit)
      return ONE
    case 'own':
      signal.of.forEach(unit)
      return undefined
    default:
      return unit(signal.of)
  }
}

/** Throws a `RangeError` where signals of different units are compared, or mixed within one. */
export function checkUnits(condition: Condition, sensors: Sensors = standardSensors): void {
  const { signals, conditions } = partsOf(condition)
  for (const part of conditions) checkUnits(part, sensors)
  if (condition.op === 'rising') {
    const [of, by] = [unitOf(condition.signal, sensors), unitOf(condition.by, sensors)]
    if (of === 'degC' && by === 'K') return
  }
  same(conditionText(condition), signals, sensors)
}

/** The unit that all of them have. */
function same(whole: string, parts: readonly Signal[], sensors: Sensors): string | undefined {
  let found: { readonly unit: string; readonly part: Signal } | undefined
  for (const part of parts) {
    const unit = unitOf(part, sensors)
    if (unit === undefined) continue
    if (found === undefined) found = { unit, part }
    else if (found.unit !== unit) {
      throw new RangeError(`units are mixed in '${whole}': ${signalText(found.part)} is in ${found.unit}, ${signalText(part)} in ${unit}; bring one to the other by scaled(signal, factor, unit)`)
    }
  }
  return found?.unit
}
