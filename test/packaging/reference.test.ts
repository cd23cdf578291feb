import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
let out = ''
let said = ''

beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'motorwatch-reference-'))
  // A warning is an error there.
  const { stdout, stderr } = await promisify(execFile)('npx', ['typedoc', '--out', out], { cwd: root })
  said = stdout + stderr
})
afterAll(() => rm(out, { recursive: true, force: true }))

test('npm run reference has no warning', () => {
  expect(said).not.toMatch(/warning|error/i)
})

test('each import of the package has its page', async () => {
  const { exports } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { readonly exports: Readonly<Record<string, unknown>> }
  const folders = await Promise.all(['sources', 'sinks'].map(async (folder) => (await readdir(join(root, 'src', folder))).filter((name) => name.endsWith('.ts')).map((name) => `${folder}_${name.slice(0, -3)}`)))
  const rooms = Object.keys(exports).filter((path) => /^\.(\/\w+)?$/.test(path)).map((path) => (path === '.' ? 'index' : path.slice(2)))
  const pages = (await readdir(join(out, 'modules'))).map((name) => name.replace(/\.html$/, '')).filter((name) => !name.includes('_internal_'))
  expect(pages.sort()).toEqual([...rooms, ...folders.flat()].sort())
})

test('what an option does is told there, and nothing of this machine', async () => {
  const page = await readFile(join(out, 'interfaces/index.InOrderOptions.html'), 'utf8')
  expect(page).toContain('A reading may come this much behind the latest of its source.')
  for (const folder of ['modules', 'interfaces']) for (const name of await readdir(join(out, folder))) expect(await readFile(join(out, folder, name), 'utf8')).not.toContain(root)
})
