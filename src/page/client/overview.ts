import type { AlarmView, MachineView } from '../view.js'
import { alarmList } from './alarm-list.js'
import { isAcknowledged, stands } from './alarm-row.js'
import { attribute, h, rows, text } from './dom.js'
import type { Row } from './dom.js'
import { figure, measured, span } from './format.js'
import { isKnown } from './store.js'
import type { Store } from './store.js'
import { alarmSymbol, lookOf, ranks, stateSymbol } from './symbols.js'
import { timeline } from './timeline.js'
import type { View } from './view.js'
import { say, sensorName } from './words.js'

/** Event time without a reading, after which what a machine does is not known. */
export const SILENT = 60_000

/** Every machine at a glance, and what stands. */
export function overview(first: Store): View {
  let store = first
  const now = (): number | null => store.pulse?.time ?? null
  const grid = h('ul', { class: 'machines' })
  const byMachine = new Map<string, AlarmView[]>()
  const machines = rows<MachineView>(grid, ({ id }) => id, (machine) => card(machine, now, (id) => byMachine.get(id) ?? []))
  const list = alarmList(now, true, 'noAlarms')
  const tally = h('p', { class: 'tally' })
  const empty = h('p', { class: 'empty' }, say('noneYet'))
  const times = timeline()
  return {
    title: say('overview'),
    element: h('div', { class: 'overview' }, h('h1', { class: 'unseen', tabindex: -1 }, say('overview')),
      h('div', { class: 'left' }, h('section', { class: 'panel-machines', 'aria-labelledby': 'machines-title' }, h('div', { class: 'title' }, h('h2', { id: 'machines-title' }, say('machines'))), empty, grid), times.element),
      h('section', { class: 'panel-alarms', 'aria-labelledby': 'alarms-title' }, h('div', { class: 'title' }, h('h2', { id: 'alarms-title' }, say('alarms')), tally), list.element)),
    update(latest) {
      store = latest
      const alarms = store.alarms().filter(stands)
      byMachine.clear()
      for (const alarm of alarms) byMachine.set(alarm.machine, [...(byMachine.get(alarm.machine) ?? []), alarm])
      const all = store.machines()
      machines(all)
      empty.hidden = all.length > 0
      list.update(alarms, isKnown(store))
      const fresh = alarms.filter((alarm) => !isAcknowledged(alarm)).length
      text(tally, !isKnown(store) && alarms.length === 0 ? '' : `${alarms.filter((alarm) => lookOf(alarm) !== 'dashed').length} ${say('standing')} · ${fresh} ${say('toAcknowledge')}`)
      times.update(store)
    },
  }
}

export const isSilent = ({ heardAt }: MachineView, now: number | null): boolean => heardAt === null || (now !== null && now - heardAt > SILENT)

function card(first: MachineView, now: () => number | null, alarmsOf: (id: string) => readonly AlarmView[]): Row<MachineView> {
  const symbol = h('span', { class: 'mark' })
  const state = h('span', { class: 'state' })
  const marks = h('span', { class: 'marks' })
  const age = h('span', { class: 'number age' })
  const what = h('span', { class: 'nearest' })
  const how = h('span', { class: 'number left' })
  const value = h('span', { class: 'number' })
  const bar = h('span', { class: 'fill' })
  const link = h('a', { href: `#/machine/${encodeURIComponent(first.id)}`, class: 'card' },
    h('span', { class: 'top' }, h('span', { class: 'name' }, first.id), marks),
    h('span', { class: 'middle' }, symbol, state, age),
    h('span', { class: 'bar', 'aria-hidden': 'true' }, bar), h('span', { class: 'bottom' }, what, value, how))
  let drawnState = ''
  let drawnMarks = ''
  return {
    element: h('li', {}, link),
    update(machine) {
      const time = now()
      const silent = isSilent(machine, time)
      const is = silent ? 'unknown' : machine.state
      if (drawnState !== is) {
        drawnState = is
        symbol.replaceChildren(stateSymbol(is))
      }
      text(state, silent ? say('silent') : say(is))
      const alarms = alarmsOf(machine.id)
      const active = alarms.filter((alarm) => lookOf(alarm) !== 'dashed')
      const worst = ranks.find((rank) => active.some(({ severity }) => severity === rank))
      link.className = ['card', is, silent ? 'silent' : '', worst ?? '', active.every((alarm) => lookOf(alarm) === 'outlined') ? 'outlined' : ''].filter((each) => each !== '').join(' ')
      const look = JSON.stringify(alarms.map((alarm) => [alarm.severity, alarm.status]))
      if (look !== drawnMarks) {
        drawnMarks = look
        const sorted = [...alarms].sort((a, b) => ranks.indexOf(a.severity) - ranks.indexOf(b.severity))
        marks.replaceChildren(...sorted.slice(0, 4).map((alarm) => alarmSymbol(alarm.severity, lookOf(alarm))), ...(sorted.length > 4 ? [h('span', { class: 'more' }, `+${sorted.length - 4}`)] : []),
          h('span', { class: 'unseen' }, sorted.map(({ severity, status }) => `${say(severity)} ${say(status)}`).join(', ')))
      }
      text(age, time === null || machine.heardAt === null ? '' : time - machine.heardAt < 1000 ? '' : say('ago', { time: span(time - machine.heardAt) }))
      const { nearest } = machine
      const shown = silent || nearest === undefined || nearest.headroom === null ? undefined : nearest
      text(what, shown === undefined ? say('noLimit') : signalName(shown.signal))
      text(value, shown === undefined ? '' : `${figure(shown.value)} / ${measured(shown.limit, shown.unit)}`)
      text(how, shown === undefined ? '' : headroomText(shown.headroom!, shown.alarmIn))
      const used = shown === undefined ? 0 : Math.min(1, Math.max(0, 1 - shown.headroom!))
      bar.style.width = `${Math.round(100 * used)}%`
      attribute(link, 'data-near', shown !== undefined && shown.headroom! <= 0.1 ? 'true' : undefined)
      attribute(link, 'title', shown === undefined ? undefined : say(shown.of === 'limit' ? 'ofLimit' : 'ofNormal'))
    },
  }
}

/** `temperature_coil - temperature_env` in words. */
export const signalName = (signal: string): string => signal.replace(/[a-z]\w*/g, (word) => sensorName(word))

export const headroomText = (headroom: number, alarmIn: number | undefined): string =>
  alarmIn !== undefined ? say('alarmIn', { time: span(alarmIn) }) : headroom <= 0 ? say('beyond') : say('left', { n: Math.min(100, Math.round(100 * headroom)) })
