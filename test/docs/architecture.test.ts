import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import ts from 'typescript'
import { expect, test } from 'vitest'
import { arrows as table } from '../../lint/arrows.js'
import { drawHouse } from './house.js'

const root = join(import.meta.dirname, '../..')
const arrows: Readonly<Record<string, readonly string[]>> = table
const picture = join(root, 'docs/images/architecture.svg')
const text = (path: string): string => readFileSync(join(root, path), 'utf8')

const asLines = (of: Readonly<Record<string, readonly string[]>>): readonly string[] => Object.entries(of).flatMap(([from, targets]) => targets.map((to) => `${from} imports ${to}`)).sort()

/** Of each import from one room into another, type imports and dynamic ones too. */
function imports(): readonly string[] {
  const found = new Set<string>()
  for (const file of readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts') && name.includes(sep))) {
    const path = join(root, 'src', file)
    for (const { fileName } of ts.preProcessFile(readFileSync(path, 'utf8'), true, true).importedFiles) {
      if (!fileName.startsWith('.')) continue
      const [from, to] = [file, relative(join(root, 'src'), resolve(dirname(path), fileName))].map((name) => name.split(sep)[0]!)
      if (from !== to) found.add(`${from} imports ${to}`)
    }
  }
  return [...found].sort()
}

test('every arrow of lint/arrows.js is an import in src, and every import an arrow', () => {
  expect(asLines(arrows)).toEqual(imports())
})

test('so it is in the picture (UPDATE_DOCS=1 draws it)', () => {
  const drawn = drawHouse(arrows)
  if (process.env['UPDATE_DOCS'] !== undefined) writeFileSync(picture, drawn)
  const there = readFileSync(picture, 'utf8')
  expect([...there.matchAll(/<title>(.*)<\/title>/g)].map(([, arrow]) => arrow!).sort()).toEqual(imports())
  expect(there).toBe(drawn)
})

test('each room is told of in docs/architecture.md, and no other', () => {
  const told = [...text('docs/architecture.md').matchAll(/^\| `src\/(\w+)\/` \|/gm)].map(([, room]) => room!)
  expect(told.sort()).toEqual(Object.keys(arrows).sort())
})

/** `motorwatch/sources/jsonl`, `/simulator`: the second is beside the first. */
const importsNamed = (cell: string): readonly string[] => {
  const names = [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name!)
  return names.map((name, i) => (name.startsWith('/') ? `${dirname(names[0]!)}${names[i]}` : name))
}

test('what docs/architecture.md says that users import is what the package exports', () => {
  const { exports } = JSON.parse(text('package.json')) as { readonly exports: Readonly<Record<string, unknown>> }
  const exported = Object.entries(exports).flatMap(([path, target]) => {
    if (target === null || path === './package.json') return []
    if (!path.endsWith('/*')) return [path]
    return readdirSync(join(root, 'src', path.slice(0, -1))).filter((name) => name.endsWith('.ts')).map((name) => path.replace('*', name.replace(/\.ts$/, '')))
  })
  const told = [...text('docs/architecture.md').matchAll(/^\| (`motorwatch[^|]*) \|/gm)].flatMap(([, cell]) => importsNamed(cell!))
  expect([...told].sort()).toEqual(exported.map((path) => path.replace(/^\./, 'motorwatch')).sort())
})
