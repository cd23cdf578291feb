import { fc, test } from '@fast-check/vitest'
import { from, toArray } from 'rxjs'
import { describe, expect } from 'vitest'
import type { Command, Input, Rules } from '../../src/model/index.js'
import { addressed, alarms } from '../../src/operators/index.js'
import type { AddressedOptions } from '../../src/operators/index.js'
import { above, rule } from '../../src/rules/index.js'
import { arbitraryInputs, epoch, reading } from '../../src/testing/index.js'
import { run } from '../../src/testing/laws/line.js'

const command = (fields: Partial<Command>): Command => ({ kind: 'command', time: 0, name: 'acknowledge', by: 'Anna', ...fields })
const outputs = (inputs: readonly Input[], options?: AddressedOptions): readonly unknown[] => {
  let all: readonly unknown[] = []
  from(inputs).pipe(addressed(options), toArray()).subscribe((made) => (all = made))
  return all
}
const machines = new Map([['m', { area: 'hall' }], ['k', {}], ['n', { area: 'hall' }]])

describe('addressed', () => {
  test.prop([arbitraryInputs()])('hands on readings, commands to a machine and rules as they are, and nothing else', (inputs) => {
    const rules: Rules = { kind: 'rules', time: epoch, rules: {} }
    const all = [...inputs, rules]
    expect(outputs(all)).toEqual(all.filter(({ kind }) => kind === 'reading' || kind === 'command' || kind === 'rules'))
  })

  test.each<[string, Partial<Command>, readonly string[]]>([
    ['a machine', { machine: 'x' }, ['x']],
    ['a machine, whatever else is named', { machine: 'x', area: 'hall', occurrence: 'hot/m/5' }, ['x']],
    ['an occurrence', { occurrence: 'hot/Linie%201%2F%C3%BC/2026-01-01T00:00:00.000Z' }, ['Linie 1/ü']],
    ['an area, in the order of the register', { area: 'hall' }, ['m', 'n']],
    ['an area that is not known', { area: 'cellar' }, ['']],
    ['no occurrence', { occurrence: 'hot' }, ['']],
    ['an occurrence that cannot be read', { occurrence: 'hot/%/5' }, ['']],
    ['nothing', { rule: 'hot' }, ['']],
  ])('%s', (_, fields, expected) => {
    expect(outputs([command(fields)], { machines })).toEqual(expected.map((machine) => command({ ...fields, machine })))
  })

  test.prop([fc.string({ unit: 'binary' }).filter((name) => name.isWellFormed())])('finds any machine again by the occurrence of its alarm', (machine) => {
    const [raised] = run((time) => alarms([rule({ id: 'hot', when: above('x', 1) })], {}, time), { lateness: 0 }, [reading(machine, 'x', 2)(epoch)]) as readonly { readonly occurrence: string }[]
    expect(outputs([command({ occurrence: raised!.occurrence })])).toMatchObject([{ machine }])
  })
})
