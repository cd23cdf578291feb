import { describeSilence } from '../net/failure.js'
import { s3 } from './s3.js'
import type { Use } from './s3-error.js'
import type { S3Options } from './s3-options.js'

/**
 * Opens the bucket once, as the sinks do, for a program that wants to know before it begins: a server that does not answer within so many milliseconds (left out: 2,500) is an error here, and not waited for.
 * Rejects in one line that says which of address, certificate, key or bucket is wrong. `use: 'read'` is for a program that writes nothing: the advice is for that then.
 */
export async function checkS3(options: S3Options, { within = 2_500, use = 'write' }: { readonly within?: number, readonly use?: Use } = {}): Promise<void> {
  const signal = AbortSignal.timeout(within)
  let why = `nothing within ${within / 1_000} s`
  const store = s3('s3', { ...options, signal, onWaiting: (waiting) => { why = waiting?.why ?? why } }, use)
  try {
    await Promise.race([store.open(), new Promise((_, reject) => { signal.addEventListener('abort', () => { reject(new Error('too late')) }) })])
  } catch (error) {
    if (!signal.aborted) throw error
    const url = store.name.slice(0, store.name.indexOf('/', 'https://'.length))
    throw new Error(describeSilence('s3', url, why), { cause: error })
  } finally {
    await store.close?.()
  }
}
