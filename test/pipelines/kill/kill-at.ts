import { writeSync } from 'node:fs'
import fs from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'

/** Where in its work a process dies: with half of the bytes written, before the rename or right after it; with half a line written; within milliseconds, anywhere. */
export type Moment = `${'checkpoint' | 'object'} ${'half written' | 'not yet renamed' | 'just renamed'}` | 'line half written' | 'anywhere'

const CHECKPOINT = /checkpoint-\d+\.save\.tmp$/
const OBJECT = /\.parquet\.tmp$/
const LINES = /\.jsonl$/

/** From now on, this process kills itself as `kill -9` does, at the first such moment at which `due` says so; it says so on standard output. */
export function killAt(moment: Moment, due: () => boolean): void {
  const die = (): Promise<never> => {
    writeSync(1, `killed ${moment}\n`)
    process.kill(process.pid, 'SIGKILL')
    return new Promise(() => undefined)
  }

  if (moment === 'anywhere') {
    const timer = setInterval(() => {
      if (!due()) return
      clearInterval(timer)
      setTimeout(() => void die(), Math.random() * 10)
    }, 1)
    return
  }
  const { open, rename } = fs
  const temporary = moment.startsWith('checkpoint') ? CHECKPOINT : OBJECT

  const halving = (path: string, handle: FileHandle): FileHandle => {
    const write = handle.write.bind(handle) as (bytes: Buffer, offset: number, length: number, position: number) => Promise<unknown>
    const writeFile = handle.writeFile.bind(handle)
    if (moment === 'line half written' && LINES.test(path))
      handle.write = (async (bytes: Buffer, offset: number, length: number, position: number) => {
        if (!due()) return write(bytes, offset, length, position)
        const half = length >> 1
        await write(bytes, offset, bytes[offset + half - 1] === 0x0a ? half + 1 : half, position)
        return die()
      }) as unknown as FileHandle['write']
    if (moment.endsWith(' half written') && temporary.test(path))
      handle.writeFile = async (bytes) => {
        if (!due()) return writeFile(bytes)
        await writeFile((bytes as Uint8Array).subarray(0, (bytes as Uint8Array).length >> 1))
        return die()
      }
    return handle
  }

  Object.assign(fs, {
    open: async (path: string, ...rest: [string]) => halving(path, await open(path, ...rest)),
    rename: async (from: string, to: string) => {
      const now = temporary.test(from) && due()
      if (now && moment.endsWith(' not yet renamed')) return die()
      await rename(from, to)
      if (now && moment.endsWith(' just renamed')) return die()
    },
  })
  syncBuiltinESMExports()
}
