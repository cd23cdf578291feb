/** Something that a job cannot go on without for now. */
export interface Wait {
  /** What is waited for: `influx`. */
  readonly for: string
  /** Epoch milliseconds of the wall clock. */
  readonly since: number
  /** In one line. */
  readonly why: string
}

export interface HealthReport {
  readonly state: 'healthy' | 'waiting'
  readonly waits: readonly Wait[]
  /** One line for people: `healthy`, or `waiting for influx since 2026-01-05T06:00:00Z: ...`. */
  readonly text: string
}

export interface Health {
  /** What is waited for, and why in one line; undefined: no longer. */
  waiting(what: string, why: string | undefined): void
  report(): HealthReport
}

/**
 * How a job is: healthy, unless something has told that it waits. Hand `waiting` to what can wait: the `onStatus` of `influxSink`, the `onWaiting` of the S3 sinks.
 *
 * @param onWait told of each first failure and each return
 */
export function health(now: () => number = Date.now, onWait: (what: string, why: string | undefined) => void = () => undefined): Health {
  const waits = new Map<string, Wait>()
  return {
    waiting(what, why) {
      const before = waits.get(what)
      if (why !== undefined) waits.set(what, { for: what, since: before?.since ?? now(), why })
      else if (!waits.delete(what)) return
      if (before === undefined || why === undefined) onWait(what, why)
    },
    report() {
      const all = [...waits.values()]
      const text = all.map(({ for: what, since, why }) => `waiting for ${what} since ${new Date(since).toISOString().replace(/\.\d+Z$/, 'Z')}: ${why}`).join('; ')
      return { state: all.length === 0 ? 'healthy' : 'waiting', waits: all, text: all.length === 0 ? 'healthy' : text }
    },
  }
}
