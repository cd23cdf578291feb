import { readdirSync, readFileSync } from 'node:fs'

/** The files behind the package's exports: `./sources/*` are those of the folder. */
const { exports } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'))
const entryPoints = Object.entries(exports).flatMap(([path, target]) => {
  if (target === null || path === './package.json') return []
  if (!path.endsWith('/*')) return [`src${path.slice(1)}/index.ts`]
  const folder = `src${path.slice(1, -2)}`
  return readdirSync(new URL(folder, import.meta.url)).filter((name) => name.endsWith('.ts')).map((name) => `${folder}/${name}`)
})

export default {
  name: 'motorwatch',
  plugin: ['typedoc-plugin-missing-exports'], // types that are used and not exported are told of beside their module
  entryPoints,
  tsconfig: 'tsconfig.build.json',
  skipErrorChecking: true, // tsc does that
  out: 'build/reference',
  readme: 'none',
  disableGit: true,
  disableSources: true,
  excludeExternals: true,
  excludePrivate: true,
  treatWarningsAsErrors: true,
}
