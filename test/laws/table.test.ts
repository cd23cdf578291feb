import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import * as exported from '../../src/operators/index.js'
import { checkLaws, laws } from '../../src/testing/index.js'
import type { LawName } from '../../src/testing/index.js'
import { notOperators, operatorsUnderTest } from './operators.js'
import type { TestedOperator } from './operators.js'

const names = Object.keys(laws) as LawName[]
const file = new URL('../../docs/laws.md', import.meta.url)
const passed = new Set<string>()

const title = ({ name, variant }: TestedOperator): string => (variant === undefined ? name : `${name} (${variant})`)
const cell = (operator: TestedOperator, law: LawName): string => `${title(operator)}: ${law}`
const has = (tested: TestedOperator, law: LawName): boolean => passed.has(cell(tested, law)) || tested.exceptions?.[law] !== undefined

function table(): string {
  const notes: string[] = []
  const note = (reason: string): string => {
    if (!notes.includes(reason)) notes.push(reason)
    return `[^${notes.indexOf(reason) + 1}]`
  }
  const result = ({ exceptions = {} }: TestedOperator, law: LawName): string => {
    const reason = exceptions[law]
    if (reason !== undefined) return `does not apply${note(reason)}`
    return law === 'stays' && exceptions.eviction !== undefined ? `pass${note(`Without the eviction of idle keys: ${exceptions.eviction}.`)}` : 'pass'
  }
  const rows = operatorsUnderTest.map((tested) => `| \`${tested.name}\`${tested.variant === undefined ? '' : ` (${tested.variant})`} | ${names.map((law) => result(tested, law)).join(' | ')} |`)
  return [
    '# Operators by laws',
    '',
    'Written by `UPDATE_DOCS=1 npx vitest run --project unit test/laws/table.test.ts`; that test holds every cell. What the laws say: `src/testing/laws/`, one a file.',
    '',
    `| Operator | ${names.map((law, i) => `${i + 1}. ${laws[law]}`).join(' | ')} |`,
    `|---|${names.map(() => '---|').join('')}`,
    ...rows,
    '',
    ...notes.map((reason, i) => `[^${i + 1}]: ${reason}`),
    ...(notes.length > 0 ? [''] : []),
  ].join('\n')
}

it('has every exported operator', () => {
  const functions = Object.entries(exported).filter(([name, value]) => typeof value === 'function' && !name.endsWith('Behaviour') && !(name in notOperators))
  const tested = operatorsUnderTest.map(({ name }) => name)
  expect(functions.map(([name]) => name).filter((name) => !tested.includes(name)), 'add them to test/laws/operators.ts').toEqual([])
})

describe.each(operatorsUnderTest.map((tested) => ({ ...tested, title: title(tested) })))('$title', ({ title: _, ...tested }) => {
  const { op, ordered = false, exceptions = {}, inputs } = tested
  it.each(names.filter((law) => exceptions[law] === undefined))('%s', async (law) => {
    await checkLaws(op, { laws: [law], numRuns: 25, ordered, exceptions, ...(inputs === undefined ? {} : { inputs }) })
    passed.add(cell(tested, law))
  })
})

it('is written down in docs/laws.md', (context) => {
  const missing = operatorsUnderTest.flatMap((tested) => names.filter((law) => !has(tested, law)).map((law) => cell(tested, law)))
  if (missing.length === operatorsUnderTest.length * names.length) context.skip('no law was run, so there is nothing to write down')
  expect(missing, 'laws that are broken, or were not run').toEqual([])
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(file, table())
  expect(existsSync(file) ? readFileSync(file, 'utf8') : '', 'write it anew with UPDATE_DOCS=1').toBe(table())
})
