import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { command } from './command.js'

export const root = fileURLToPath(new URL('../..', import.meta.url))

interface Manifest {
  readonly name: string
  readonly version: string
  readonly bin: Readonly<Record<string, string>>
  readonly exports: Readonly<Record<string, unknown>>
  readonly dependencies: Readonly<Record<string, string>>
  readonly peerDependencies: Readonly<Record<string, string>>
}

const read = (file: string): Manifest => JSON.parse(readFileSync(file, 'utf8')) as Manifest

export const manifest = read(`${root}package.json`)

/** The keys of `exports` that open something; `null` closes a folder. */
export const open: readonly string[] = Object.keys(manifest.exports).filter((key) => key !== './package.json' && manifest.exports[key] !== null)

/** What a user can import, by name: `exports`, with `./sources/*` spelled out by the files of `src/sources`. */
export const subpaths: readonly string[] = open
  .flatMap((key) => {
    if (!key.endsWith('/*')) return [key]
    return readdirSync(`${root}src/${key.slice(2, -2)}`).filter((file) => file.endsWith('.ts')).map((file) => `${key.slice(0, -1)}${file.slice(0, -3)}`)
  })
  .map((key) => `${manifest.name}${key.slice(1)}`)

export interface Installed {
  /** The user's folder, with the package and its dependencies in `node_modules`. */
  readonly folder: string
  /** The files in the tarball, without the leading `package/`. */
  readonly files: readonly string[]
  readonly remove: () => void
}

const userConfig = {
  compilerOptions: {
    target: 'ES2022', lib: ['ES2023'], types: ['node'], module: 'NodeNext', strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true,
    verbatimModuleSyntax: true, skipLibCheck: false,
  },
  files: ['user.ts'],
}

/** Without a registry `npm install` fails with whatever it stumbles over first, ERESOLVE among them; so it is asked for something simple. */
const registryAnswers = (folder: string): boolean => {
  try {
    command('npm', ['view', 'rxjs', 'version', '--fetch-retries=0'], folder)
    return true
  } catch {
    return false
  }
}

/** Without a network: the tarball unpacked, and what it depends on linked from our own `node_modules`. */
const installFromOurs = (folder: string, tarball: string): void => {
  const target = join(folder, 'node_modules', manifest.name)
  rmSync(join(folder, 'node_modules'), { recursive: true, force: true })
  mkdirSync(target, { recursive: true })
  command('tar', ['-xzf', tarball, '-C', target, '--strip-components=1'], folder)
  mkdirSync(join(folder, 'node_modules/.bin'))
  for (const [name, file] of Object.entries(manifest.bin)) {
    chmodSync(join(target, file), 0o755)
    symlinkSync(join(target, file), join(folder, 'node_modules/.bin', name))
  }
  for (const name of [...Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }), '@types/node']) {
    const link = join(folder, 'node_modules', name)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(join(root, 'node_modules', name), link)
  }
}

/** Packs the package as `npm publish` would, build included, and installs the tarball into a new, empty folder beside `user.ts`. */
export const install = (): Installed => {
  const folder = mkdtempSync(join(tmpdir(), 'motorwatch-user-'))
  const remove = () => { rmSync(folder, { recursive: true, force: true }) }
  try {
    command('npm', ['pack', '--pack-destination', folder], root)
    const tarball = `${manifest.name}-${manifest.version}.tgz`
    const files = command('tar', ['-tzf', tarball], folder).trim().split('\n').map((file) => file.replace(/^package\//, ''))
    for (const file of ['user.ts', 'loaded-modules.mjs']) copyFileSync(fileURLToPath(new URL(`./${file}`, import.meta.url)), join(folder, file))
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(userConfig))
    writeFileSync(join(folder, 'package.json'), '{ "name": "user", "private": true, "type": "module" }\n')
    const others = [...Object.keys(manifest.peerDependencies), '@types/node'].map((name) => `${name}@${read(join(root, 'node_modules', name, 'package.json')).version}`)
    try {
      command('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--prefix', folder, `./${tarball}`, ...others], folder)
    } catch (error) {
      if (registryAnswers(folder)) throw error
      console.warn('npm reaches no registry: the dependencies are linked from our own node_modules')
      installFromOurs(folder, join(folder, tarball))
    }
    return { folder, files, remove }
  } catch (error) {
    remove()
    throw error
  }
}
