import type { AlarmView } from '../view.js'
import { alarmRow, keyOf } from './alarm-row.js'
import { h, text } from './dom.js'
import { say } from './words.js'
import type { Word } from './words.js'

/**
 * Alarms, the newest first. While the pointer is over it, or the focus in it, nothing moves: what is new comes at the end, and what has gone stays where it was and says so.
 */
export function alarmList(now: () => number | null, withMachine: boolean, empty: Word): { readonly element: HTMLElement; /** `known`: no other ones stand. */ update(alarms: readonly AlarmView[], known?: boolean): void } {
  const made = new Map<string, ReturnType<typeof alarmRow>>()
  const list = h('ul', { class: 'alarms' })
  const none = h('p', { class: 'empty' })
  const element = h('div', { class: 'alarm-list' }, none, list)
  let pointed = false
  element.addEventListener('pointerenter', () => { pointed = true })
  element.addEventListener('pointerleave', () => { pointed = false })
  return {
    element,
    update(alarms, known = true) {
      const held = pointed || element.contains(document.activeElement) || document.querySelector('dialog[open]') !== null
      const keys = new Set(alarms.map(keyOf))
      for (const [key, row] of made) {
        if (keys.has(key)) continue
        if (held) row.gone()
        else {
          row.element.parentElement?.remove()
          made.delete(key)
        }
      }
      alarms.forEach((alarm, i) => {
        const key = keyOf(alarm)
        let row = made.get(key)
        const isNew = row === undefined
        if (row === undefined) {
          made.set(key, (row = alarmRow(alarm, { now, withMachine })))
          h('li', {}, row.element)
        }
        row.update(alarm)
        const item = row.element.parentElement!
        if (held) {
          if (isNew) list.append(item)
        } else if (list.children[i] !== item) list.insertBefore(item, list.children[i] ?? null)
      })
      text(none, say(known ? empty : 'alarmsUnknown'))
      none.hidden = made.size > 0
      list.hidden = made.size === 0
    },
  }
}
