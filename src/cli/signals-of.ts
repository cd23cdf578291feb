import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ownSignals } from '../rules/index.js'
import type { OwnSignal, OwnSignals } from '../rules/index.js'
import { readFile } from './read-file.js'
import { wrongUse } from './wrong-use.js'

export const A_MODULE_OF_SIGNALS = 'an ES module that exports signals made by ownSignal, such as ./my-signals.js'

/** The signals of a user's own that a module exports, under any names, in lists too; what else it exports is passed over. Without a path, none. */
export async function signalsOf(path: string | undefined): Promise<OwnSignals> {
  if (path === undefined) return ownSignals()
  readFile(path, A_MODULE_OF_SIGNALS)
  const exported = await loaded(path)
  const found = [...new Set(Object.values(exported).flat().flatMap(definitionsIn))]
  if (found.length === 0) {
    const names = Object.keys(exported).sort()
    throw wrongUse(`--signals ${path}: it exports ${names.length === 0 ? 'nothing' : `${names.join(', ')}, none of them a signal`}; expected signals made by ownSignal: export const peak = ownSignal({ name: 'peak', ... })`)
  }
  const twice = found.find(({ name }, i) => found.findIndex((other) => other.name === name) < i)
  if (twice !== undefined) throw wrongUse(`--signals ${path}: two of its signals have the name '${twice.name}'; expected each to have its own`)
  return ownSignals(found)
}

async function loaded(path: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(pathToFileURL(resolve(path)).href)) as Readonly<Record<string, unknown>>
  } catch (error) {
    const { code, message } = error instanceof Error ? (error as NodeJS.ErrnoException) : { code: undefined, message: String(error) }
    const advice = code === 'ERR_UNKNOWN_FILE_EXTENSION' && /\.[cm]?ts$/.test(path) ? "this Node does not read TypeScript: compile it to JavaScript, or call 'node --import tsx' with motorwatch" : message
    throw wrongUse(`--signals ${path}: it could not be loaded: ${advice}; expected ${A_MODULE_OF_SIGNALS}`)
  }
}

function definitionsIn(exported: unknown): readonly OwnSignal[] {
  const definition = typeof exported === 'function' ? (exported as { readonly definition?: unknown }).definition : exported
  return isDefinition(definition) ? [definition] : []
}

const isDefinition = (value: unknown): value is OwnSignal => {
  if (typeof value !== 'object' || value === null) return false
  const { name, params, start, next } = value as Partial<Record<keyof OwnSignal, unknown>>
  return typeof name === 'string' && typeof start === 'function' && typeof next === 'function' && typeof (params as { readonly decode?: unknown } | undefined)?.decode === 'function'
}
