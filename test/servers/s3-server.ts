import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'

const CACHE = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'motorwatch-servers')

type Kind = 'minio' | 'seaweedfs'

/** Where the servers are, of those that are there: named by an environment variable, or built into the cache. */
export const s3Servers: readonly (readonly [kind: Kind, binary: string])[] = [
  ['minio', process.env['MOTORWATCH_MINIO'] ?? join(CACHE, 'minio-v0.0.0-20260212201848-7aac2a2c5b7c', 'minio')] as const,
  ['seaweedfs', process.env['MOTORWATCH_WEED'] ?? join(CACHE, 'seaweedfs-4.48', 'bin', 'weed')] as const,
].filter(([, binary]) => existsSync(binary))

export interface S3Server {
  readonly endpoint: string
  readonly accessKey: string
  readonly secretKey: string
  /** Sends SIGKILL, SIGSTOP or SIGCONT. */
  kill(signal?: NodeJS.Signals): Promise<void>
  /** Starts it again with the data that it has, and waits until it answers. */
  restart(): Promise<void>
  /** Ends it and removes its data. */
  stop(): Promise<void>
}

/** A real server of one's own on 127.0.0.1. */
export async function startS3(kind: Kind, binary: string): Promise<S3Server> {
  const dir = await mkdtemp(join(tmpdir(), `motorwatch-${kind}-`))
  const ports = await freePorts(8)
  const endpoint = `http://127.0.0.1:${ports[0]}`
  const [accessKey, secretKey] = ['lakeuser', 'lake-secret-123']
  const config = join(dir, 's3.json')
  await writeFile(config, JSON.stringify({ identities: [{ name: 'app', credentials: [{ accessKey, secretKey }], actions: ['Admin', 'Read', 'Write', 'List'] }] }))
  const args = kind === 'minio' ? ['server', join(dir, 'data'), '--address', `127.0.0.1:${ports[0]}`, '--certs-dir', join(dir, 'certs')] : [
    '-logdir', dir, 'server', '-dir', dir, '-s3', '-s3.config', config, '-s3.autoCreateBucket=false', '-ip=127.0.0.1', '-ip.bind=127.0.0.1', '-s3.port.iceberg=0', '-s3.port.lance=0',
    ...['s3.port', 's3.port.grpc', 'master.port', 'master.port.grpc', 'volume.port', 'volume.port.grpc', 'filer.port', 'filer.port.grpc'].map((name, i) => `-${name}=${ports[i]}`),
  ]
  let child: ChildProcess | undefined
  const kill = async (signal: NodeJS.Signals = 'SIGKILL'): Promise<void> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    child.kill(signal)
    if (signal === 'SIGKILL') await once(child, 'exit')
  }
  const restart = async (): Promise<void> => {
    child = spawn(binary, args, { stdio: 'ignore', env: { ...process.env, MINIO_ROOT_USER: accessKey, MINIO_ROOT_PASSWORD: secretKey, MINIO_BROWSER: 'off', MINIO_UPDATE: 'off' } })
    for (let i = 0; ; i++) {
      if (await fetch(endpoint).then(({ status }) => status === 403, () => false)) return
      if (i > 600 || child.exitCode !== null) throw new Error(`${kind} at ${binary} does not answer: see ${dir}`)
      await new Promise(resolve => setTimeout(resolve, 100))
    }
  }
  await restart()
  return {
    endpoint, accessKey, secretKey, kill, restart,
    async stop() {
      await kill()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    return server
  }))
  const ports = servers.map(server => (server.address() as AddressInfo).port)
  await Promise.all(servers.map(server => new Promise(resolve => server.close(resolve))))
  return ports
}
