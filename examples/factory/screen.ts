import type { Alarm, Severity } from 'motorwatch'
import type { Colors } from './colors.js'
import { eventLine, paint, severityColor, standingLine } from './event-line.js'
import type { Line } from './event-line.js'
import type { Pace } from './meter.js'
import type { Event, MachineView, WatchState } from './watch-state.js'
import { clock, count, figure, plural, printable, span, timeOfDay } from './words.js'

export interface Screen {
  readonly title: string
  readonly state: WatchState
  /** The last ones, newest last. */
  readonly events: readonly Event[]
  readonly pace: Pace
  /** Where the live page is; absent: there is none. */
  readonly page?: string
  /** A; absent where it is not known. */
  readonly ratedCurrent?: number
}

const NO_DATA = 60_000
const RANKS: readonly Severity[] = ['low', 'medium', 'high', 'critical']
const BAR = 10

/** The whole picture, in at most so many columns and rows. */
export function screen(look: Screen, columns: number, rows: number, colors: Colors): readonly string[] {
  const { state, events } = look
  const standing = [...state.standing.values()].sort((a, b) => RANKS.indexOf(b.severity) - RANKS.indexOf(a.severity) || b.raisedAt - a.raisedAt)
  const room = Math.max(1, rows - 11)
  const quarter = Math.max(2, Math.floor(room / 4))
  const wanted = { machines: state.machines.size, standing: Math.max(1, standing.length), events: 10 }
  const machines = Math.min(wanted.machines, Math.max(room - Math.min(wanted.standing, quarter) - Math.min(wanted.events, quarter), 1))
  const alarms = Math.min(wanted.standing, Math.max(room - machines - Math.min(wanted.events, quarter), 1))
  const latest = Math.max(room - machines - alarms, 1)
  const lines: Line[] = [
    ...header(look, columns, colors),
    [],
    ...capped(machineLines(look, standing, machines < wanted.machines, colors), machines, (n) => `... and ${plural(n, 'machine')} more`, colors),
    [],
    [[`Alarms standing: ${standing.length}`, colors.bold]],
    ...(standing.length === 0 ? [[['none', colors.green]] as Line] : capped(standing.map((alarm) => standingLine(alarm, state.time, colors)), alarms, (n) => `... and ${count(n)} more`, colors)),
    [],
    [['Latest', colors.bold]],
    ...events.slice(-latest).map((event) => eventLine(event, colors, timeOfDay)),
  ]
  return [...lines.slice(0, rows - 2), [], footer(look, colors)].slice(0, rows).map((line) => paint(line, columns))
}

function footer({ page }: Screen, colors: Colors): Line {
  return [...(page === undefined ? [] : [['page ', colors.dim], [page], ['   ']] as Line), ['Ctrl-C stops', colors.dim]]
}

function header({ title, state, pace }: Screen, columns: number, colors: Colors): readonly Line[] {
  const time = `${clock(state.time)} UTC`
  const gap = Math.max(2, columns - 12 - title.length - time.length)
  const numbers = [`${count(pace.rate)} readings/s`, `lag ${span(state.lag)}`, `${count(state.readings)} readings`, `${count(state.rejected)} rejected`].join('   ')
  const { progress } = state
  const done: readonly Line[] = progress === undefined ? [] : [
    [[bar(progress, 30), colors.cyan], [` ${Math.floor(100 * progress)} %${pace.left === undefined ? '' : `, about ${span(pace.left)} left`}`]],
  ]
  return [[['motorwatch', colors.bold], ['  '], [printable(title), colors.cyan], [' '.repeat(gap)], [time, colors.bold]], [[numbers]], ...done]
}

function machineLines(look: Screen, standing: readonly Alarm[], worstFirst: boolean, colors: Colors): readonly Line[] {
  const worst = new Map<string, Severity>()
  for (const { machine, severity } of standing) if (!worst.has(machine)) worst.set(machine, severity)
  const rank = ({ machine }: MachineView): number => RANKS.indexOf(worst.get(machine) ?? 'none' as Severity)
  const room = ({ nearest }: MachineView): number => nearest?.headroom ?? Infinity
  const byName = (a: MachineView, b: MachineView): number => (a.machine < b.machine ? -1 : 1)
  const machines = [...look.state.machines.values()].sort((a, b) => (worstFirst && (rank(b) - rank(a) || (room(a) === room(b) ? 0 : room(a) - room(b)))) || byName(a, b))
  const width = Math.min(32, Math.max(...machines.map(({ machine }) => machine.length)))
  return machines.map((view) => machineLine(view, look, width, worst.get(view.machine), colors))
}

function machineLine(view: MachineView, { state, ratedCurrent }: Screen, width: number, alarm: Severity | undefined, colors: Colors): Line {
  const { machine, nearest } = view
  const condition = stateOf(view, state.time, ratedCurrent)
  const label = printable(machine).slice(0, width).padEnd(width)
  const name: Line[number] = alarm === undefined ? [label] : [label, severityColor(alarm, colors)]
  const shown: Line[number] = [`  ${condition.padEnd(8)}  `, condition === 'running' ? colors.green : condition === 'stopped' ? colors.dim : colors.yellow]
  if (nearest === undefined) return [name, shown]
  const { signal, value, limit, unit, headroom, reachedIn } = nearest
  const near = soon(signal, headroom, reachedIn)
  const color = headroom < 0 ? colors.red : headroom < 0.1 || near ? colors.yellow : colors.green
  const unitText = unit === undefined ? '' : ` ${unit}`
  const to = `${figure(limit)}${unitText}`
  const coming = headroom < 0 ? `beyond ${to}` : reachedIn !== undefined && near ? `reaches ${to} in about ${roughly(reachedIn)}` : `limit ${to}`
  return [name, shown, [bar(1 - headroom, BAR), color], [`  ${printable(signal)} ${figure(value)}${unitText}, `], [coming, coming.startsWith('limit') ? colors.dim : color]]
}

/** Noise has a trend too: people are told where the limit is near. A current goes in steps, as work is asked of the machine, so its trend tells nothing. */
function soon(signal: string, headroom: number, reachedIn = Infinity): boolean {
  return signal !== 'current' && headroom < 0.5 && reachedIn <= 300_000
}

function roughly(milliseconds: number): string {
  const step = milliseconds < 90_000 ? 10_000 : 60_000
  return span(Math.max(step, Math.round(milliseconds / step) * step))
}

function stateOf({ heardAt, current, currentAt }: MachineView, now: number, ratedCurrent: number | undefined): string {
  if (!(now - heardAt <= NO_DATA)) return 'no data'
  if (!(now - currentAt <= NO_DATA)) return 'unknown'
  return current > (ratedCurrent === undefined ? 1 : 0.1 * ratedCurrent) ? 'running' : 'stopped'
}

function capped(lines: readonly Line[], most: number, rest: (more: number) => string, colors: Colors): readonly Line[] {
  if (lines.length <= most || most < 2) return lines.slice(0, most)
  return [...lines.slice(0, most - 1), [[rest(lines.length - most + 1), colors.dim]]]
}

function bar(part: number, width: number): string {
  const full = Math.round(Math.min(1, Math.max(0, part)) * width)
  return '█'.repeat(full) + '░'.repeat(width - full)
}
