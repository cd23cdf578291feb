import { describeSilence } from '../../net/failure.js'
import { ensureBucket } from './bucket.js'
import { connect } from './connection.js'
import { urlOf } from './options.js'
import type { InfluxSinkOptions } from './options.js'

/**
 * Asks the server once what `influxSink` with these options will ask, for a program that wants to know before it begins: a server that does not answer within so many milliseconds (left out: 2,500) is an error here, and not waited for.
 * Rejects in one line that says which of address, certificate, token, org or bucket is wrong.
 */
export async function checkInflux(options: Omit<InfluxSinkOptions, 'deadLetters'>, { within = 2_500 }: { readonly within?: number } = {}): Promise<void> {
  const { token, org, bucket, create, ca } = options
  const url = urlOf(options)
  const stop = AbortSignal.timeout(within)
  let why = `nothing within ${within / 1_000} s`
  try {
    await ensureBucket({ url, org, bucket }, create?.retention, connect({ url, token, ca }), { url, timeout: within, stop, closed: stop, onStatus: (status) => { why = status.why } })
  } catch (error) {
    if (!stop.aborted) throw error
    throw new Error(describeSilence('influx', url, why), { cause: error })
  }
}
