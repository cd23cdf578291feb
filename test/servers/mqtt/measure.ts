import { rm } from 'node:fs/promises'
import { connectAsync } from 'mqtt'
import { mqttSource } from 'motorwatch/sources/mqtt'
import { startMosquitto } from '../start/index.js'
import { temporaryFolder } from '../start/start-server.js'

/** How many messages a second go from a broker into the spool and out of it: `node --import tsx test/servers/mqtt/measure.ts`. The broker keeps nothing on its disk, and 20 messages are under way at once, as it comes. */
const COUNT = 20_000
const broker = await startMosquitto({ lines: ['autosave_on_changes false', 'autosave_interval 1800'] })
const spool = await temporaryFolder('measure')
const stop = new AbortController()
let [read, began] = [0, 0]
const reading = mqttSource({ url: broker.url, clientId: 'measure', topics: ['plant/{machine}/{sensor}'], spool }).read(async ({ items }) => {
  read += items.length
  if (read > COUNT) stop.abort()
}, { signal: stop.signal })
const publisher = await connectAsync(broker.url)
for (; read === 0; await new Promise((resolve) => setTimeout(resolve, 50))) await publisher.publishAsync('plant/M1/current', '0', { qos: 1 })
began = performance.now()
await Promise.all(Array.from({ length: COUNT }, (_, i) => publisher.publishAsync(`plant/M${i % 10}/current`, `${i}`, { qos: 1 })))
await reading
process.stdout.write(`${COUNT} messages in ${((performance.now() - began) / 1_000).toFixed(1)} s: ${Math.round(COUNT / (performance.now() - began) * 1_000)} a second\n`)
await publisher.endAsync()
await broker.stop()
await rm(spool, { recursive: true, force: true })
process.exit()
