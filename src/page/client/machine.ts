import type { MachineView, SeriesView } from '../view.js'
import { alarmList } from './alarm-list.js'
import { chart } from './chart.js'
import { ask } from './commands.js'
import { h, rows, text } from './dom.js'
import { figure, measured, span } from './format.js'
import { kept } from './kept.js'
import { drawBars } from './log.js'
import { headroomText, isSilent, signalName } from './overview.js'
import { isKnown } from './store.js'
import type { Store } from './store.js'
import { stateSymbol } from './symbols.js'
import { timeline, truthSwitch } from './timeline.js'
import type { View } from './view.js'
import { say } from './words.js'
import type { Word } from './words.js'

const tiers: readonly Word[] = ['quarter', 'twoHours', 'halfDay']
const order = ['temperature_coil', 'vibration_rotor', 'current', 'voltage', 'pressure', 'temperature_env', 'humidity_env']
const place = (sensor: string): number => (order.includes(sensor) ? order.indexOf(sensor) : order.length)

/** One machine: what it does, what stands, and each sensor over time. */
export function machineView(id: string, first: Store): View {
  let store = first
  let tier = Math.min(2, Number(kept.read('tier') ?? 0))
  let series: SeriesView | undefined
  let askedAt = -Infinity
  let asking = false
  const charts = new Map<string, ReturnType<typeof chart>>()
  const grid = h('div', { class: 'charts' })
  const symbol = h('span', { class: 'mark' })
  const state = h('span', { class: 'state' })
  const heard = h('span', {})
  const nearest = h('span', {})
  const missing = h('p', { class: 'empty' }, say('notFound'))
  const list = alarmList(() => store.pulse?.time ?? null, false, 'noAlarms')
  const result = h('output', { class: 'result' })
  const command = (name: Word & Parameters<typeof ask>[0]['name'], word: Word = name): HTMLButtonElement => h('button', { type: 'button', click: () => {
    void ask({ name, machine: id }, (what, how) => {
      result.textContent = what
      result.className = `result ${how}`
    })
  } }, say(word))
  const buttons = h('div', { class: 'buttons' }, command('acknowledge', 'acknowledgeAll'), command('remove-from-service'), command('return-to-service'), command('relearn'), result)
  const select = h('select', { 'aria-label': say('span'), change: () => {
    tier = Number(select.value)
    kept.write('tier', select.value)
    void load()
  } }, ...tiers.map((word, i) => h('option', { value: i, selected: i === tier }, say(word))))
  const truth = truthSwitch(() => { draw() })
  const times = timeline(id)
  const bars = h('div', { class: 'bars' })
  const values = h('tbody', {})
  const sensors = rows<readonly [string, MachineView['sensors'][string]]>(values, ([name]) => name, () => {
    const head = h('th', { scope: 'row' })
    const value = h('td', { class: 'number' })
    const age = h('td', { class: 'number' })
    return { element: h('tr', {}, head, value, age), update: ([name, sensor]) => {
      text(head, signalName(name))
      text(value, `${measured(sensor.value, sensor.unit)}${sensor.suspect === true ? ` · ${say('suspect')}` : ''}`)
      const now = store.pulse?.time
      text(age, now === null || now === undefined || now - sensor.at < 1000 ? '' : say('ago', { time: span(now - sensor.at) }))
    } }
  })
  const body = h('div', { class: 'machine-body' },
    h('section', { class: 'panel-alarms', 'aria-labelledby': 'alarms-title' }, h('div', { class: 'title' }, h('h2', { id: 'alarms-title' }, say('alarms'))), list.element, buttons),
    h('section', { class: 'panel-values', 'aria-label': say('sensors') }, h('div', { class: 'title' }, h('h2', {}, say('sensors'))), h('table', { class: 'values' }, values),
      h('div', { class: 'title' }, h('h2', {}, say('anomalies'))), bars),
    h('section', { class: 'panel-charts', 'aria-label': say('span') }, h('div', { class: 'title' }, h('p', { class: 'note' }, say('windowNote')), h('span', { class: 'tools' }, truth, select)), grid),
    times.element)

  const draw = (): void => {
    const now = store.pulse?.time
    if (series === undefined || now === null || now === undefined) return
    const shown = [...series.curves].sort((a, b) => place(a.sensor) - place(b.sensor) || (a.sensor < b.sensor ? -1 : 1))
    const to = Math.max(now, series.now ?? now)
    const spans = store.spans().filter(({ machine }) => machine === id)
    for (const curve of shown) {
      let made = charts.get(curve.sensor)
      if (made === undefined) {
        charts.set(curve.sensor, (made = chart(curve.sensor)))
        grid.append(made.element)
      }
      made.draw(curve, to - series.span, to, spans)
    }
  }
  const load = async (): Promise<void> => {
    if (asking) return
    asking = true
    askedAt = performance.now()
    try {
      const response = await fetch(`/series?machine=${encodeURIComponent(id)}&tier=${tier}`)
      if (response.ok) series = (await response.json()) as SeriesView
      draw()
    } catch {
      // The connection is lost, and says so.
    } finally {
      asking = false
    }
  }
  return {
    title: id,
    element: h('div', { class: 'machine' },
      h('div', { class: 'machine-head' }, h('a', { href: '#/', class: 'back' }, `← ${say('back')}`), h('h1', { tabindex: -1 }, id), h('p', { class: 'facts-line' }, symbol, state, heard), h('p', { class: 'facts-line' }, nearest)),
      missing, body),
    update(latest) {
      store = latest
      const machine = store.machine(id)
      missing.hidden = machine !== undefined
      body.hidden = machine === undefined
      if (machine === undefined) return
      const now = store.pulse?.time ?? null
      const silent = isSilent(machine, now)
      const is = silent ? 'unknown' : machine.state
      symbol.replaceChildren(stateSymbol(is))
      text(state, silent ? say('silent') : say(is))
      text(heard, now === null || machine.heardAt === null || now - machine.heardAt < 1000 ? '' : say('ago', { time: span(now - machine.heardAt) }))
      const near = machine.nearest
      text(nearest, near === undefined || near.headroom === null || silent ? `${say('nearest')}: ${say('noLimit')}`
        : `${say('nearest')}: ${signalName(near.signal)} ${figure(near.value)} / ${measured(near.limit, near.unit)} · ${headroomText(near.headroom, near.alarmIn)} (${say(near.of === 'limit' ? 'ofLimit' : 'ofNormal')}, ${near.rule})`)
      list.update(store.alarms().filter((alarm) => alarm.machine === id), isKnown(store))
      for (const button of buttons.querySelectorAll('button')) button.hidden = store.about?.commands !== true
      truth.hidden = store.about?.mode !== 'simulation'
      sensors(Object.entries(machine.sensors).sort(([a], [b]) => place(a) - place(b) || (a < b ? -1 : 1)))
      drawBars(bars, machine.anomalies)
      times.update(store)
      if (performance.now() - askedAt > (tier === 0 ? 1_000 : 3_000) && store.connection === 'open') void load()
    },
    leave() {
      for (const made of charts.values()) made.leave()
    },
  }
}
