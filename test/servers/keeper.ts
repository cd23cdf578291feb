import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** A process that leads a group of its own (`detached`), or a folder. */
export type Kept = { readonly process: number } | { readonly folder: string }

let keeper: ChildProcess | undefined

function tell(order: Kept & { readonly keep: boolean }): void {
  if (keeper === undefined) {
    keeper = spawn(process.execPath, [fileURLToPath(new URL('keeper.mjs', import.meta.url))], { detached: true, stdio: ['pipe', 'ignore', 'ignore'], env: { ...process.env, NODE_OPTIONS: '' } })
    keeper.unref()
    const pipe = keeper.stdin as NonNullable<typeof keeper.stdin> & { unref?(): void }
    pipe.unref?.()
  }
  keeper.stdin!.write(`${JSON.stringify(order)}\n`)
}

/** Killed or removed when this process ends, however it ends. */
export const keep = (what: Kept): void => { tell({ ...what, keep: true }) }

/** It is gone already. */
export const forget = (what: Kept): void => { tell({ ...what, keep: false }) }
