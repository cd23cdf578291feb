import { writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { provideMosquitto } from '../provide/mosquitto.js'
import { runTool } from '../provide/run-tool.js'
import type { Certificate } from './certificates.js'
import { freePorts } from './free-ports.js'
import type { Server } from './server.js'
import { startServer, temporaryFolder } from './start-server.js'
import { withProperties } from './with-properties.js'

export interface Mosquitto extends Server {
  readonly url: string
  /** Of its other listeners. */
  readonly tls: string
  readonly ws: string
}

export interface MosquittoOptions {
  /** With it there is a listener of TLS. */
  readonly certificate?: Certificate
  /** Names and passwords; left out: nobody is asked. */
  readonly users?: Readonly<Record<string, string>>
  /** More lines of its configuration. */
  readonly lines?: readonly string[]
}

/** Its sessions and messages are on the disk after each change, so they are there after a kill; none is dropped for want of room. */
export async function startMosquitto({ certificate, users, lines = [] }: MosquittoOptions = {}): Promise<Mosquitto> {
  const program = await provideMosquitto()
  const [port, tls, ws] = await freePorts(3)
  const folder = await temporaryFolder('mosquitto')
  const passwords = join(folder, 'passwords')
  if (users !== undefined) {
    await writeFile(passwords, Object.entries(users).map(([name, password]) => `${name}:${password}\n`).join(''), { mode: 0o600 })
    await runTool(join(program, '../../bin/mosquitto_passwd'), ['-U', passwords])
  }
  await writeFile(join(folder, 'mosquitto.conf'), [
    'user root', 'persistence true', `persistence_location ${folder}/`, 'autosave_on_changes true', 'autosave_interval 1', 'max_queued_messages 0',
    ...(users === undefined ? ['allow_anonymous true'] : ['allow_anonymous false', `password_file ${passwords}`]),
    `listener ${port} 127.0.0.1`, `listener ${ws} 127.0.0.1`, 'protocol websockets',
    ...(certificate === undefined ? [] : [`listener ${tls} 127.0.0.1`, `certfile ${certificate.cert}`, `keyfile ${certificate.key}`]),
    ...lines, '',
  ].join('\n'))
  const server = await startServer({
    name: 'mosquitto',
    address: `127.0.0.1:${port}`,
    program,
    args: ['-c', join(folder, 'mosquitto.conf')],
    folder,
    ready: async () => {
      const socket = connect(port!, '127.0.0.1')
      await once(socket, 'connect')
      socket.destroy()
    },
  })
  return withProperties(server, { url: `mqtt://127.0.0.1:${port}`, tls: `mqtts://127.0.0.1:${tls}`, ws: `ws://127.0.0.1:${ws}` })
}
