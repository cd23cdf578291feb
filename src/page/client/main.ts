import { isAcknowledged, messageOf, stands } from './alarm-row.js'
import { hearAnswers } from './commands.js'
import { h, text } from './dom.js'
import { clock, count, day, setZone, span, zoneName, zoneNow } from './format.js'
import { kept } from './kept.js'
import { lists } from './lists.js'
import { log } from './log.js'
import { machineView } from './machine.js'
import { overview } from './overview.js'
import type { AlarmsKnown } from '../view.js'
import { connect } from './store.js'
import type { Store } from './store.js'
import type { View } from './view.js'
import { askWho, whoNow } from './who.js'
import { languageNow, languages, say, setLanguage } from './words.js'
import type { Language, Word } from './words.js'

const root = document.documentElement
const QUIET = 10_000
const TELL_EVERY = 5_000
/** Seconds: alarms are up to date where no more readings wait for workers than come in so long. */
const CLOSE = 5

const chosen = kept.read('language') ?? navigator.language.slice(0, 2)
setLanguage(Object.hasOwn(languages, chosen) ? (chosen as Language) : 'en')

const systemDark = matchMedia('(prefers-color-scheme: dark)')
const applyTheme = (): void => {
  const theme = kept.read('theme')
  const shown = theme === 'dark' || theme === 'light' ? theme : systemDark.matches ? 'dark' : 'light'
  root.dataset['shown'] = shown
}
applyTheme()
systemDark.addEventListener('change', applyTheme)

/** The token stands behind `#` only, where no server and no log sees it, and not for longer than it takes. */
async function comeIn(): Promise<void> {
  const { hash } = location
  if (hash.length < 2 || hash.startsWith('#/')) return
  history.replaceState(null, '', location.pathname)
  await fetch('/session', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ token: decodeURIComponent(hash.slice(1)) }) }).catch(() => undefined)
}

// eslint-disable-next-line prefer-const -- it is set once, and read before
let store: Store | undefined
let view: View | undefined
let frame: ReturnType<typeof frameOf> | undefined

function frameOf() {
  const title = h('span', { class: 'plant' })
  const nav = h('nav', { 'aria-label': say('menu') })
  const link = (href: string, word: Word): HTMLAnchorElement => h('a', { href }, say(word))
  const links = [link('#/', 'overview'), link('#/lists', 'lists'), link('#/log', 'log')] as const
  const aside = h('span', { class: 'badge' })
  links[1].append(' ', aside)
  nav.append(...links)
  const cell = (word: Word, note?: Word): readonly [HTMLElement, HTMLElement] => {
    const value = h('dd', { class: 'number' })
    return [h('div', note === undefined ? {} : { title: say(note) }, h('dt', {}, say(word)), value), value]
  }
  const [timeCell, time] = cell('plantTime')
  const [ageCell, age] = cell('age')
  const [delayCell, delay] = cell('delay', 'delayNote')
  const [rateCell, rate] = cell('rate')
  const [judgedCell, judged] = cell('judged', 'judgedNote')
  judgedCell.hidden = true
  const banner = h('p', { class: 'banner' })
  const trouble = h('p', { class: 'trouble', role: 'alert' })
  const live = h('div', { class: 'unseen', 'aria-live': 'polite', id: 'live' })
  const main = h('main', { id: 'main', tabindex: -1 })
  const theme = h('select', { 'aria-label': say('theme'), change: () => {
    kept.write('theme', theme.value === 'auto' ? undefined : theme.value)
    applyTheme()
    update()
  } }, ...(['auto', 'light', 'dark'] as const).map((word) => h('option', { value: word, selected: word === (kept.read('theme') ?? 'auto') }, say(word))))
  const language = h('select', { 'aria-label': say('languageLabel'), change: () => {
    kept.write('language', language.value)
    setLanguage(language.value as Language)
    start()
  } }, ...Object.entries(languages).map(([key, words]) => h('option', { value: key, lang: key, selected: key === languageNow() }, words.language)))
  const who = h('button', { type: 'button', class: 'quiet', click: () => { void askWho(true).then(() => { nameWho() }) } })
  const nameWho = (): void => { text(who, whoNow() ?? say('who')) }
  nameWho()
  document.body.replaceChildren(
    h('a', { href: '#main', class: 'skip', click: (event) => {
      event.preventDefault()
      main.focus()
    } }, say('skip')),
    h('header', { class: 'page' }, h('div', { class: 'brand' }, h('strong', {}, 'motorwatch'), title), nav, h('dl', { class: 'pulse' }, timeCell, ageCell, delayCell, rateCell, judgedCell), h('div', { class: 'settings' }, who, language, theme)),
    h('aside', { 'aria-label': say('notice') }, banner, trouble), main, live)
  return { title, links, aside, time, age, delay, rate, judgedCell, judged, banner, trouble, live, main, nameWho }
}

function route(): View | undefined {
  if (store === undefined) return undefined
  const path = location.hash.startsWith('#/') ? location.hash.slice(2) : ''
  if (path.startsWith('machine/')) return machineView(decodeURIComponent(path.slice('machine/'.length)), store)
  return path === 'lists' ? lists(store) : path === 'log' ? log(store) : overview(store)
}

function show(focus: boolean): void {
  view?.leave?.()
  view = route()
  if (view === undefined || frame === undefined) return
  frame.main.replaceChildren(view.element)
  document.title = `${view.title} · motorwatch`
  const path = location.hash
  for (const link of frame.links) {
    const its = link.getAttribute('href') === (path === '' ? '#/' : path)
    if (its) link.setAttribute('aria-current', 'page')
    else link.removeAttribute('aria-current')
  }
  if (focus) {
    scrollTo(0, 0)
    const to = view.element.querySelector<HTMLElement>('h1') ?? frame.main
    to.focus({ preventScroll: true })
  }
  update()
}

let told = new Set<string>()
let toldAt = -Infinity
let firstTold = false
/** To those who listen: what is new, at most once in a while and together. */
function tell(of: Store): void {
  const fresh = of.alarms().filter((alarm) => stands(alarm) && !isAcknowledged(alarm))
  const now = performance.now()
  if (!firstTold) {
    told = new Set(fresh.map(({ occurrence }) => occurrence))
    firstTold = of.pulse?.time !== null
    return
  }
  const unheard = fresh.filter(({ occurrence }) => !told.has(occurrence))
  if (unheard.length === 0 || now - toldAt < TELL_EVERY || frame === undefined) return
  toldAt = now
  told = new Set(fresh.map(({ occurrence }) => occurrence))
  const [first] = unheard
  text(frame.live, say(unheard.length === 1 ? 'newAlarm' : 'newAlarms', { n: unheard.length, first: `${say(first!.severity)}: ${first!.machine}, ${messageOf(first!)}` }))
}

let asOf = ''
function update(): void {
  if (store === undefined || frame === undefined) return
  const { about, pulse, connection, toldAt: heard } = store
  if (about !== undefined) {
    if (zoneNow() !== about.zone) setZone(about.zone)
    text(frame.title, about.title)
    const speed = about.speed === undefined ? '' : ` · ${say('speed', { n: count(about.speed) })}`
    text(frame.banner, about.mode === 'live' ? '' : `${say(about.mode)}: ${say(about.mode === 'simulation' ? 'simulationNote' : 'replayNote')}${speed}`)
    frame.banner.hidden = about.mode === 'live'
  }
  const lost = connection !== 'open'
  const over = pulse?.ended
  if (pulse !== undefined && pulse.time !== null) {
    text(frame.time, `${day(pulse.time)} ${clock(pulse.time)} ${zoneName(pulse.time)}`)
    frame.time.title = about?.zone ?? ''
    asOf = `${clock(pulse.time)} ${zoneName(pulse.time)}`
    text(frame.delay, pulse.delay === null ? '–' : span(pulse.delay))
    text(frame.rate, say('perSecond', { n: count(pulse.rate) }))
    const quiet = (pulse.quiet ?? 0) + (performance.now() - heard)
    text(frame.age, say('ageNote', { time: quiet < 1_000 ? '< 1\u00a0s' : span(quiet) }))
  }
  const quiet = pulse === undefined || pulse.quiet === null ? 0 : pulse.quiet
  const alarms = pulse?.alarms
  frame.judgedCell.hidden = alarms === undefined
  text(frame.judged, alarms === undefined ? '' : alarms.state === 'reading' ? say('beingRead') : alarms.state !== 'known' ? '–' : alarms.behind <= CLOSE * (pulse?.rate ?? 0) ? say('upToDate') : say('judgedBehind', { n: count(alarms.behind) }))
  text(frame.trouble, connection === 'refused' ? say('tokenWrong')
    : over !== undefined ? `${say(over === 'ended' ? 'ended' : 'stoppedRun')}: ${say('endedNote')}`
    : connection === 'lost' ? `${say('lost')}: ${say('lostNote', { time: asOf })}`
    : connection === 'connecting' ? say('connecting')
    : alarms?.state === 'lost' ? `${say('kafkaLost')}: ${say('lostNote', { time: asOf })}${whyOf(alarms)}`
    : alarms?.state === 'unwatched' ? `${say('unwatched')}: ${say('unwatchedNote')}${whyOf(alarms)}`
    : alarms?.state === 'reading' ? `${say('alarmsRead')}: ${say('alarmsReadNote', { n: count(alarms.left) })}`
    : quiet > QUIET ? say('quiet', { time: span(quiet) }) : '')
  frame.trouble.hidden = frame.trouble.textContent === ''
  root.classList.toggle('lost', (lost && connection !== 'connecting') || over !== undefined || (alarms !== undefined && alarms.state !== 'known'))
  root.classList.toggle('quiet', !lost && quiet > QUIET)
  const aside = store.alarms().filter((alarm) => !stands(alarm)).length
  text(frame.aside, aside === 0 ? '' : String(aside))
  frame.aside.hidden = aside === 0
  frame.nameWho()
  hearAnswers(store.events())
  tell(store)
  view?.update(store)
}

const whyOf = ({ why }: AlarmsKnown): string => (why === undefined ? '' : ` (${why})`)

let awaited = false
/** Hidden pages draw nothing; what is told meanwhile is kept. */
function soon(): void {
  if (awaited) return
  awaited = true
  requestAnimationFrame(() => {
    awaited = false
    update()
  })
}

function start(): void {
  root.lang = languageNow()
  if (store?.about !== undefined) setZone(store.about.zone)
  frame = frameOf()
  show(false)
}

await comeIn()
start()
store = connect(() => {
  if (view === undefined) show(false)
  soon()
})
show(false)
addEventListener('hashchange', () => {
  if (location.hash.length > 1 && !location.hash.startsWith('#/')) void comeIn().then(() => { location.reload() })
  else show(true)
})
