import * as E from 'fp-ts/lib/Either.js'
import { learned, nameplate, parseRules, reference } from '../rules/index.js'
import type { OwnSignals, Rule } from '../rules/index.js'
import { readFile } from './read-file.js'
import { wrongUse } from './wrong-use.js'

export const A_FILE_OF_RULES = "'reference', 'nameplate', 'learned', or a file of rules as JSON"

const packs: ReadonlyMap<string, () => readonly Rule[]> = new Map([['reference', () => reference], ['nameplate', () => nameplate()], ['learned', () => learned()]])

/** The rules of a file, or of a pack by its name. */
export function rulesOf(name: string, signals: OwnSignals): readonly Rule[] {
  const pack = packs.get(name)
  if (pack !== undefined) return pack()
  const parsed = parseRules(readFile(name, A_FILE_OF_RULES), signals)
  if (E.isLeft(parsed)) throw wrongUse(`${name}: ${parsed.left}`)
  return parsed.right
}
