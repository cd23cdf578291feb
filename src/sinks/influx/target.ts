import type { Answer } from './connection.js'

/** Where points go, for messages. Its token is not here: no message may hold it. */
export interface Target {
  readonly url: string
  readonly org: string
  readonly bucket: string
}

/** Why the server takes nothing at all from us: which option is wrong, and what to do. */
export function wrongTarget({ url, org, bucket }: Target, { status, message }: Answer): Error {
  const said = `${status}${message === '' ? '' : ` ${message}`}`
  const why = (what: string): Error => new Error(`influx sink: ${what} (${url} answers ${said})`)
  if (status === 401) return why(`the token is not valid there: make one that may write to the bucket '${bucket}' (influx auth create --org ${org} --write-bucket <id>), and give it as 'token'`)
  if (status === 403) return why(`the token may not write to the bucket '${bucket}' of the org '${org}': give it that right, or use another one`)
  if (status === 404 && /\borg/i.test(message)) return why(`there is no org '${org}', or the token is not of it: give the name as 'influx org list' shows it`)
  if (status === 404 && /\bbucket\b/i.test(message)) {
    return why(`there is no bucket '${bucket}' in the org '${org}', or the token may not see it: make it (influx bucket create --org ${org} --name ${bucket}), or have it made by 'create: { retention }'`)
  }
  return why(`that is no answer of InfluxDB 2 to a write, which is 204: look whether 'url' is that of the server itself, without a path, and whether a proxy is between`)
}
