import { rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { SERVER_NAMES, toEnvironment } from './addresses.js'
import type { ServerName } from './addresses.js'
import { providers } from './provide/index.js'
import { say } from './say.js'
import { starters } from './start/index.js'
import type { Server } from './start/index.js'
import { writeEnvironment } from './write-environment.js'

const HELP = `npm run servers -- [NAME ...] [--env FILE] [--build]

Starts real servers on 127.0.0.1, without containers, and prints their addresses as environment variables. Ctrl-C stops them, and their data are gone.
The first time, each is built from packages into the user's cache: kafka needs java and mvn; influx go, cargo and cc; minio, toxiproxy and alertmanager go; seaweedfs python3 with pip. mosquitto is that of the system.

NAME         ${SERVER_NAMES.join(', ')}; kafka, influx and minio where none is named
--env FILE   writes the variables to FILE too, which only the user may read: node --env-file FILE ...; removed at the end
--build      builds them only
`

const { values: options, positionals } = parseArgs({ allowPositionals: true, options: { env: { type: 'string' }, build: { type: 'boolean' }, help: { type: 'boolean' } } })

function chosen(): readonly ServerName[] {
  const unknown = positionals.find((name) => !SERVER_NAMES.includes(name as ServerName))
  if (unknown !== undefined) throw new Error(`there is no server ${unknown}: choose from ${SERVER_NAMES.join(', ')}`)
  const names: readonly ServerName[] = positionals.length === 0 ? ['kafka', 'influx', 'minio'] : [...new Set(positionals as ServerName[])]
  if (options.build !== true && names.includes('minio') && names.includes('seaweedfs')) throw new Error('minio and seaweedfs are both S3 servers, of which one has a place in the environment: choose one')
  return names
}

async function start<N extends ServerName>(name: N): Promise<{ readonly server: Server; readonly env: Readonly<Record<string, string>> }> {
  const server = await starters[name]()
  return { server, env: toEnvironment(name, server) }
}

async function main(): Promise<void> {
  const names = chosen()
  for (const name of names) await providers[name]()
  if (options.build === true) return

  // What has been started is stopped when this process ends, however it ends.
  const ended = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => { resolve() })
  })
  const starting = Promise.all(names.map(start))
  const started = await Promise.race([starting, ended])
  if (started === undefined) return

  const env = Object.assign({}, ...started.map((one) => one.env)) as Readonly<Record<string, string>>
  const file = options.env === undefined ? undefined : resolve(options.env)
  if (file !== undefined) await writeEnvironment(file, env)
  process.stdout.write(Object.entries(env).map(([name, value]) => `${name}=${value}\n`).join(''))
  say(`${names.join(', ')} ${names.length === 1 ? 'runs' : 'run'}; Ctrl-C stops`)
  const alive = setInterval(() => undefined, 60_000)
  await ended
  clearInterval(alive)
  if (file !== undefined) await rm(file, { force: true })
  await Promise.all(started.map(({ server }) => server.stop()))
}

if (options.help === true) {
  process.stdout.write(HELP)
} else {
  try {
    await main()
    process.exit(0)
  } catch (error) {
    say((error as Error).message)
    process.exit(1)
  }
}
