import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { forget, keep } from '../keeper.js'
import { say } from '../say.js'
import { withLock } from './with-lock.js'

export interface Recipe {
  readonly name: string
  readonly version: string
  /** How long it takes, in words. */
  readonly takes: string
  readonly build: (folder: string) => Promise<void>
}

/** Where servers are built once, outside the checkout. */
export const cacheFolder = (): string => join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'motorwatch-servers')

async function make({ name, version, takes, build }: Recipe, target: string): Promise<void> {
  say(`${name} ${version} is built, once: ${takes}`)
  const began = performance.now()
  // Made beside and renamed: what is found is whole.
  const folder = await mkdtemp(join(cacheFolder(), 'making-'))
  keep({ folder })
  try {
    await build(folder)
    await rename(folder, target).catch((error: unknown) => { if (!existsSync(target)) throw error })
  } catch (error) {
    throw new Error(`${name} ${version} cannot be had: ${(error as Error).message}`, { cause: error })
  } finally {
    await rm(folder, { recursive: true, force: true })
    forget({ folder })
  }
  say(`${name} ${version} is built (${Math.round((performance.now() - began) / 1000)} s)`)
}

/** The folder of a server in the cache, built there if it is not; two processes that ask at once build it once. */
export async function cached(recipe: Recipe): Promise<string> {
  const target = join(cacheFolder(), `${recipe.name}-${recipe.version}`)
  if (existsSync(target)) return target
  await mkdir(cacheFolder(), { recursive: true })
  await withLock(`${target}.lock`, async () => { if (!existsSync(target)) await make(recipe, target) },
    () => { say(`${recipe.name} ${recipe.version} is being built by another process: waiting`) })
  return target
}
