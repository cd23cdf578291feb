import { h } from './dom.js'
import { kept } from './kept.js'
import { say } from './words.js'

export const whoNow = (): string | undefined => kept.read('who')

/** Who it is that acknowledges and shelves: asked once. `undefined`: they would rather not. */
export function askWho(again = false): Promise<string | undefined> {
  const before = whoNow()
  if (before !== undefined && !again) return Promise.resolve(before)
  return new Promise((resolve) => {
    const input = h('input', { id: 'who', name: 'who', maxlength: 80, required: true, autocomplete: 'name', value: before ?? '' })
    const dialog = h('dialog', { 'aria-labelledby': 'who-title', class: 'ask' },
      h('form', { submit: (event) => {
        event.preventDefault()
        const name = input.value.trim()
        if (name !== '') dialog.close(name)
      } },
      h('h2', { id: 'who-title' }, say('who')), h('p', {}, say('whoNote')), h('label', { for: 'who' }, say('name')), input,
      h('div', { class: 'buttons' }, h('button', { type: 'submit', class: 'first' }, say('save')), h('button', { type: 'button', click: () => { dialog.close() } }, say('cancel')))))
    dialog.addEventListener('close', () => {
      const name = dialog.returnValue
      dialog.remove()
      if (name !== '') kept.write('who', name)
      resolve(name === '' ? undefined : name)
    })
    document.body.append(dialog)
    dialog.showModal()
  })
}
