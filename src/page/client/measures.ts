import type { MeasuresView } from '../view.js'
import { h } from './dom.js'
import { count, day, minute } from './format.js'
import { say } from './words.js'
import type { Word } from './words.js'

const MOST = 12
const heads: readonly Word[] = ['tableTime', 'raisedIn', 'perDay', 'mostIn', 'inFlood', 'chattering', 'fleeting', 'standingLong']

const percent = (share: number | null): string => (share === null ? '–' : `${Math.round(1_000 * share) / 10}\u00a0%`)

/** How alarms bore on people, period by period, the newest first, beside what good practice aims at; and what was raised most in the newest. Drawn where it is other than before. */
export function drawMeasures(into: HTMLElement, all: readonly MeasuresView[]): void {
  const look = JSON.stringify([all.map(({ key, start }) => [key, start]), document.documentElement.lang])
  if (into.dataset['look'] === look) return
  into.dataset['look'] = look
  const [newest] = all
  if (newest === undefined) return into.replaceChildren(h('p', { class: 'empty' }, say('noMeasures')))
  const { targets, top } = newest
  const row = ({ start, end, raised, perDay, most, flood, chattering, fleeting, standing }: MeasuresView): HTMLElement => h('tr', {},
    h('th', { scope: 'row' }, `${day(start)} ${minute(start)}–${minute(end)}`),
    ...[count(raised), perDay === null ? '–' : count(perDay), count(most), percent(flood), count(chattering), count(fleeting), count(standing)].map((value) => h('td', { class: 'number' }, value)))
  into.replaceChildren(
    h('p', { class: 'note' }, say('measuresNote', { perDay: count(targets.perDay), flood: percent(targets.flood) })),
    h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': say('performance') },
      h('table', {}, h('thead', {}, h('tr', {}, ...heads.map((word) => h('th', { scope: 'col' }, say(word))))), h('tbody', {}, ...all.slice(0, MOST).map(row)))),
    ...(top.length === 0 ? [] : [h('h3', {}, say('raisedMost')), h('ul', {}, ...top.map(({ machine, rule, raised }) => h('li', {}, `${count(raised)} × ${rule}, `, h('a', { href: `#/machine/${encodeURIComponent(machine)}` }, machine))))]))
}
