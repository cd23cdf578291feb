import { meter } from './meter.js'
import { screen } from './screen.js'
import type { View, ViewOptions } from './view.js'
import type { Event } from './watch-state.js'
import { watchState } from './watch-state.js'

const EVERY = 100
const EVENTS = 50

/** The living picture, on the terminal's other screen, drawn at most ten times a second. */
export function terminalView({ title, page, ratedCurrent, out, colors }: ViewOptions): View {
  const state = watchState()
  const pace = meter()
  const events: Event[] = []
  let drawnAt = -Infinity
  let timer: NodeJS.Timeout | undefined

  const draw = (): void => {
    const now = performance.now()
    if (now - drawnAt < EVERY || timer === undefined) return
    drawnAt = now
    const look = { title, state, events, pace: pace(state.readings, state.progress, now), ...(page === undefined ? {} : { page }), ...(ratedCurrent === undefined ? {} : { ratedCurrent }) }
    const lines = screen(look, Math.max(20, (out.columns || 80) - 1), Math.max(8, out.rows || 24), colors)
    out.write(`\u001b[H${lines.map((line) => `${line}\u001b[K`).join('\n')}\u001b[J`)
  }
  return {
    name: 'view',
    async open(saved) {
      if (saved !== undefined) state.restore(saved)
      out.write('\u001b[?1049h\u001b[?25l')
      timer = setInterval(draw, EVERY)
      timer.unref()
    },
    async write(items) {
      events.push(...state.take(items))
      if (events.length > 2 * EVENTS) events.splice(0, events.length - EVENTS)
      draw()
    },
    batch(batch) {
      state.batch(batch)
    },
    save: async () => state.save(),
    async close() {},
    leave() {
      if (timer === undefined) return
      clearInterval(timer)
      timer = undefined
      out.write('\u001b[?25h\u001b[?1049l')
    },
  }
}
