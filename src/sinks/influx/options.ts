import type { Item, Rejected, Sink } from '../../model/index.js'
import type { InfluxStatus } from './persist.js'
import type { Point } from './point.js'

export interface InfluxSinkOptions<T extends Item = Item> {
  /** Of the server: `http://localhost:8086`. */
  readonly url: string
  /** It needs the right to write to the bucket, and no other. It is in no message. */
  readonly token: string
  readonly org: string
  readonly bucket: string
  /** Takes the points that the server refuses for good, as `rejected` items. It is for this sink alone, which opens, saves and closes it with itself; do not hand it to `run` too. */
  readonly deadLetters: Sink<Rejected>
  /** Only items of these kinds are written, the others passed over. Absent: all but `reading` and `snapshot`. */
  readonly kinds?: readonly string[]
  /** The points of an item. Absent: `pointsOf`. For kinds, tags and measurements of one's own. */
  readonly points?: (item: T) => readonly Point[]
  /** Makes the bucket where it is not there. `retention`: how long points are kept, in milliseconds, an hour at the least; Infinity: for ever. It needs a token that may make buckets. */
  readonly create?: { readonly retention: number }
  /** The certificate of an authority of one's own, in PEM: then it alone is trusted. */
  readonly ca?: string
  /** How long one request may take, in milliseconds. Default 30,000. */
  readonly timeout?: number
  /** Aborted: a server that is away is waited for no longer, and `write` rejects. Hand the same one to `run`: otherwise a run that is told to stop while the server is away waits until it is back. */
  readonly signal?: AbortSignal
  /** Told each time that an attempt has failed, and once when the server is back. Absent: the first failure and the return are Node's warnings. */
  readonly onStatus?: (status: InfluxStatus) => void
}

const HOUR = 3_600_000

/** The URL as the client needs it. Throws where an option is wrong. */
export function urlOf({ url, token, org, bucket, create, timeout = 1 }: Pick<InfluxSinkOptions, 'url' | 'token' | 'org' | 'bucket' | 'create' | 'timeout'>): string {
  if (!URL.canParse(url)) throw new TypeError('influx sink: url is none; expected one such as http://localhost:8086')
  const { protocol, username, password, origin, pathname } = new URL(url)
  if (username !== '' || password !== '') throw new TypeError('influx sink: url holds a user name or a password; InfluxDB 2 takes a token, as \'token\'')
  if (protocol !== 'http:' && protocol !== 'https:') throw new TypeError(`influx sink: url begins with ${protocol}//; expected http:// or https://`)
  for (const [name, value] of Object.entries({ token, org, bucket })) if (value === '') throw new TypeError(`influx sink: ${name} is empty; is the variable set that it is taken from?`)
  if (/[^\u0021-\u007e]/.test(token)) throw new TypeError('influx sink: token holds a space, a line break or another character that no token has; was it read with its line\'s end?')
  const retention = create?.retention
  if (retention !== undefined && !(retention === Infinity || (retention >= HOUR && retention % 1_000 === 0))) {
    throw new RangeError(`influx sink: create.retention is ${retention} ms; expected whole seconds, an hour (3,600,000) at the least, or Infinity: for ever`)
  }
  if (!(timeout > 0 && timeout < 2 ** 31)) throw new RangeError(`influx sink: timeout is ${timeout} ms; expected more than 0, and at most 24 days`)
  return `${origin}${pathname.replace(/\/+$/, '')}`
}
