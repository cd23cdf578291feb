import * as E from 'fp-ts/lib/Either.js'
import { parseRules, reference } from '../rules/index.js'
import type { OwnSignals, Rule } from '../rules/index.js'
import { readFile } from './read-file.js'
import { wrongUse } from './wrong-use.js'

export const A_FILE_OF_RULES = "'reference', or a file of rules as JSON"

/** The rules of a file, or those that are named `reference`. */
export function rulesOf(name: string, signals: OwnSignals): readonly Rule[] {
  if (name === 'reference') return reference
  const parsed = parseRules(readFile(name, A_FILE_OF_RULES), signals)
  if (E.isLeft(parsed)) throw wrongUse(`${name}: ${parsed.left}`)
  return parsed.right
}
