import type { AlarmView } from '../view.js'
import { alarmList } from './alarm-list.js'
import { h, text } from './dom.js'
import { isKnown } from './store.js'
import type { Store } from './store.js'
import type { View } from './view.js'
import { say } from './words.js'

const kinds = [['shelved', 'shelvedList'], ['suppressed', 'suppressedList'], ['out-of-service', 'outList']] as const

/** What is set aside, so that nobody forgets it. */
export function lists(first: Store): View {
  let store = first
  const made = kinds.map(([status, title]) => {
    const list = alarmList(() => store.pulse?.time ?? null, true, 'none')
    const tally = h('p', { class: 'tally' })
    return { status, list, tally, element: h('section', { 'aria-label': say(title) }, h('div', { class: 'title' }, h('h2', {}, say(title)), tally), list.element) }
  })
  return {
    title: say('lists'),
    element: h('div', { class: 'lists' }, h('h1', { class: 'unseen', tabindex: -1 }, say('lists')), ...made.map(({ element }) => element)),
    update(latest) {
      store = latest
      for (const { status, list, tally } of made) {
        const of: readonly AlarmView[] = store.alarms().filter((alarm) => alarm.status === status)
        list.update(of, isKnown(store))
        text(tally, String(of.length))
      }
    },
  }
}
