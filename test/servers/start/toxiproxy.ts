import { provideToxiproxy } from '../provide/toxiproxy.js'
import { freePorts } from './free-ports.js'
import type { Server } from './server.js'
import { startServer, temporaryFolder } from './start-server.js'
import { withProperties } from './with-properties.js'

export interface Toxiproxy extends Server {
  /** Of its own interface, for `toxiproxy-node-client`. */
  readonly url: string
}

/** Its proxies are kept nowhere: they are gone after a restart. */
export async function startToxiproxy(): Promise<Toxiproxy> {
  const program = await provideToxiproxy()
  const [port] = await freePorts(1)
  const address = `127.0.0.1:${port}`
  const url = `http://${address}`
  const server = await startServer({
    name: 'toxiproxy',
    address,
    program,
    args: ['-host', '127.0.0.1', '-port', `${port}`],
    folder: await temporaryFolder('toxiproxy'),
    ready: async () => { if (!(await fetch(`${url}/version`)).ok) throw new Error('/version is refused') },
  })
  return withProperties(server, { url })
}
