import { get } from 'node:http'
import { inject, test } from 'vitest'
import type { Addresses, ServerName } from './addresses.js'
import type { Provided } from './provide/index.js'
import type { Answer } from './setup.js'

/** Why the server cannot be had, or undefined: for `describe.skipIf(influx.missing)`. */
export interface Needed {
  readonly missing: string | undefined
}

const NOWHERE = 'http://missing.invalid'
const NO_S3 = { endpoint: NOWHERE, accessKey: 'missing', secretKey: 'missing', bucket: 'missing' }

/** Of servers that cannot be had, for what is made of them while tests are gathered, and then skipped. */
const NO_ADDRESSES: Addresses = {
  kafka: { brokers: ['missing.invalid:9092'] },
  influx: { url: NOWHERE, token: 'missing', org: 'missing', bucket: 'missing' },
  minio: NO_S3,
  seaweedfs: NO_S3,
  toxiproxy: { url: NOWHERE },
  mosquitto: { url: NOWHERE },
  alertmanager: { url: NOWHERE },
}

/** Not by `fetch`, which gives up after five minutes: a server may have to be built. */
const ask = <T>(path: string): Promise<Answer<T>> => new Promise((resolve, reject) => {
  get(`${inject('servers')}${path}`, (response) => {
    let text = ''
    response.setEncoding('utf8').on('data', (part: string) => { text += part }).once('end', () => { resolve(JSON.parse(text) as Answer<T>) }).once('error', reject)
  }).once('error', reject)
})

function skipped(name: string, why: string): Needed {
  if (process.env['CI']) throw new Error(`${name} is part of CI, but cannot be had: ${why}`)
  test.skip(`skipped, for ${name} cannot be had: ${why}`)
  return { missing: why }
}

/**
 * A server for all test files of a run, or what the environment names in its place: do not kill it.
 * Called at the top of a test file: `const influx = await needs('influx')`, then `describe.skipIf(influx.missing)(...)`.
 * Where it cannot be had, a skipped test says why, and in CI the file fails.
 */
export async function needs<N extends ServerName>(name: N): Promise<Addresses[N] & Needed> {
  const answer = await ask<Addresses[N]>(`/start/${name}`)
  return 'missing' in answer ? { ...NO_ADDRESSES[name], ...skipped(name, answer.missing) } : { ...answer.value, missing: undefined }
}

/** The same for tests that start one of their own, and may kill it: `const own = await needsToStart('kafka')`, then `startKafka()`. */
export async function needsToStart(name: Provided): Promise<Needed> {
  const answer = await ask<undefined>(`/provide/${name}`)
  return 'missing' in answer ? skipped(name, answer.missing) : { missing: undefined }
}
