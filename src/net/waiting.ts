/** Something cannot go on because a server does not answer. */
export interface Waiting {
  /** What is waited for: `s3 http://localhost:9000`. */
  readonly server: string
  /** Of the wall clock, in epoch milliseconds. */
  readonly since: number
  /** Attempts that have failed since. */
  readonly attempts: number
  /** One line: how the last one failed. */
  readonly why: string
}

/** One line for people: `waiting for s3 http://localhost:9000 since 2026-01-05T06:00:00Z (3 attempts): connect ECONNREFUSED 127.0.0.1:9000`. */
export const describeWaiting = ({ server, since, attempts, why }: Waiting): string =>
  `waiting for ${server} since ${new Date(since).toISOString().replace(/\.\d+Z$/, 'Z')} (${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}): ${why}`
