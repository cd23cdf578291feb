import type { AlarmState } from '../model/index.js'
import type { Deciding } from './nodes/judgement.js'
import type { Rule } from './rule.js'
import type { Signal } from './signal.js'
import { signalText } from './text.js'
import { unitOf } from './unit.js'

const shown = (value: number): string => (Number.isFinite(value) ? String(Number(value.toFixed(Math.abs(value) < 10 ? 2 : 1))) : 'unknown')

/** Of a detector, what it looks at. */
const shortText = (signal: Signal): string => (typeof signal === 'object' && signal.op === 'detector' ? signal.of.map(signalText).join(', ') : signalText(signal))

/** What an alarm of the rule says, in plain words, as it is raised or cleared. */
export function message(rule: Rule, machine: string, deciding: Deciding, state: AlarmState): string {
  const sensor = shortText(deciding.signal)
  const unit = unitOf(deciding.signal) ?? ''
  const spaced = unit === '' ? '' : ` ${unit}`
  const words = new Map([
    ['machine', machine],
    ['sensor', sensor],
    ['value', shown(deciding.value)],
    ['limit', shown(deciding.limit)],
    ['unit', unit],
    ['reason', deciding.reason ?? ''],
  ])
  if (state === 'cleared' && deciding.reason !== undefined) return `${machine}: ${sensor}: ${deciding.reason}`
  if (state === 'cleared') return `${machine}: ${sensor} back at ${shown(deciding.value)}${spaced}`
  if (rule.message !== undefined) return rule.message.replace(/\{(\w+)\}/g, (whole, name: string) => words.get(name) ?? whole)
  if (deciding.reason !== undefined) return `${machine}: ${sensor}: ${deciding.reason}`
  const side = deciding.value > deciding.limit ? 'above' : 'below'
  return `${machine}: ${sensor} ${shown(deciding.value)}${spaced}, ${side} ${shown(deciding.limit)}${spaced}`
}
