import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestProject } from 'vitest/node'
import { addressOf, fromEnvironment, SERVER_NAMES } from './addresses.js'
import type { Addresses, ServerName } from './addresses.js'
import { inTurn } from './in-turn.js'
import { providers } from './provide/index.js'
import type { Provided } from './provide/index.js'
import { starters } from './start/index.js'
import type { Server } from './start/server.js'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the tests ask for servers: `/provide/NAME`, `/start/NAME`. */
    readonly servers: string
  }
}

export type Answer<T> = { readonly value: T } | { readonly missing: string }

/** Only these are known by the environment's variables: a second S3 server is a certain one. */
const FROM_ENVIRONMENT: readonly ServerName[] = ['kafka', 'influx', 'minio']

/** One of each for all test files, started when the first asks for it; what the environment names is used instead. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const started: Server[] = []
  const answers = new Map<string, Promise<Answer<unknown>>>()

  const answer = async (what: string, name: string, work: () => Promise<unknown>): Promise<Answer<unknown>> => {
    try {
      return { value: await work() }
    } catch (error) {
      const { message } = error as Error
      process.stderr.write(`\n*** ${name.toUpperCase()} CANNOT BE ${what}, so its tests are ${process.env['CI'] ? 'failures' : 'SKIPPED'}: ${message} ***\n\n`)
      return { missing: message }
    }
  }

  // Builds share the processors, so one at a time.
  const provide = inTurn(async (name: Provided) => { await providers[name]() })

  const start = async <N extends ServerName>(name: N): Promise<Addresses[N]> => {
    const given = FROM_ENVIRONMENT.includes(name) ? fromEnvironment(name, process.env) : undefined
    if (given !== undefined) return given
    await provide(name)
    const server = await starters[name]()
    started.push(server)
    return addressOf(name, server)
  }

  const host = createServer((request, response) => {
    const path = request.url ?? ''
    const [, what, name] = path.split('/')
    const asked = answers.get(path) ?? (
      what === 'provide' && name! in providers ? answer('BUILT', name!, () => provide(name as Provided))
      : what === 'start' && SERVER_NAMES.includes(name as ServerName) ? answer('STARTED', name!, () => start(name as ServerName))
      : Promise.resolve({ missing: `there is nothing at ${path}` })
    )
    answers.set(path, asked)
    void asked.then((result) => { response.end(JSON.stringify(result)) })
  })
  await new Promise<void>((resolve) => { host.listen(0, '127.0.0.1', resolve) })
  project.provide('servers', `http://127.0.0.1:${(host.address() as AddressInfo).port}`)
  return async () => {
    host.closeAllConnections()
    host.close()
    await Promise.all(started.map((server) => server.stop()))
  }
}
