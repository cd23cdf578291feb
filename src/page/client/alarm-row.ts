import type { AlarmView, PartView } from '../view.js'
import { ask } from './commands.js'
import { attribute, h, text } from './dom.js'
import type { Row } from './dom.js'
import { figure, measured, moment, span, unitText } from './format.js'
import { alarmSymbol, lookOf } from './symbols.js'
import { say, sensorName } from './words.js'
import type { Word } from './words.js'

export const isAcknowledged = ({ status }: AlarmView): boolean => status === 'acknowledged' || status === 'latched'
export const stands = ({ status }: AlarmView): boolean => status !== 'shelved' && status !== 'suppressed' && status !== 'out-of-service'
export const keyOf = ({ machine, rule }: AlarmView): string => JSON.stringify([machine, rule])

/** The rule speaks of its machine itself; beside the machine's name that is said twice. */
export const messageOf = ({ message, machine }: Pick<AlarmView, 'message' | 'machine'>): string =>
  (message.startsWith(`${machine}: `) ? message.slice(machine.length + 2) : message).replace(/\bdegC\b/g, '°C')

const MINUTE = 60_000
const lengths = [15, 60, 240, 480] as const

interface Options {
  readonly now: () => number | null
  /** The machine is told, with a way to its page. */
  readonly withMachine: boolean
  /** Opened, with why. */
  readonly open?: boolean
}

/** One alarm: what it is, how it stands, what can be done, and why. */
export function alarmRow(first: AlarmView, { now, withMachine, open = false }: Options): Row<AlarmView> & { gone(): void } {
  let alarm = first
  let drawn = ''
  let explained = ''
  const symbol = h('span', { class: 'mark' })
  const priority = h('span', { class: 'priority' })
  const message = h('p', { class: 'message' })
  const status = h('span', { class: 'status' })
  const age = h('span', { class: 'number' })
  const result = h('output', { class: 'result' })
  const tell = (what: string, how: 'waiting' | 'done' | 'refused'): void => {
    result.textContent = what
    result.className = `result ${how}`
  }
  const target = (): { machine: string; rule: string } => ({ machine: alarm.machine, rule: alarm.rule })
  const button = (word: Word & Parameters<typeof ask>[0]['name'], asked: () => Parameters<typeof ask>[0]): HTMLButtonElement =>
    h('button', { type: 'button', click: () => { void ask(asked(), tell) } }, say(word))
  const acknowledge = button('acknowledge', () => ({ name: 'acknowledge', ...target() }))
  const shelve = button('shelve', () => ({ name: 'shelve', ...target(), for: Number(length.value) * MINUTE }))
  const unshelve = button('unshelve', () => ({ name: 'unshelve', ...target() }))
  const reset = button('reset', () => ({ name: 'reset', ...target() }))
  const remove = button('remove-from-service', () => ({ name: 'remove-from-service', ...target() }))
  const back = button('return-to-service', () => ({ name: 'return-to-service', ...target() }))
  const length = h('select', { 'aria-label': `${say('shelve')} ${say('forHow')}` },
    ...lengths.map((n) => h('option', { value: n, selected: n === 60 }, n < 60 ? say('minutes', { n }) : say('hours', { n: n / 60 }))))
  const shelving = h('span', { class: 'joined' }, shelve, length)
  const buttons = h('div', { class: 'buttons' }, acknowledge, shelving, unshelve, reset, remove, back, result)
  const why = h('div', { class: 'why' })
  const details = h('details', { toggle: () => { explain() } }, h('summary', {}, say('why')), why)
  if (open) details.open = true
  const machine = h('a', { href: `#/machine/${encodeURIComponent(first.machine)}`, class: 'name' }, first.machine)
  const element = h('article', { class: 'alarm', 'data-alarm': keyOf(first) },
    h('header', {}, symbol, h('span', { class: 'what' }, priority, withMachine && machine, h('span', { class: 'rule' }, first.rule)), h('span', { class: 'when' }, status, age)),
    message, buttons, details)

  const explain = (): void => {
    if (!details.open) return
    const parts = alarm.parts ?? []
    const key = JSON.stringify([alarm.occurrence, alarm.time, alarm.state, alarm.level])
    if (key === explained) return
    explained = key
    const current = h('div', { class: 'now' })
    why.replaceChildren(facts(alarm), ...(parts.length === 0 ? [] : [h('h3', {}, say('atRaise')), table(parts)]), current)
    void fetch(`/parts?machine=${encodeURIComponent(alarm.machine)}&rule=${encodeURIComponent(alarm.rule)}`).then(async (response) => {
      if (!response.ok) return
      current.append(h('h3', {}, say('now')), table((await response.json()) as readonly PartView[]), h('p', { class: 'note' }, say('marginNote')))
    }).catch(() => undefined)
  }

  return {
    element,
    gone() {
      element.classList.add('gone')
      text(status, say('gone'))
      for (const each of buttons.querySelectorAll('button')) each.disabled = true
    },
    update(value) {
      alarm = value
      const { severity, status: how, state, noData, until, by, inhibitedBy } = value
      element.classList.remove('gone')
      const shape = lookOf(value)
      const look = `${severity} ${shape}`
      if (look !== drawn) {
        drawn = look
        element.className = `alarm ${severity} ${shape}`
        symbol.replaceChildren(alarmSymbol(severity, shape))
        text(priority, say(severity))
      }
      text(message, messageOf(value))
      text(status, [say(how), noData === true ? say('noData') : '', until === undefined || how !== 'shelved' ? '' : `${say('until')} ${moment(until)}`, by === undefined ? '' : `${say('by')} ${by}`, inhibitedBy === undefined ? '' : `${say('explainedBy')} ${inhibitedBy}`].filter((each) => each !== '').join(' · '))
      const time = now()
      const began = value.raisedAt ?? value.time
      text(age, time === null ? '' : span(time - began))
      attribute(age, 'title', `${say('raised')} ${moment(began)}`)
      const shown: readonly (readonly [HTMLElement, boolean])[] = [
        [acknowledge, how === 'unacknowledged' || how === 'returned' || how === 'latched-unacknowledged'],
        [shelving, stands(value)], [unshelve, how === 'shelved'], [reset, how.startsWith('latched')], [remove, how !== 'out-of-service'], [back, how === 'out-of-service'],
      ]
      for (const [each, is] of shown) each.hidden = !(is && value.commands)
      for (const each of buttons.querySelectorAll('button')) each.disabled = false
      if (state === 'raised' || state === 'escalated') explain()
    },
  }
}

function facts({ sensor, value, limit, unit, since, clears, ruleText, rule, level, why, raisedAt }: AlarmView): HTMLElement {
  const lines: (readonly [Word, string])[] = []
  if (value !== null) lines.push(['decided', [sensor === undefined ? rule : sensorName(sensor), measured(value, unit), limit === null ? '' : `(${say('limit')} ${measured(limit, unit)})`].filter((each) => each !== '').join(' ')])
  if (since !== undefined) lines.push(['since', moment(since)])
  if (raisedAt !== null) lines.push(['raised', `${moment(raisedAt)}${level === undefined ? '' : ` · ${level}`}`])
  if (clears !== undefined) lines.push(['clears', clears])
  if (ruleText !== undefined) lines.push(['rule', ruleText])
  if (why !== undefined) lines.push(['why', why])
  return h('dl', { class: 'facts' }, ...lines.flatMap(([word, what]) => [h('dt', {}, say(word)), h('dd', {}, what)]))
}

function table(parts: readonly PartView[]): HTMLElement {
  const truth = ({ truth: is }: PartView): string => (is === true ? say('true') : is === false ? say('false') : say('unknownTruth'))
  return h('table', { class: 'parts' },
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, say('condition')), h('th', { scope: 'col', class: 'number' }, say('value')), h('th', { scope: 'col', class: 'number' }, say('limit')), h('th', { scope: 'col', class: 'number' }, say('margin')))),
    h('tbody', {}, ...parts.map((part) => h('tr', { class: `depth-${Math.min(part.depth, 5)} ${String(part.truth)}` },
      h('th', { scope: 'row' }, h('span', { class: 'part' }, part.text), h('span', { class: 'truth' }, truth(part))),
      h('td', { class: 'number' }, measured(part.value, part.unit)), h('td', { class: 'number' }, measured(part.limit, part.unit)),
      h('td', { class: 'number' }, part.margin === null ? '–' : `${part.margin > 0 ? '+' : ''}${figure(part.margin)}\u00a0${unitText(part.unit)}`)))))
}
