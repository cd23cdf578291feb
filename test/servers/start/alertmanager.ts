import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { provideAlertmanager } from '../provide/alertmanager.js'
import { freePorts } from './free-ports.js'
import type { Server } from './server.js'
import { startServer, temporaryFolder } from './start-server.js'
import { withProperties } from './with-properties.js'

export interface Alertmanager extends Server {
  readonly url: string
}

export interface AlertmanagerOptions {
  /** Left out: it tells nobody. */
  readonly config?: string
  /** How often it writes what it has told; left out: every second. */
  readonly maintenance?: string
}

const TELLS_NOBODY = 'route: { receiver: nobody }\nreceivers: [{ name: nobody }]\n'

/** Its alerts are in memory alone; what it has told is on the disk. */
export async function startAlertmanager({ config = TELLS_NOBODY, maintenance = '1s' }: AlertmanagerOptions = {}): Promise<Alertmanager> {
  const program = await provideAlertmanager()
  const [port] = await freePorts(1)
  const folder = await temporaryFolder('alertmanager')
  const address = `127.0.0.1:${port}`
  const url = `http://${address}`
  await writeFile(join(folder, 'alertmanager.yml'), config)
  const server = await startServer({
    name: 'alertmanager',
    address,
    program,
    args: ['--config.file=alertmanager.yml', '--storage.path=data', `--web.listen-address=${address}`, '--cluster.listen-address=', `--data.maintenance-interval=${maintenance}`],
    folder,
    ready: async () => { if (!(await fetch(`${url}/-/ready`)).ok) throw new Error('/-/ready is refused') },
  })
  return withProperties(server, { url })
}
