import type { Item, Sink } from '../model/index.js'
import type { Plant } from './plant.js'

/** Folds what a run makes into a plant, and keeps nobody waiting. Its alarms, its log and its counts are part of a checkpoint: what stands when a run goes on is shown again. */
export function pageSink(plant: Plant): Sink<Item> {
  return {
    name: 'page',
    async open(saved) {
      if (saved !== undefined) plant.restore(saved)
    },
    async write(items) {
      plant.take(items)
    },
    save: async () => plant.save(),
    async close() {},
  }
}
