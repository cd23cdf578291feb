import type { Sink, SinkState } from 'motorwatch'

/** Several sinks as one, which may be others after a restart: a checkpoint fits all the same, and one that is new begins afresh. */
export function together(name: string, sinks: readonly Sink[]): Sink {
  return {
    name,
    async open(saved) {
      const states = saved instanceof Map ? saved as ReadonlyMap<string, SinkState> : undefined
      const open: Sink[] = []
      try {
        for (const sink of sinks) {
          await sink.open(states?.get(sink.name))
          open.push(sink)
        }
      } catch (error) {
        for (const sink of open) await sink.close(false)
        throw error
      }
    },
    async write(items) { await Promise.all(sinks.map((sink) => sink.write(items))) },
    save: async () => new Map(await Promise.all(sinks.map(async (sink) => [sink.name, await sink.save()] as const))),
    async close(completed) { await Promise.all(sinks.map((sink) => sink.close(completed))) },
  }
}
