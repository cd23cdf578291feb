import type { SpanView } from '../view.js'
import { h, svg, text } from './dom.js'
import { clock, minute, moment, span as spanText } from './format.js'
import { kept } from './kept.js'
import type { Store } from './store.js'
import { say } from './words.js'

const LENGTHS = [15, 120, 720] as const
const MINUTE = 60_000
const LANE = 18
const MOST = 12

/** Who has seen the ground truth wants it everywhere. */
export const truthShown = (): boolean => kept.read('truth') === 'yes'
export const showTruth = (is: boolean): void => { kept.write('truth', is ? 'yes' : undefined) }

export const truthSwitch = (changed: () => void): HTMLElement => {
  const input = h('input', { type: 'checkbox', checked: truthShown(), change: () => {
    showTruth(input.checked)
    changed()
  } })
  return h('label', { class: 'switch', title: say('truthNote') }, input, h('span', {}, say('truth')))
}

/** When what stood, by machine: a lane for each that had something. */
export function timeline(only?: string): { readonly element: HTMLElement; update(store: Store): void } {
  let length = Number(kept.read('span') ?? LENGTHS[0]) * MINUTE
  let drawn = ''
  let latest: Store | undefined
  const picture = h('div', { class: 'picture' })
  const note = h('p', { class: 'note' })
  const select = h('select', { 'aria-label': `${say('timeline')}, ${say('span')}`, change: () => {
    length = Number(select.value) * MINUTE
    kept.write('span', select.value)
    again()
  } }, ...LENGTHS.map((minutes) => h('option', { value: minutes, selected: minutes * MINUTE === length }, say(minutes === 15 ? 'quarter' : minutes === 120 ? 'twoHours' : 'halfDay'))))
  const truth = truthSwitch(() => { again() })
  const again = (): void => {
    drawn = ''
    if (latest !== undefined) update(latest)
  }

  const update = (store: Store): void => {
    latest = store
    truth.hidden = store.about?.mode !== 'simulation'
    const now = store.pulse?.time
    if (now === null || now === undefined) return
    const from = now - length
    const all = store.spans().filter((span) => (span.to ?? now) >= from && (only === undefined || span.machine === only) && (span.is === 'alarm' || (truthShown() && store.about?.mode === 'simulation')))
    const width = Math.max(300, picture.clientWidth)
    const look = JSON.stringify([Math.floor(now / (length / width)), width, all.length, all.filter(({ to }) => to === undefined).length, all.at(-1)?.n])
    if (look === drawn) return
    drawn = look
    text(note, say('timelineNote', { time: spanText(length) }))
    picture.replaceChildren(draw(all, from, now, width, only))
  }
  return {
    element: h('section', { class: 'panel-timeline', 'aria-label': say('timeline') }, h('div', { class: 'title' }, h('h2', {}, say('timeline')), note, h('span', { class: 'tools' }, truth, select)), picture),
    update,
  }
}

function draw(spans: readonly SpanView[], from: number, to: number, width: number, only: string | undefined): Node {
  const machines = [...new Set(spans.map(({ machine }) => machine))].sort().slice(0, MOST)
  if (machines.length === 0) return h('p', { class: 'empty' }, say('noEvents'))
  const left = only === undefined ? Math.min(190, width * 0.32) : 0
  const x = (time: number): number => left + (Math.max(0, time - from) / (to - from)) * (width - left - 4)
  // What overlaps in a lane stands below each other.
  const placed: { readonly span: SpanView; readonly row: number }[] = []
  const tops = new Map<string, number>()
  let row = 0
  for (const machine of machines) {
    tops.set(machine, row)
    const ends: number[] = []
    for (const span of spans.filter((each) => each.machine === machine).sort((a, b) => a.is === b.is ? a.from - b.from : a.is === 'alarm' ? -1 : 1)) {
      let i = ends.findIndex((end) => end <= span.from)
      if (i < 0) i = Math.min(ends.length, 5)
      ends[i] = span.to ?? Infinity
      placed.push({ span, row: row + i })
    }
    row += Math.max(1, ends.length)
  }
  const height = row * LANE + 22
  const root = svg('svg', { viewBox: `0 0 ${width} ${height}`, width, height, class: 'lanes', role: 'img', 'aria-label': `${say('timeline')}: ${placed.map(({ span }) => `${span.machine} ${span.name} ${clock(span.from)}${span.to === undefined ? '' : ` – ${clock(span.to)}`}`).slice(-20).join('; ')}` })
  const step = niceStep((to - from) / Math.max(2, (width - left) / 110))
  for (let time = Math.ceil(from / step) * step; time <= to; time += step) {
    const label = svg('text', { x: x(time), y: height - 6, class: 'tick', 'text-anchor': x(time) > width - 24 ? 'end' : 'middle' })
    label.textContent = minute(time)
    root.append(svg('line', { x1: x(time), x2: x(time), y1: 0, y2: height - 18, class: 'grid' }), label)
  }
  for (const [machine, top] of tops) {
    root.append(svg('line', { x1: 0, x2: width, y1: top * LANE + 0.5, y2: top * LANE + 0.5, class: 'lane' }))
    if (only !== undefined) continue
    const label = svg('text', { x: 0, y: top * LANE + 13, class: 'lane-name' })
    label.textContent = machine.length > 24 ? `${machine.slice(0, 23)}…` : machine
    root.append(label)
  }
  for (const { span, row: at } of placed) {
    const [x1, x2] = [x(span.from), x(span.to ?? to)]
    const bar = svg('rect', { x: x1, y: at * LANE + 4, width: Math.max(3, x2 - x1), height: LANE - 7, class: span.is === 'truth' ? 'span truth' : `span ${span.severity ?? ''}`, rx: 1 })
    const title = svg('title')
    title.textContent = `${span.machine}: ${span.name}${span.sensor === undefined ? '' : ` ${span.sensor}`}, ${moment(span.from)}${span.to === undefined ? '' : ` – ${moment(span.to)}`}`
    bar.append(title)
    root.append(bar)
    const name = span.is === 'truth' ? span.name.replace('-', ' ') : span.name
    const fits = Math.floor((x2 - x1 - 8) / 6.2)
    if (fits < 4) continue
    const label = svg('text', { x: x1 + 4, y: at * LANE + 12.5, class: `span-name ${span.is === 'truth' ? 'truth' : span.severity ?? ''}` })
    label.textContent = name.length > fits ? `${name.slice(0, fits - 1)}…` : name
    root.append(label)
  }
  return root
}

/** A round length of time, not less than this. */
export function niceStep(least: number): number {
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360].map((minutes) => minutes * MINUTE)
  return steps.find((step) => step >= least) ?? steps.at(-1)!
}
