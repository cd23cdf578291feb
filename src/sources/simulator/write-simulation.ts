import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Reading } from '../../model/reading.js'
import { encodeReading } from '../../model/wire.js'
import { type SimulationOptions, startSimulation, stepInto } from './simulation.js'
import type { Truth } from './truth.js'

export interface WriteSimulationOptions extends SimulationOptions {
  /** Milliseconds of event time. */
  readonly duration: number
}

/** Items to a piece of the file. */
const pieceItems = 1000

/**
 * Fills a file (any writable stream) with the readings in the wire format, one a line, no faster than it takes them, and ends it.
 * Gives the number of readings. Truths are not written: `stepSimulation` with the same options gives them.
 * Rejects where the stream fails or an option does not fit.
 */
export async function writeSimulation(options: WriteSimulationOptions, writable: Writable): Promise<number> {
  if (!(options.duration >= 0 && options.duration < Infinity)) {
    throw new Error(`simulator: duration is ${options.duration}; expected milliseconds, 0 or more, for a file must end`)
  }
  const state = startSimulation(options)
  const end = state.plan.start + options.duration
  let readings = 0
  function* pieces(): Generator<string> {
    while (state.time < end) {
      const items: (Reading | Truth)[] = []
      while (state.time < end && items.length < pieceItems) stepInto(state, items)
      let lines = ''
      for (const item of items) {
        if (item.kind !== 'reading') continue
        lines += encodeReading(item) + '\n'
        readings++
      }
      yield lines
    }
  }
  await pipeline(Readable.from(pieces()), writable)
  return readings
}
