import type { S3 } from '../../src/s3/s3.js'

/** Objects in memory. `failing`: the next puts reject, before or after they have been done. */
export interface MemoryStore extends S3 {
  readonly objects: Map<string, Uint8Array>
  failing: ('before' | 'after')[]
}

export function memoryStore(objects = new Map<string, Uint8Array>()): MemoryStore {
  return {
    name: 'memory',
    objects,
    failing: [],
    async open() {},
    async put(path, bytes) {
      const how = this.failing.shift()
      if (how !== 'before') objects.set(path, bytes.slice())
      if (how !== undefined) throw new Error('the network is gone')
    },
    async putNew(path, bytes) {
      if (objects.has(path)) return false
      await this.put(path, bytes)
      return true
    },
    async get(path) {
      return objects.get(path)?.slice()
    },
    async folders() {
      return [...new Set([...objects.keys()].map(path => path.slice(0, path.indexOf('/'))))]
    },
    async* list(prefix) {
      for (const path of [...objects.keys()]) if (path.startsWith(prefix)) yield path
    },
    async remove(path) {
      objects.delete(path)
    },
    async close() {},
  }
}

/** What is in it, to be compared: the paths in their order, with all bytes. */
export const contentOf = ({ objects }: MemoryStore): Record<string, string> =>
  Object.fromEntries([...objects].sort(([a], [b]) => a < b ? -1 : 1).map(([path, bytes]) => [path, Buffer.from(bytes).toString('base64')]))
