import type { EventView } from '../view.js'
import { messageOf } from './alarm-row.js'
import { h, rows } from './dom.js'
import type { Row } from './dom.js'
import { count, moment } from './format.js'
import { drawMeasures } from './measures.js'
import type { Store } from './store.js'
import { alarmSymbol } from './symbols.js'
import { timeline, truthShown } from './timeline.js'
import type { View } from './view.js'
import { say, sensorName } from './words.js'
import type { Word } from './words.js'

const MOST = 200

/** What has happened, which sensors showed what they should not, and how the pipeline goes. */
export function log(first: Store): View {
  void first
  const times = timeline()
  const body = h('tbody', {})
  const none = h('p', { class: 'empty' }, say('noEvents'))
  const events = rows<EventView>(body, ({ n }) => String(n), eventRow)
  const bars = h('div', { class: 'bars' })
  const facts = h('dl', { class: 'facts' })
  const measures = h('div', { class: 'measures' })
  return {
    title: say('log'),
    element: h('div', { class: 'log' }, h('h1', { class: 'unseen', tabindex: -1 }, say('log')),
      times.element,
      h('section', { class: 'panel-events', 'aria-label': say('log') }, h('div', { class: 'title' }, h('h2', {}, say('log'))), none,
        h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': say('tableEvent') }, h('table', { class: 'events' }, h('thead', {}, h('tr', {}, ...(['tableTime', 'machine', 'tableEvent'] as const).map((word) => h('th', { scope: 'col' }, say(word))))), body))),
      h('div', { class: 'side' },
        h('section', { 'aria-label': say('anomalies') }, h('div', { class: 'title' }, h('h2', {}, say('anomalies'))), h('p', { class: 'note' }, say('anomaliesNote')), bars),
        h('section', { 'aria-label': say('pipeline') }, h('div', { class: 'title' }, h('h2', {}, say('pipeline'))), facts)),
      h('section', { class: 'panel-measures', 'aria-label': say('performance') }, h('div', { class: 'title' }, h('h2', {}, say('performance'))), measures)),
    update(store) {
      times.update(store)
      // Workers differ in how far they are.
      const happened = store.pulse?.alarms === undefined ? store.events() : [...store.events()].sort((a, b) => b.time - a.time || b.n - a.n)
      const shown = happened.filter((event) => event.is !== 'truth' || truthShown()).slice(0, MOST)
      none.hidden = shown.length > 0
      events(shown)
      drawBars(bars, store.pulse?.anomalies ?? {})
      drawMeasures(measures, store.measures())
      drawFacts(facts, store)
    },
  }
}

export function drawBars(into: HTMLElement, anomalies: Readonly<Record<string, number>>): void {
  const all = Object.entries(anomalies).sort(([a], [b]) => (a < b ? -1 : 1))
  const look = JSON.stringify([all, document.documentElement.lang])
  if (into.dataset['look'] === look) return
  into.dataset['look'] = look
  if (all.length === 0) return into.replaceChildren(h('p', { class: 'empty' }, say('noAnomalies')))
  const most = Math.max(...all.map(([, n]) => n))
  into.replaceChildren(h('table', { class: 'distribution' }, h('tbody', {}, ...all.map(([sensor, n]) => {
    const bar = h('span', { class: 'fill' })
    bar.style.width = `${(100 * n) / most}%`
    return h('tr', {}, h('th', { scope: 'row' }, sensorName(sensor)), h('td', { class: 'track' }, h('span', { class: 'bar', 'aria-hidden': 'true' }, bar)), h('td', { class: 'number' }, count(n)))
  }))))
}

function drawFacts(into: HTMLElement, { pulse }: Store): void {
  if (pulse === undefined) return
  const { readings, rate, rejected, progress, behind, alarms } = pulse
  const refused = Object.entries(rejected)
  const lines: readonly (readonly [string, string])[] = [
    [say('rate'), say('perSecond', { n: count(rate) })],
    [say('readings'), count(readings)],
    ...(progress === undefined ? [] : [[say('progress'), `${Math.floor(100 * progress)} %`] as const]),
    ...(behind === undefined ? [] : [[say('waiting'), count(behind)] as const]),
    ...(alarms === undefined ? [] : [[say('workers'), count(alarms.workers)] as const, [say('judgedNote'), count(alarms.behind)] as const]),
    ...(alarms?.from === undefined ? [] : [[say('alarmsFrom'), `${moment(alarms.from)}: ${say('alarmsFromNote')}`] as const]),
    [say('notTaken'), refused.length === 0 ? '0' : refused.map(([reason, n]) => `${count(n)} ${say(reason === 'refused' ? 'e-answer-no' : reason as Word)}`).join(', ')],
  ]
  const look = JSON.stringify(lines)
  if (into.dataset['look'] === look) return
  into.dataset['look'] = look
  into.replaceChildren(...lines.flatMap(([word, what]) => [h('dt', {}, word), h('dd', {}, what)]))
}

function eventRow(event: EventView): Row<EventView> {
  const machine = event.is === 'rules' ? '' : event.machine ?? ''
  return {
    element: h('tr', { class: event.is }, h('td', { class: 'number' }, moment(event.time)),
      h('td', {}, machine === '' ? '' : h('a', { href: `#/machine/${encodeURIComponent(machine)}`, class: 'name' }, machine)), h('td', {}, ...whatHappened(event))),
    update() {},
  }
}

const commandWords: Readonly<Record<string, Word>> = { acknowledge: 'acknowledge', shelve: 'shelve', unshelve: 'unshelve', reset: 'reset', 'remove-from-service': 'remove-from-service', 'return-to-service': 'return-to-service', relearn: 'relearn' }

function whatHappened(event: EventView): readonly (Node | string)[] {
  switch (event.is) {
    case 'alarm': {
      const announced = event.state === 'raised' || event.state === 'escalated'
      const who = [event.by, event.why].filter((each) => each !== undefined).join(': ')
      return [...(announced ? [alarmSymbol(event.severity, 'filled')] : [h('span', { class: 'mark' })]), h('strong', {}, say(`e-${event.state}`)), ` ${say(event.severity)} · ${messageOf({ message: event.text, machine: event.machine })}${who === '' ? '' : ` (${who})`}`]
    }
    case 'answer':
      return [h('span', { class: 'mark' }), h('strong', {}, say(commandWords[event.command.name]!)), ` ${event.command.rule ?? ''} (${event.command.by}): ${say(event.accepted ? 'e-answer-yes' : 'e-answer-no')}${event.reason === undefined ? '' : `, ${event.reason}`}`]
    case 'truth':
      return [h('span', { class: 'mark' }), h('em', {}, `${say('simulator')}: ${event.fault.replace('-', ' ')}${event.sensor === undefined ? '' : ` (${sensorName(event.sensor)})`} ${say(event.what)}`)]
    case 'rules':
      return [h('span', { class: 'mark' }), say('rulesChanged', { added: event.added, removed: event.removed, changed: event.changed })]
  }
}
