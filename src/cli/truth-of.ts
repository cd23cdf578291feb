import * as E from 'fp-ts/lib/Either.js'
import { fields, list, moment, needed, optional, readJson, text } from '../rules/document.js'
import { readFile } from './read-file.js'
import { wrongUse } from './wrong-use.js'

export const A_FILE_OF_TRUTH = 'a file of what really was the matter as JSON, { "events": [{ "machine": "M1", "from": "2026-01-12T06:00:00Z", "to": "2026-01-20T10:00:00Z", "what": "bearing" }] }'

/** Something was the matter with a machine. */
export interface TrueEvent {
  readonly machine: string
  /** When it began; epoch milliseconds. */
  readonly from: number
  /** When it should have been known at the latest: the failure, or the repair. */
  readonly to: number
  readonly what?: string
}

const event = fields('an event', () => ({ machine: needed(text), from: needed(moment), to: needed(moment), what: optional(text) }), ({ from, to }) => (Number(from) < Number(to) ? undefined : { field: 'to', expected: 'a time after from' }))
const document = fields('an object with the field events', () => ({ events: needed(list(event, 'any')) }))

/** The events of a document, in order of time; left is one line that names the path, what came and what was expected. Two of one machine must not meet: nobody could say which of them an alarm is for. */
export function parseTruth(json: string): E.Either<string, readonly TrueEvent[]> {
  const decoded = readJson(document, json)
  if (E.isLeft(decoded)) return decoded
  const events = (decoded.right['events'] as readonly TrueEvent[]).toSorted((a, b) => a.from - b.from)
  const meets = events.find((one, i) => events.slice(i + 1).some(({ machine, from }) => machine === one.machine && from <= one.to))
  return meets === undefined ? E.right(events) : E.left(`two events of ${meets.machine} meet: expected one to end before the next begins`)
}

/** The events of a file. */
export function truthOf(path: string): readonly TrueEvent[] {
  const parsed = parseTruth(readFile(path, A_FILE_OF_TRUTH))
  if (E.isLeft(parsed)) throw wrongUse(`--truth ${path}: ${parsed.left}`)
  return parsed.right
}
