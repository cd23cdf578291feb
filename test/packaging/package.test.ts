import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { command } from './command.js'
import { install, type Installed, manifest, open, root, subpaths } from './installed.js'

let user: Installed
beforeAll(() => { user = install() })
afterAll(() => { user?.remove() })

/** A server's client, and the file names under `sources/` and `sinks/` that may load it. */
const clients = { 'kafkajs': 'kafka', 'minio': 'minio', '@influxdata': 'influx', 'mqtt': 'mqtt', 'nodemailer': 'email' }

/** What plain Node loads for an import: the names of packages, and the paths of our own files. */
const loaded = (specifier: string): readonly string[] => {
  const list = join(user.folder, 'loaded.txt')
  writeFileSync(list, '')
  command(process.execPath, ['--import', './loaded-modules.mjs', '--input-type=module', '-e', `await import('${specifier}')`], user.folder, { LOADED_MODULES: list })
  const names = readFileSync(list, 'utf8').split('\n').filter((url) => url.includes('/node_modules/')).map((url) => {
    const path = url.split('/node_modules/').at(-1)!.split('/')
    return path[0] === manifest.name ? path.slice(1).join('/') : path.slice(0, path[0]!.startsWith('@') ? 2 : 1).join('/')
  })
  return [...new Set(names)].sort()
}

describe('the tarball', () => {
  test('holds dist, src and what belongs to them, and nothing else', () => {
    expect(user.files.filter((file) => !/^(dist\/|src\/|README\.md$|LICENSE$|package\.json$)/.test(file))).toEqual([])
    expect(user.files.filter((file) => /\.test\.|\btest\/|node_modules|tsbuildinfo/.test(file))).toEqual([])
    expect(user.files).toEqual(expect.arrayContaining(['package.json', 'LICENSE', 'README.md', 'dist/index.js', 'dist/index.d.ts', 'src/index.ts']))
  })

  test('has declarations, maps and the source for every module, and nothing of a file that is gone', () => {
    const files = readdirSync(`${root}src`, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map(({ parentPath, name }) => `${parentPath}/${name}`.slice(`${root}src/`.length))
    // The client of the page is one script, for browsers.
    const sources = files.filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts') && !file.startsWith('page/client/')).map((file) => file.slice(0, -3)).sort()
    for (const ending of ['.js', '.js.map', '.d.ts', '.d.ts.map']) {
      const built = user.files.filter((file) => file.startsWith('dist/') && !file.startsWith('dist/page/client/') && file.endsWith(ending)).map((file) => file.slice('dist/'.length, -ending.length)).sort()
      expect(built, ending).toEqual(sources)
    }
    expect(user.files.filter((file) => file.startsWith('src/')).sort()).toEqual(files.map((file) => `src/${file}`).sort())
  })

  test('does not bundle rxjs', () => {
    const inside = join(user.folder, 'node_modules', manifest.name)
    expect(existsSync(join(inside, 'node_modules'))).toBe(false)
    expect(Object.keys(manifest.dependencies)).not.toContain('rxjs')
    expect(Object.keys(manifest.peerDependencies)).toContain('rxjs')
    expect(existsSync(join(user.folder, 'node_modules/rxjs/package.json'))).toBe(true)
  })

  test('publint has nothing to say', async () => {
    const pkgDir = join(user.folder, 'node_modules', manifest.name)
    const { messages, pkg } = await publint({ pkgDir, pack: false, strict: true })
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([])
  })
})

describe('exports', () => {
  const folders = (path: string) => readdirSync(`${root}src/${path}`, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  const keys = open.filter((key) => key !== '.')

  test('mirror the rooms, but for that of the command, how servers are reached, and how a lake is laid out', () => {
    expect(keys.map((key) => key.slice(2).replace(/\/\*$/, '')).sort()).toEqual(folders('').filter((room) => !['cli', 'kafka', 'lake', 'net', 's3'].includes(room)).sort())
  })

  test('are what tsconfig.json calls by the same names', () => {
    const { compilerOptions } = JSON.parse(readFileSync(`${root}tsconfig.json`, 'utf8')) as { compilerOptions: { paths: Record<string, string[]> } }
    expect(Object.keys(compilerOptions.paths).sort()).toEqual([manifest.name, ...keys.map((key) => `${manifest.name}${key.slice(1)}`)].sort())
  })

  test('close the folders below sources and sinks: a pattern would open them', () => {
    const below = ['sources', 'sinks'].flatMap((room) => folders(room).map((folder) => `./${room}/${folder}/*`))
    expect(Object.keys(manifest.exports).filter((key) => manifest.exports[key] === null).sort()).toEqual(below.sort())
  })
})

describe('plain Node', () => {
  test.each(subpaths)('imports %s, and no client of another server with it', (specifier) => {
    const names = loaded(specifier)
    expect(names.some((name) => name.startsWith('dist/'))).toBe(true)
    const own = specifier.split('/').at(-1)!
    for (const [client, file] of Object.entries(clients)) {
      if (own !== file) expect(names.filter((name) => name === client || name.startsWith(`${client}/`))).toEqual([])
    }
    expect(names).not.toContain('vitest')
  })

  test('the root loads nothing that is for tests or for one sink', () => {
    const names = loaded(manifest.name)
    expect(names).toContain('dist/index.js')
    for (const name of ['fast-check', '@fast-check/vitest', 'vitest', 'hyparquet-writer']) expect(names).not.toContain(name)
  })

  test('the list does show a package that is loaded', () => {
    expect(loaded('rxjs')).toContain('rxjs')
  })

  test('finds nothing that is not exported', () => {
    expect(() => command(process.execPath, ['--input-type=module', '-e', `await import('${manifest.name}/dist/index.js')`], user.folder)).toThrow(/ERR_PACKAGE_PATH_NOT_EXPORTED/)
  })
})

describe('the command', () => {
  const one = { given: { temperature_coil: '120 121' }, expect: [{ at: '1s', rule: 'coil-overheating', state: 'raised', margin: 1 }] }

  test('is installed, and runs on plain Node', () => {
    writeFileSync(join(user.folder, 'one.json'), JSON.stringify(one))
    expect(command(join(user.folder, 'node_modules/.bin', manifest.name), ['test', 'reference', 'one.json'], user.folder)).toContain('1 test: 1 passed, 0 failed')
  })

  test('needs nothing that is for property tests, and no client of a server', () => {
    const list = join(user.folder, 'loaded.txt')
    writeFileSync(list, '')
    command(process.execPath, ['--import', './loaded-modules.mjs', join(user.folder, 'node_modules', manifest.name, manifest.bin[manifest.name]!), 'test', 'reference', 'one.json'], user.folder, { LOADED_MODULES: list })
    expect(readFileSync(list, 'utf8')).toContain('run-rule-test.js')
    for (const name of ['fast-check', ...Object.keys(clients)]) expect(readFileSync(list, 'utf8')).not.toContain(`/node_modules/${name}/`)
  })
})

test('the page is served from the package, without esbuild, with the licence of what is in its script', () => {
  expect(Object.keys(manifest.dependencies)).not.toContain('esbuild')
  const program = `
    const { plant, servePage } = await import('${manifest.name}/page')
    const page = await servePage({ plant: plant({ rules: [] }), about: { title: 'x', mode: 'live' }, port: 0 })
    const got = await Promise.all(['', 'client.js', 'page.css', 'icon.svg'].map(async (path) => { const response = await fetch(page.url + path); return [response.status, await response.text()] }))
    console.log(JSON.stringify({ status: got.map(([status]) => status), licence: /uPlot, MIT License/.test(got[1][1]), length: got[1][1].length }))
    await page.close()`
  const list = join(user.folder, 'loaded.txt')
  writeFileSync(list, '')
  const said = JSON.parse(command(process.execPath, ['--import', './loaded-modules.mjs', '--input-type=module', '-e', program], user.folder, { LOADED_MODULES: list })) as object
  expect(said).toMatchObject({ status: [200, 200, 200, 200], licence: true })
  expect(readFileSync(list, 'utf8')).not.toContain('/esbuild/')
})

test('a TypeScript user compiles against it, libraries checked too, and runs', () => {
  command(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-p', '.'], user.folder)
  expect(JSON.parse(command(process.execPath, ['user.js'], user.folder))).toEqual({ seen: [10, 120, 200], soon: true })
})
