import { fc, test } from '@fast-check/vitest'
import * as E from 'fp-ts/lib/Either.js'
import { machines, nameplatesOf, parseMachines } from 'motorwatch/rules'
import type { Machine } from 'motorwatch/rules'
import { expect } from 'vitest'

const values = fc.dictionary(fc.constantFrom('current', 'pressure', 'x'), fc.integer({ min: -9, max: 9 }), { noNullPrototype: true })
const anyMachine: fc.Arbitrary<Omit<Machine, 'id'>> = fc.record({
  area: fc.constantFrom('hall', 'cellar'),
  nameplate: fc.record({ ratedCurrent: fc.integer({ min: 1, max: 99 }), ratedPower: fc.constantFrom(0.5, 11), insulationClass: fc.constantFrom('B' as const, 'F' as const), mounting: fc.constantFrom('rigid' as const, 'flexible' as const) }, { requiredKeys: [] }),
  sensors: fc.uniqueArray(fc.constantFrom('current', 'voltage'), { minLength: 1 }),
  parameters: values,
  normal: values,
  expectedSince: fc.constantFrom(1_767_225_600_000, 1_767_225_600_500),
}, { requiredKeys: [] })

test.prop([fc.array(anyMachine, { minLength: 1, maxLength: 5 }), fc.boolean()])('a register that is written as JSON is read as it was, times as numbers or as text', (list, asText) => {
  const register = list.map((machine, i): Machine => ({ id: `m${i}`, ...machine }))
  const written = register.map(({ expectedSince, ...machine }) => ({ ...machine, ...(expectedSince === undefined ? {} : { expectedSince: asText ? new Date(expectedSince).toISOString() : expectedSince }) }))
  expect(parseMachines(JSON.stringify({ machines: written }))).toEqual(E.right(machines(...register)))
})

test.each([
  ['{"machines":[]}', 'machines: got [], expected a list of at least one'],
  ['{"machines":[{"id":""}]}', 'machines[0].id: got "", expected a text'],
  ['{"machines":[{"id":"a","plate":{}}]}', 'machines[0].plate: got {}, expected one of the fields id, area, nameplate, sensors, parameters, normal, expectedSince, learned'],
  ['{"machines":[{"id":"a","nameplate":{"ratedCurrent":"20 A"}}]}', 'machines[0].nameplate.ratedCurrent: got "20 A", expected a number above 0; leave it out where it is not known'],
  ['{"machines":[{"id":"a","nameplate":{"mounting":"loose"}}]}', 'machines[0].nameplate.mounting: got "loose", expected one of rigid, flexible'],
  ['{"machines":[{"id":"a","normal":{"current":null}}]}', 'machines[0].normal.current: got null, expected a finite number'],
  ['{"machines":[{"id":"a","expectedSince":"2026-01-05"}]}', 'machines[0].expectedSince: got "2026-01-05", expected a time such as "2025-12-18T12:30:00Z": a date alone is ambiguous, add time and zone'],
  ['{"machines":[{"id":"a"},{"id":"a"}]}', "machines: machine 'a' is in the register twice"],
])('%s is refused', (json, message) => {
  expect(parseMachines(json)).toEqual(E.left(message))
})

test('what is no JSON is refused, and nameplates are by machine', () => {
  expect(parseMachines('{')).toEqual(E.left(expect.stringMatching(/^not JSON: /)))
  expect([...nameplatesOf(machines({ id: 'a' }, { id: 'b', nameplate: { ratedCurrent: 1 } }))]).toEqual([['b', { ratedCurrent: 1 }]])
  expect(() => machines({ id: 'a', normal: { x: NaN } })).toThrow("machine 'a': what is normal for x must be a finite number, not NaN")
})
