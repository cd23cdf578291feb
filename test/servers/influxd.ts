import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Influxd {
  readonly url: string
  /** Of an operator, who may do everything. */
  readonly token: string
  readonly org: string
  readonly orgID: string
  /** Asks the API with the operator's token; rejects where the answer is none of success. */
  api<T>(method: string, path: string, body?: object | string): Promise<T>
  /** The rows of a Flux query's CSV, by column. */
  query(flux: string): Promise<readonly Readonly<Record<string, string>>[]>
  /** `kill -9`, and gone when it resolves. */
  kill(): Promise<void>
  start(): Promise<void>
  /** Ends it and removes its data. */
  remove(): Promise<void>
}

/** A new influxd on a free port of 127.0.0.1, with data of its own, set up with an operator, the org `motor_org` and the bucket `motor_bucket`. */
export async function influxd(binary: string): Promise<Influxd> {
  const dir = await mkdtemp(join(tmpdir(), 'motorwatch-influxd-'))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const token = 'operator-token-of-a-test'
  let child: ChildProcess | undefined
  const fetched = async (method: string, path: string, body?: object | string, headers: Readonly<Record<string, string>> = {}): Promise<string> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Token ${token}`, ...(typeof body === 'object' ? { 'content-type': 'application/json' } : {}), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return text
  }
  const kill = async (): Promise<void> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }
  const start = async (): Promise<void> => {
    child = spawn(binary, [
      '--bolt-path', join(dir, 'influxd.bolt'), '--sqlite-path', join(dir, 'influxd.sqlite'), '--engine-path', join(dir, 'engine'),
      '--http-bind-address', `127.0.0.1:${port}`, '--reporting-disabled', '--log-level', 'error',
    ], { stdio: 'ignore' })
    for (let i = 0; i < 300; i++) {
      if (child.exitCode !== null) throw new Error(`influxd has ended with ${child.exitCode}`)
      if (await fetch(`${url}/health`).then(response => response.ok, () => false)) return
      await sleep(100)
    }
    throw new Error('influxd is not ready after 30 s')
  }
  await start()
  const setup = JSON.parse(await fetched('POST', '/api/v2/setup', { username: 'operator', password: 'a-password', org: 'motor_org', bucket: 'motor_bucket', token })) as
    { readonly org: { readonly id: string } }
  return {
    url,
    token,
    org: 'motor_org',
    orgID: setup.org.id,
    async api<T>(method: string, path: string, body?: object | string) {
      const text = await fetched(method, path, body)
      return (text === '' ? undefined : JSON.parse(text)) as T
    },
    async query(flux) {
      const csv = await fetched('POST', '/api/v2/query?org=motor_org', { query: flux, dialect: { header: true, annotations: [] } }, { accept: 'text/csv' })
      return tables(csv)
    },
    kill,
    start,
    async remove() {
      await kill()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

/** Tables of CSV, each with a header, with an empty line between. */
function tables(csv: string): readonly Readonly<Record<string, string>>[] {
  const rows: Record<string, string>[] = []
  let header: readonly string[] | undefined
  for (const cells of cellsOf(csv)) {
    if (cells.length <= 1) header = undefined
    else if (header === undefined) header = cells
    else {
      const row: Record<string, string> = {}
      for (const [i, name] of header.entries()) Object.defineProperty(row, name, { value: cells[i], enumerable: true })
      rows.push(row)
    }
  }
  return rows
}

function* cellsOf(csv: string): Generator<readonly string[]> {
  let cells: string[] = []
  for (let at = 0; at < csv.length;) {
    let cell = ''
    if (csv[at] === '"') {
      for (at++; csv[at] !== '"' || csv[at + 1] === '"'; at++) {
        if (csv[at] === '"') at++
        cell += csv[at]
      }
      at++
    } else {
      const from = at
      while (at < csv.length && csv[at] !== ',' && csv[at] !== '\r' && csv[at] !== '\n') at++
      cell = csv.slice(from, at)
    }
    cells.push(cell)
    if (csv[at] === ',') at++
    else {
      at += csv[at] === '\r' ? 2 : 1
      yield cells
      cells = []
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
