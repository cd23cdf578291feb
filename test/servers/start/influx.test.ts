import { describe, expect, test } from 'vitest'
import { killAndRestart, started, stopsWithoutTrace } from '../lifecycle.js'
import { needsToStart } from '../needs.js'
import { startInflux } from './index.js'
import type { Influx } from './index.js'

const influx = await needsToStart('influx')

const post = async (server: Influx, path: string, type: string, body: string): Promise<string> => {
  const answer = await fetch(`${server.url}${path}`, { method: 'POST', headers: { 'authorization': `Token ${server.token}`, 'content-type': type, 'accept': 'application/csv' }, body })
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return answer.text()
}

describe.skipIf(influx.missing)('InfluxDB', () => {
  test('has its points after a kill', async () => {
    const server = await started(startInflux())
    await post(server, `/api/v2/write?org=${server.org}&bucket=${server.bucket}&precision=ms`, 'text/plain', `readings,machine=m1 value=61.5 ${Date.now()}`)
    await killAndRestart(server)
    const read = await post(server, `/api/v2/query?org=${server.org}`, 'application/vnd.flux', `from(bucket: "${server.bucket}") |> range(start: -1h)`)
    expect(read).toMatch(/,61\.5,value,readings,m1/)
    await stopsWithoutTrace(server)
  })
})
