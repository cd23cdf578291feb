import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cached } from './cached.js'
import { runTool } from './run-tool.js'

const VERSION = '2.7.12'
const MODULE = 'github.com/influxdata/influxdb/v2'

/** Its Rust has become an error to newer compilers, in build scripts too, which RUSTFLAGS does not reach. */
const LENIENT_RUSTC = `#!/bin/sh
case " $* " in
  *" --cap-lints"*) exec "$@" ;;
  *" --crate-name "*) exec "$@" --cap-lints warn ;;
  *) exec "$@" ;;
esac
`

/** `go install` refuses a module with replace directives, so it is built from a module of ours that has the same. */
async function build(folder: string): Promise<void> {
  for (const [tool, argument] of [['go', 'version'], ['cargo', '--version'], ['cc', '--version']] as const) await runTool(tool, [argument])
  const source = join(folder, 'source')
  await mkdir(source)
  await runTool('go', ['install', 'github.com/influxdata/pkg-config@v0.2.14'], { cwd: source, env: { GOBIN: source, GOTOOLCHAIN: 'local' } })
  const rustc = join(source, 'rustc.sh')
  await writeFile(rustc, LENIENT_RUSTC)
  await chmod(rustc, 0o755)

  const { GoMod, Dir } = JSON.parse(await runTool('go', ['mod', 'download', '-json', `${MODULE}@v${VERSION}`], { cwd: source })) as { readonly GoMod: string; readonly Dir: string }
  await writeFile(join(source, 'go.mod'), (await readFile(GoMod, 'utf8')).replace(/^module .*$/m, 'module motorwatch/influxd'))
  await writeFile(join(source, 'go.sum'), await readFile(join(Dir, 'go.sum')))
  await writeFile(join(source, 'tools.go'), `//go:build tools\n\npackage tools\n\nimport _ "${MODULE}/cmd/influxd/launcher"\n`)
  await runTool('go', ['mod', 'edit', `-require=${MODULE}@v${VERSION}`], { cwd: source })
  await runTool('go', ['build', '-mod=mod', '-tags', 'sqlite_foreign_keys,sqlite_json', '-o', join(folder, 'influxd'), `${MODULE}/cmd/influxd`], {
    cwd: source,
    env: { GOTOOLCHAIN: 'local', CGO_ENABLED: '1', PKG_CONFIG: join(source, 'pkg-config'), RUSTUP_TOOLCHAIN: 'stable', RUSTC_WRAPPER: rustc },
  })
  await rm(source, { recursive: true })
}

/** @returns the program */
export const provideInflux = async (): Promise<string> => join(await cached({ name: 'influx', version: VERSION, takes: '7 to 15 minutes', build }), 'influxd')
