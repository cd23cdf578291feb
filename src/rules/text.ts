import { duration, formatDuration } from '../time/index.js'
import type { Duration } from '../time/index.js'
import type { Condition } from './condition.js'
import type { Detected, Signal } from './signal.js'

const span = (value: Duration): string => formatDuration(duration(value))

const WINDOWS = { meanOver: 'mean', minOver: 'min', maxOver: 'max', rmsOver: 'RMS', deviationOver: 'deviation', rate: 'rate', ewma: 'EWMA' } as const
const SIGNS = { difference: ' - ', sum: ' + ', product: ' * ', ratio: ' / ' } as const

/** The signal as text: `temperature_coil - temperature_env`, `mean of current over 1m`. */
export function signalText(signal: Signal): string {
  if (typeof signal !== 'object') return String(signal)
  const part = (inner: Signal): string => (typeof inner === 'object' && inner.op !== 'absolute' ? `(${signalText(inner)})` : signalText(inner))
  switch (signal.op) {
    case 'difference':
    case 'sum':
    case 'product':
    case 'ratio':
      return signal.of.map(part).join(SIGNS[signal.op])
    case 'absolute':
      return `|${signalText(signal.of)}|`
    case 'scaled':
      return `${signal.by} * ${part(signal.of)}${signal.unit === undefined ? '' : ` in ${signal.unit}`}`
    case 'clamped':
      return `${part(signal.of)} clamped to ${signal.low}..${signal.high}`
    case 'choice':
      return `${part(signal.then)} if ${conditionText(signal.when)} else ${part(signal.else)}`
    case 'quantileOver':
      return `quantile ${signal.q} of ${part(signal.of)} over ${span(signal.for)}`
    case 'age':
      return `age of ${signal.sensor}`
    case 'timeTo':
      return `time of ${part(signal.of)} to ${part(signal.limit)} on the trend of ${span(signal.for)}`
    case 'i2t':
      return `I2t of ${part(signal.of)} / ${part(signal.rated)} over ${span(signal.for)}`
    case 'hours':
      return `hours of ${operand(signal.when)}`
    case 'starts':
      return `starts of ${operand(signal.when)} over ${span(signal.for)}`
    case 'baseline':
      return `baseline of ${part(signal.of)} over ${span(signal.for)}${signal.while === undefined ? '' : ` while ${operand(signal.while)}`}`
    case 'machineState':
      return 'machine state'
    case 'timeOfDay':
      return `time of day in ${signal.zone}`
    case 'detector':
      return detectorText(signal, part)
    case 'own':
      return `${signal.name}(${[...signal.of.map(signalText), ...(signal.params === undefined ? [] : [JSON.stringify(signal.params)])].join(', ')})`
    default:
      return `${WINDOWS[signal.op]} of ${part(signal.of)} over ${span(signal.for)}`
  }
}

/** All that makes it another detector is in it: `wearChart of voltage each 2m (floor 0.001), while running for 10m`. */
function detectorText({ name, of, every, params = {}, while: whileHolds, learn }: Detected, part: (inner: Signal) => string): string {
  const set = Object.keys(params).sort().map((key) => `${key} ${params[key]}`).join(', ')
  return `${name} of ${of.map(part).join(', ')} each ${span(every)}${set === '' ? '' : ` (${set})`}${whileHolds === undefined ? '' : `, while ${operand(whileHolds)}`}${learn === undefined ? '' : `, learning while ${operand(learn)}`}`
}

const WORDS = { above: 'above', below: 'below', atOrAbove: 'at or above', atOrBelow: 'at or below' } as const

/** The condition as one line: `temperature_coil above 120 for 30s`. */
export function conditionText(condition: Condition): string {
  switch (condition.op) {
    case 'above':
    case 'below':
    case 'atOrAbove':
    case 'atOrBelow':
      return `${signalText(condition.signal)} ${WORDS[condition.op]} ${signalText(condition.limit)}`
    case 'outside':
    case 'inside':
      return `${signalText(condition.signal)} ${condition.op} ${signalText(condition.low)}..${signalText(condition.high)}`
    case 'hysteresis':
      return `${signalText(condition.signal)} ${condition.on > condition.off ? 'above' : 'below'} ${condition.on} until ${condition.off}`
    case 'all':
      return condition.of.map(operand).join(' and ')
    case 'any':
      return condition.of.map(operand).join(' or ')
    case 'not':
      return `not (${conditionText(condition.of)})`
    case 'atLeast':
      return `at least ${condition.count} of (${condition.of.map(conditionText).join('; ')})`
    case 'heldFor':
      return `${operand(condition.of)} for ${span(condition.for)}`
    case 'within':
      return `${operand(condition.of)} within ${span(condition.for)}`
    case 'since':
      return `${operand(condition.of)} since ${operand(condition.after)}`
    case 'missing':
      return `${condition.sensor} missing for ${span(condition.for)}`
    case 'stuck':
      return `${condition.sensor} stuck for ${span(condition.for)}`
    case 'rising':
      return `${signalText(condition.signal)} rising by more than ${signalText(condition.by)} in ${span(condition.for)}`
    case 'followedBy':
      return `${operand(condition.first)}, then ${operand(condition.then)} within ${span(condition.for)}`
    case 'state':
      return condition.is
    case 'during': {
      const days = condition.days === undefined ? '' : ` on ${condition.days.join(', ')}`
      const except = condition.except === undefined ? '' : ` except ${condition.except.join(', ')}`
      return `${condition.from}-${condition.to} ${condition.zone}${days}${except}`
    }
  }
}

/** As a part of another condition. */
function operand(inner: Condition): string {
  return inner.op === 'all' || inner.op === 'any' || inner.op === 'since' || inner.op === 'followedBy' ? `(${conditionText(inner)})` : conditionText(inner)
}
