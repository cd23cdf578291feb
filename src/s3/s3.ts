import { Client } from 'minio'
import type { ObjectStore } from '../lake/object-store.js'
import { keptAlive } from '../net/kept-alive.js'
import { patiently } from '../net/patiently.js'
import { diagnose, type Use } from './s3-error.js'
import type { S3Options } from './s3-options.js'
import { transport } from './transport.js'

/** The objects of a bucket below a prefix, from `open` on. Outages are waited for; what will not mend itself rejects at once, in one line. */
export interface S3 extends ObjectStore {
  /** False: there is one of that name already, which stays as it is. */
  putNew(path: string, bytes: Uint8Array): Promise<boolean>
  /** Undefined: there is none. */
  get(path: string): Promise<Uint8Array | undefined>
  /** The names of the folders right below the prefix. */
  folders(): Promise<string[]>
}

const ONE_PUT = 5 * 1024 ** 3

/** `who` begins each message, `use` is for what they advise. Throws a RangeError for options that cannot be. */
export function s3(who: string, options: S3Options, use: Use = 'write'): S3 {
  const { bucket, create = false, signal, onWaiting = () => undefined } = options
  const prefix = prefixOf(who, options.prefix)
  const client = 'client' in options ? options.client : clientOf(who, options)
  const url = urlOf(client)
  let closed = new AbortController()
  let told = closed.signal
  let reached = false

  const attempt = <R>(doing: string, work: () => Promise<R>): Promise<R> => patiently(`${who}: cannot ${doing}`, async () => {
    const result = await work()
    reached = true
    return result
  }, {
    server: `s3 ${url}`,
    diagnose: error => diagnose(error, { url, bucket, use }, { reached }),
    signal: told,
    onWaiting,
  })
  const named = (path: string): string => `'${bucket}/${prefix}${path}'`
  const upload = async (path: string, bytes: Uint8Array, headers: Record<string, string>): Promise<void> => {
    if (bytes.length > client.partSize) throw new Error(`an object of ${bytes.length} bytes does not go up in one piece with a partSize of ${client.partSize}`)
    await client.putObject(bucket, prefix + path, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), bytes.length, { 'Content-Type': 'application/octet-stream', ...headers })
  }

  async function* entries(below: string, delimiter: string): AsyncGenerator<{ readonly key?: string, readonly folder?: string }> {
    for (let token = ''; ;) {
      const page = await attempt(`list ${named(below)}`, () => client.listObjectsV2Query(bucket, prefix + below, token, delimiter, 1_000, ''))
      for (const { name, prefix: folder } of page.objects) {
        if (name !== undefined) yield { key: name }
        else if (folder !== undefined) yield { folder }
      }
      if (!page.isTruncated) return
      token = page.nextContinuationToken
    }
  }

  return {
    name: `${url}/${bucket}/${prefix}`,
    async open() {
      closed = new AbortController()
      told = signal === undefined ? closed.signal : AbortSignal.any([signal, closed.signal])
      await attempt(`open the bucket '${bucket}'`, async () => {
        try {
          await client.listObjectsV2Query(bucket, prefix, '', '/', 1, '')
        } catch (error) {
          if (!create || codeOf(error) !== 'NoSuchBucket') throw error
          await client.makeBucket(bucket, client.region ?? '').catch((error: unknown) => {
            if (!/^BucketAlready/.test(codeOf(error))) throw error
          })
        }
      })
    },
    put: (path, bytes) => attempt(`write ${named(path)}`, () => upload(path, bytes, {})),
    putNew: (path, bytes) => attempt(`write ${named(path)}`, async () => {
      try {
        await upload(path, bytes, { 'If-None-Match': '*' })
        return true
      } catch (error) {
        if (codeOf(error) === 'PreconditionFailed') return false
        throw error
      }
    }),
    get: path => attempt(`read ${named(path)}`, async () => {
      try {
        const chunks: Uint8Array[] = []
        for await (const chunk of await client.getObject(bucket, prefix + path)) chunks.push(chunk as Uint8Array)
        return Buffer.concat(chunks)
      } catch (error) {
        if (codeOf(error) === 'NoSuchKey') return undefined
        throw error
      }
    }),
    async* list(below) {
      for await (const { key } of entries(below, '')) if (key !== undefined) yield key.slice(prefix.length)
    },
    async folders() {
      const names: string[] = []
      for await (const { folder } of entries('', '/')) if (folder !== undefined) names.push(folder.slice(prefix.length, -1))
      return names
    },
    remove: path => attempt(`remove ${named(path)}`, () => client.removeObject(bucket, prefix + path)),
    async close() {
      closed.abort()
    },
  }
}

const codeOf = (error: unknown): string => (error as { readonly code?: string } | undefined)?.code ?? ''

function prefixOf(who: string, prefix = ''): string {
  const path = prefix.replace(/^\/+|\/+$/g, '')
  if (/\/\/|^\.\.?$|(^|\/)\.\.?\//.test(path)) throw new RangeError(`${who}: prefix is '${prefix}'; expected a path such as 'plant-7/lake'`)
  return path === '' ? '' : `${path}/`
}

function clientOf(who: string, options: Exclude<S3Options, { readonly client: Client }>): Client {
  const { endPoint, port, useSSL = true, accessKey, secretKey, sessionToken, region = 'us-east-1', ca, timeout = 30_000 } = options
  if (!(timeout > 0)) throw new RangeError(`${who}: timeout is ${timeout} ms; expected more than 0`)
  try {
    return new Client({
      endPoint, useSSL, accessKey, secretKey, region,
      partSize: ONE_PUT,
      transport: transport(useSSL, timeout),
      transportAgent: keptAlive(useSSL, ca),
      ...(port === undefined ? {} : { port }),
      ...(sessionToken === undefined ? {} : { sessionToken }),
    })
  } catch (error) {
    throw new RangeError(`${who}: ${error instanceof Error ? error.message : String(error)}; expected endPoint as a host without scheme and port, such as 'localhost'`, { cause: error })
  }
}

/** The client knows its address and does not show it by its types. */
function urlOf(client: Client): string {
  const { protocol, host, port } = client as unknown as { readonly protocol: string, readonly host: string, readonly port: number }
  return `${protocol}//${host}:${port}`
}
