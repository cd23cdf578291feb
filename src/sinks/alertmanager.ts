import type { Alarm, Item, Sink } from '../model/index.js'
import type { Waiting } from '../net/waiting.js'
import { duration } from '../time/duration.js'
import type { Duration } from '../time/duration.js'
import { alerts } from './alertmanager/alerts.js'
import type { Alert } from './alertmanager/alerts.js'
import { beside } from './notify/beside.js'
import { catchingUp } from './notify/catching-up.js'
import { describePost, httpUrl, post } from './notify/post.js'
import { Refused } from './notify/refused.js'

export type { Waiting } from '../net/waiting.js'

export interface AlertmanagerSinkOptions {
  /** Of Alertmanager, with its path prefix where it has one: `http://localhost:9093`. */
  readonly url: string
  /** Labels that every alert has beside its own, such as the site. */
  readonly labels?: Readonly<Record<string, string>>
  /** The address of the live page, which the alerts lead to. */
  readonly page?: string
  /** How often all that stands is posted; left out: every minute. What has changed is posted at once. */
  readonly every?: Duration
  /** How long Alertmanager is to believe what was posted, where nothing more comes: then it takes the alert for resolved. Left out: 1 hour. */
  readonly validFor?: Duration
  /** What was raised longer ago by the wall clock, and has not been posted, is posted when the pipeline has caught up, if it stands then; left out: at once, whatever its age. */
  readonly maxAge?: Duration
  /** The certificate of an authority of one's own, in PEM: then it alone is trusted. */
  readonly ca?: string
  /** Told at each attempt that fails in passing, and with undefined when it is back. Left out: a warning when it begins. */
  readonly onWaiting?: (waiting: Waiting | undefined) => void
  /** Told why Alertmanager refuses alerts. Left out: a warning. */
  readonly onRefused?: (why: string) => void
}

interface AlertmanagerState {
  readonly version: 1
  readonly alerts: readonly Alert[]
}

/** As Prometheus does: an Alertmanager that was killed in between hears of it again. */
const ENDED_FOR = 15 * 60_000
/** After a restart what a checkpoint holds may be over: that is read again first. */
const SETTLE = 5_000
const PIECE = 500
const LABEL = /^[a-zA-Z_]\w*$/
const OWN = ['alertname', 'machine', 'severity', 'class']

/**
 * Tells Prometheus's Alertmanager (its v2 interface) of alarms, and leaves grouping, inhibition, silences and repeats to it.
 *
 * The labels are `alertname` (the rule), `machine`, `severity`, `class` and those of `labels`, and nothing that changes while an alarm stands: so the fingerprint is the same after every restart and replay.
 * What changes is in the annotations: `summary`, `occurrence`, `status`, and where it has them `sensor`, `value`, `limit`, `unit`, `clears`, `level`, `why`. An alarm that escalates to another severity is one more alert, and all of them end with it.
 *
 * What changes is posted at once, and all that stands every minute; what has ended, with its `endsAt`, for 15 minutes. So an Alertmanager that has lost its data is told again of all that stands.
 * Posting again changes nothing there, so nothing has to be remembered of what was posted. 5 seconds after a restart what stood at the checkpoint is posted, when it was read on from there.
 * `write` never waits for Alertmanager. What is raised and over while it does not answer is told as resolved, of which it says nothing to anybody. `save` is what stands and what has ended since; `open(saved)` goes on from it.
 *
 * What is older than `maxAge` and over when the pipeline has caught up was never posted as firing, so nobody is told of it.
 *
 * Throws a `RangeError` for an address that is none, labels that Alertmanager would refuse, and a `validFor` that is less than two posts long.
 *
 * @example
 * alertmanagerSink({ url: 'http://localhost:9093', labels: { site: 'Lyon' }, page: 'https://motors.example.com/' })
 */
export function alertmanagerSink<T extends Item = Item>(options: AlertmanagerSinkOptions): Sink<T> {
  const { labels = {}, page, ca, onWaiting } = options
  const base = httpUrl('alertmanager', options.url)
  const url = new URL(`${base.pathname.replace(/\/$/, '')}/api/v2/alerts`, base)
  const name = `alertmanager:${url.host}`
  const { onRefused = (why: string) => { process.emitWarning(`${name}: alerts are refused: ${why}`) } } = options
  const [every, validFor] = [duration(options.every ?? '1m'), duration(options.validFor ?? '1h')]
  for (const label of Object.keys(labels)) if (!LABEL.test(label) || OWN.includes(label)) throw new RangeError(`alertmanager: labels.${label}: expected a name of letters, digits and _ that is none of ${OWN.join(', ')}`)
  if (!(every > 0) || validFor < 2 * every) throw new RangeError(`alertmanager: every is ${every} ms and validFor ${validFor} ms; expected validFor to be twice as long at least, and every above 0`)

  const known = alerts()
  const past = catchingUp(options.maxAge)
  /** Of the wall clock: when something, and when all, may be posted next. */
  let [from, allAt] = [0, 0]
  /** Whoever did not answer may have been started anew: then all is posted. */
  let failed = false

  const wire = ({ alarm, severity, startsAt, end }: Alert, now: number): object => {
    const { rule, machine, class: of, message, occurrence, status, sensor, value, limit, unit, clears, level, why } = alarm
    const measured = (number: number): string | undefined => (Number.isNaN(number) ? undefined : String(number))
    const annotations = { summary: message, occurrence, status, sensor, value: measured(value), limit: measured(limit), unit, clears, level, why }
    return {
      labels: { ...labels, alertname: rule, machine, severity, class: of },
      annotations: Object.fromEntries(Object.entries(annotations).filter(([, text]) => text !== undefined)),
      startsAt: new Date(startsAt).toISOString(),
      endsAt: new Date(end === undefined ? Math.max(now, startsAt) + validFor : Math.max(Math.min(end.time, now), startsAt)).toISOString(),
      ...(page === undefined ? {} : { generatorURL: page }),
    }
  }

  const isFree = (alert: Alert, now: number): boolean => alert.end !== undefined || known.wasPosted(alert) || past.heldUntil(alert.alarm.time, now) <= now

  const tell = async (signal: AbortSignal): Promise<void> => {
    const now = Date.now()
    const whole = failed || now >= allAt
    const due = (whole ? known.all() : known.changed()).filter((alert) => isFree(alert, now))
    failed = true
    for (let i = 0; i < due.length; i += PIECE) {
      const piece = due.slice(i, i + PIECE)
      try {
        await post(url, { body: JSON.stringify(piece.map((alert) => wire(alert, now))), headers: {}, ca, signal })
      } catch (error) {
        if (!(error instanceof Refused)) throw error
        onRefused(error.message)
      }
      known.posted(piece, now - ENDED_FOR)
    }
    failed = false
    if (whole) allAt = now + every
  }

  const work = beside({
    name, server: `alertmanager ${url.host}`, describe: (error) => describePost(error, url, '`ca` (MOTORWATCH_ALERTMANAGER_CA_FILE)'), onWaiting, clock: Date.now,
    next(ending) {
      if (ending) past.end()
      const now = Date.now()
      const changed = known.changed().some((alert) => isFree(alert, now))
      if (ending) return changed ? tell : Infinity
      const at = Math.max(from, changed ? 0 : allAt)
      return at <= now ? tell : at
    },
  })

  return {
    name,
    async open(saved) {
      known.restore(saved === undefined ? [] : asState(saved, name).alerts)
      past.begin(Date.now())
      ;[from, allAt] = [saved === undefined ? 0 : Date.now() + SETTLE, 0]
      work.open()
    },
    async write(items) {
      past.heard(items, Date.now())
      for (const item of items) if (item.kind === 'alarm') known.take(item as unknown as Alarm, Date.now())
      work.poke()
    },
    save: async (): Promise<AlertmanagerState> => ({ version: 1, alerts: known.save() }),
    close: (completed) => work.close(completed),
  }
}

function asState(saved: unknown, name: string): AlertmanagerState {
  const { version, alerts } = (saved ?? {}) as Partial<AlertmanagerState>
  if (version === 1 && Array.isArray(alerts)) return saved as AlertmanagerState
  throw new Error(`${name}: cannot resume: the saved state is ${JSON.stringify(saved)?.slice(0, 100)}; expected what \`save\` of version 1 returned`)
}
