import { eventLine, paint } from './event-line.js'
import { meter } from './meter.js'
import type { View, ViewOptions } from './view.js'
import { watchState } from './watch-state.js'
import { clock, count, plural, span } from './words.js'

const EVERY = 5000

/** Plain lines, for a pipe or a log file: each event, and how it goes every 5 seconds of the wall clock. */
export function plainView({ title, page, out, colors }: ViewOptions): View {
  const state = watchState()
  const pace = meter()
  let toldAt = performance.now()

  const print = (text: string): void => {
    out.write(`${text}\n`)
  }
  return {
    name: 'view',
    async open(saved) {
      if (saved !== undefined) state.restore(saved)
      print(title)
      if (page !== undefined) print(`page: ${page}`)
      pace(state.readings, undefined, performance.now())
    },
    async write(items) {
      for (const event of state.take(items)) print(paint(eventLine(event, colors)))
    },
    batch(batch) {
      state.batch(batch)
      const now = performance.now()
      const { rate, left } = pace(state.readings, state.progress, now)
      if (now - toldAt < EVERY) return
      toldAt = now
      const parts = [
        `${count(state.readings)} readings`,
        `${count(rate)}/s`,
        `lag ${span(state.lag)}`,
        `${plural(state.standing.size, 'alarm')} standing`,
        ...(state.progress === undefined ? [] : [`${Math.floor(100 * state.progress)} %`]),
        ...(left === undefined ? [] : [`about ${span(left)} left`]),
      ]
      print(paint([[`${clock(state.time)}  -- ${parts.join(', ')}`, colors.dim]]))
    },
    save: async () => state.save(),
    async close() {},
    leave() {},
  }
}
