import * as E from 'fp-ts/lib/Either.js'
import { parseMachines } from '../rules/index.js'
import type { Machines } from '../rules/index.js'
import { readFile } from './read-file.js'
import { wrongUse } from './wrong-use.js'

export const A_FILE_OF_MACHINES = 'a file of machines as JSON, { "machines": [{ "id": "M1", "nameplate": { "ratedCurrent": 20 } }] }'

/** The register in a file; undefined without one. */
export function machinesOf(path: string | undefined): Machines | undefined {
  if (path === undefined) return undefined
  const parsed = parseMachines(readFile(path, A_FILE_OF_MACHINES))
  if (E.isLeft(parsed)) throw wrongUse(`--machines ${path}: ${parsed.left}`)
  return parsed.right
}
