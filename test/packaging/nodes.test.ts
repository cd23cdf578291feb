import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { command } from './command.js'
import { install, type Installed, root, subpaths } from './installed.js'

let user: Installed
beforeAll(() => {
  user = install()
  command(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-p', '.'], user.folder)
})
afterAll(() => { user?.remove() })

/** A real Node of that major version: an npm package, fetched once into the user's cache. */
const nodeBinary = (major: number): string => {
  const folder = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'motorwatch-nodes', `${major}`)
  const name = `node-${process.platform}-${process.arch}`
  const binary = join(folder, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (!existsSync(binary)) command('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--prefix', folder, `${name}@${major}`], root)
  return binary
}

describe.each([22, 24])('Node %i', (major) => {
  let node: string
  beforeAll(() => { node = nodeBinary(major) })

  test('is what it says', () => {
    expect(command(node, ['--version'], user.folder)).toMatch(new RegExp(`^v${major}\\.`))
  })

  test('imports every subpath', () => {
    command(node, ['--input-type=module', '-e', subpaths.map((specifier) => `await import('${specifier}')`).join('\n')], user.folder)
  })

  test("runs a user's pipeline on event time", () => {
    expect(JSON.parse(command(node, ['user.js'], user.folder))).toEqual({ seen: [10, 120, 200], soon: true })
  })
})
