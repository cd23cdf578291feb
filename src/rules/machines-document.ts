import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { fields, guarded, list, moment, named, needed, number, oneOf, optional, readJson, text } from './document.js'
import { machines } from './machine.js'
import type { Machine, Machines } from './machine.js'

const rating = guarded('a number above 0; leave it out where it is not known', (value): value is number => typeof value === 'number' && value > 0 && value < Infinity)

/** Numbers that JSON does not have. */
const unwritten: ReadonlyMap<string, number> = new Map([NaN, Infinity, -Infinity].map((value) => [String(value), value]))

const written = (_: string, value: unknown): unknown => (typeof value === 'number' && !Number.isFinite(value) ? String(value) : value)

const read = (value: unknown): unknown => {
  if (typeof value === 'string') return unwritten.get(value) ?? value
  if (Array.isArray(value)) return value.map(read)
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, read(inner)])) : value
}

const state = new t.Type('the state of a detector', (value): value is unknown => value !== undefined, (value, context) => (value === undefined ? t.failure(value, context) : t.success(read(value))), t.identity)

const machine = fields('a machine', () => ({
  id: needed(text),
  area: optional(text),
  nameplate: optional(fields('a nameplate', () => ({
    ratedCurrent: optional(rating),
    ratedVoltage: optional(rating),
    ratedPower: optional(rating),
    insulationClass: optional(oneOf(['A', 'E', 'B', 'F', 'H'])),
    mounting: optional(oneOf(['rigid', 'flexible'])),
  }))),
  sensors: optional(list(text)),
  parameters: optional(named('an object of numbers by parameter', number)),
  normal: optional(named('an object of numbers by sensor', number)),
  expectedSince: optional(moment),
  learned: optional(named('an object of what was learned, by detector', fields('what was learned', () => ({ state: needed(state), frozen: optional(guarded('true', (value): value is true => value === true)) })))),
}))

const document = fields('an object with the field machines', () => ({ machines: needed(list(machine)), $schema: optional(t.string) }))

/**
 * Reads a register of machines: `{ "machines": [{ "id": "M1", "area": "hall", "nameplate": { "ratedCurrent": 20 }, "normal": { "temperature_coil": 65 }, "expectedSince": "2026-01-05T06:00:00Z" }] }`, with the fields of `Machine`.
 * A time is a text such as this, or a number since 1970. Left is one line that names the path, what came and what was expected.
 *
 * @example
 * const register = parseMachines('{ "machines": [{ "id": "M1", "nameplate": { "ratedCurrent": 20, "mounting": "rigid" } }] }')
 * if (register._tag === 'Right') monitor(rules, { machines: register.right })
 */
export function parseMachines(json: string): E.Either<string, Machines> {
  const decoded = readJson(document, json)
  if (E.isLeft(decoded)) return decoded
  return E.tryCatch(() => machines(...(decoded.right['machines'] as readonly Machine[])), (error) => `machines: ${error instanceof Error ? error.message : String(error)}`)
}

/**
 * The register as a text that `parseMachines` reads as the same, with what detectors have learned; a number that JSON does not have is written as its name.
 *
 * @example
 * machinesDocument(machines({ id: 'M1', nameplate: { ratedCurrent: 20 } })) // '{"machines":[{"id":"M1","nameplate":{"ratedCurrent":20}}]}'
 */
export const machinesDocument = (register: Machines): string => JSON.stringify({ machines: [...register.values()] }, written)
