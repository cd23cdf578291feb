import type { AlarmView, MachineStateName } from '../view.js'
import { svg } from './dom.js'

type Severity = AlarmView['severity']

export const ranks: readonly Severity[] = ['critical', 'high', 'medium', 'low']

/** Each priority has a shape of its own and a number, so that colour is never needed. */
const shapes: Readonly<Record<Severity, string>> = {
  critical: 'M6 1h8l5 5v8l-5 5H6l-5-5V6z',
  high: 'M10 1.5 19.5 18.5h-19z',
  medium: 'M10 .8 19.2 10 10 19.2.8 10z',
  low: 'M10 1.5a8.5 8.5 0 1 0 .01 0z',
}

/** Filled: nobody has acknowledged it. Outlined: somebody has. Dashed: its condition has gone, and nobody has acknowledged it. */
export type Look = 'filled' | 'outlined' | 'dashed'

export const lookOf = ({ status }: AlarmView): Look => (status === 'acknowledged' || status === 'latched' ? 'outlined' : status === 'unacknowledged' || status === 'latched-unacknowledged' ? 'filled' : 'dashed')

export function alarmSymbol(severity: Severity, look: Look): SVGSVGElement {
  const number = svg('text', { x: 10, y: severity === 'high' ? 16.4 : 14.2, 'text-anchor': 'middle' })
  number.textContent = String(ranks.indexOf(severity) + 1)
  return svg('svg', { viewBox: '0 0 20 20', class: `symbol ${severity}${look === 'filled' ? '' : ` outlined ${look}`}`, 'aria-hidden': 'true' }, svg('path', { d: shapes[severity] }), number)
}

const states: Readonly<Record<MachineStateName, string>> = {
  running: 'M6 3.5v13l11-6.5z',
  starting: 'M4 3.5v13l6-6.5zM11 3.5v13l6-6.5z',
  stopped: 'M4.5 4.5h11v11h-11z',
  unknown: 'M7 7.5a3 3 0 1 1 4.4 2.7c-.9.5-1.4 1-1.4 2.3M10 15.2v1.2',
}

export const stateSymbol = (state: MachineStateName): SVGSVGElement => svg('svg', { viewBox: '0 0 20 20', class: `state-symbol ${state}`, 'aria-hidden': 'true' }, svg('path', { d: states[state] }))
