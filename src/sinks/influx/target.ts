import type { Answer } from './connection.js'

/** Where points go, for messages. Its token is not here: no message may hold it. */
export interface Target {
  readonly url: string
  readonly org: string
  readonly bucket: string
}

/** What it does not find, of 'organization name "x" not found' and 'bucket "x" not found'; names may say anything. */
export function missing({ status, message }: Answer): 'org' | 'bucket' | undefined {
  const words = message.replace(/"[^"]*"/g, '')
  return status !== 404 ? undefined : /\bbucket\b/i.test(words) ? 'bucket' : /\borg/i.test(words) ? 'org' : undefined
}

/** Why the server takes nothing at all from us: which option is wrong, and what to do. */
export function wrongTarget({ url, org, bucket }: Target, answer: Answer): Error {
  const { status, message } = answer
  const said = `${status}${message === '' ? '' : ` ${message}`}`
  const why = (what: string): Error => new Error(`influx sink: ${what} (${url} answers ${said})`)
  if (/HTTP request to an HTTPS server/i.test(message)) return new Error(`influx sink: ${url} speaks TLS only: write https:// in 'url' (MOTORWATCH_INFLUX_URL), with 'ca' (MOTORWATCH_INFLUX_CA_FILE) where its authority is one's own`)
  if (status === 401) return why(`the token is not valid there: make one that may write to the bucket '${bucket}' (influx auth create --org ${org} --write-bucket <id>), and give it as 'token'`)
  if (status === 403) return why(`the token may not write to the bucket '${bucket}' of the org '${org}': give it that right, or use another one`)
  if (missing(answer) === 'org') return why(`there is no org '${org}', or the token is not of it: give the name as 'influx org list' shows it`)
  if (missing(answer) === 'bucket') {
    return why(`there is no bucket '${bucket}' in the org '${org}', or the token may not see it: make it (influx bucket create --org ${org} --name ${bucket}), or have it made by 'create: { retention }'`)
  }
  return why(`that is no answer of InfluxDB 2 to a write, which is 204: look whether 'url' is that of the server itself, without a path, and whether a proxy is between`)
}
