// Outlives the process that started it by a moment: when that ends, in whatever way, its end of the pipe closes, and what it has left is killed and removed.
import { rmSync } from 'node:fs'
import { createInterface } from 'node:readline'

const processes = new Set()
const folders = new Set()

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {})

/** @typedef {{ readonly process?: number, readonly folder?: string, readonly keep: boolean }} Order */

for await (const line of createInterface({ input: process.stdin })) {
  const { process: pid, folder, keep } = /** @type {Order} */ (JSON.parse(line))
  if (pid !== undefined) processes[keep ? 'add' : 'delete'](pid)
  if (folder !== undefined) folders[keep ? 'add' : 'delete'](folder)
}

for (const pid of processes) {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It is gone.
  }
}
for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
