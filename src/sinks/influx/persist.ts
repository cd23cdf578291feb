import { describeFailure, failureOf } from '../../net/failure.js'
import type { Answer } from './connection.js'

export interface InfluxStatus {
  /** `waiting`: what was sent is not stored, and is sent again. `back`: the server takes it again. */
  readonly state: 'waiting' | 'back'
  /** Wall clock, epoch milliseconds: when the first attempt failed. */
  readonly since: number
  /** How many attempts have failed. */
  readonly attempts: number
  /** In one line: since when, for what, and why. */
  readonly text: string
  /** How the last attempt failed; of `back`, empty. */
  readonly why: string
}

export interface Patience {
  /** Of the server, for messages. */
  readonly url: string
  /** Milliseconds for one attempt. */
  readonly timeout: number
  /** Aborted: a server that is away is waited for no longer; an attempt that is the first of its kind is still finished. */
  readonly stop: AbortSignal | undefined
  /** Aborted: all is broken off. */
  readonly closed: AbortSignal
  readonly onStatus: (status: InfluxStatus) => void
}

const FIRST_WAIT = 100
const LONGEST_WAIT = 10_000

/**
 * Asks until there is an answer that asking again would not change: for ever where there is no connection, an attempt takes too long, or the server answers 408, 429 or 5xx.
 * Waits twice as long each time, from 0.1 to 10 seconds, less a random part of up to a half; and never less than the server asks for.
 *
 * @param what what is asked for, as in 'has not taken 12 lines'
 * @throws where it is told to stop or is closed before that, and at once where the certificate or the kind of connection is wrong
 */
export async function persist(what: string, attempt: (signal: AbortSignal) => Promise<Answer>, { url, timeout, stop, closed, onStatus }: Patience): Promise<Answer> {
  let since = NaN
  const isOver = (): boolean => stop?.aborted === true || closed.aborted
  for (let attempts = 0; ;) {
    let reason: string
    let asked = 0
    try {
      const answer = await within(timeout, attempts > 0 ? [closed, stop] : [closed], attempt)
      if (!isPassing(answer.status)) {
        if (attempts > 0) onStatus({ state: 'back', since, attempts, why: '', text: `influx sink: ${url} is back after ${((Date.now() - since) / 1_000).toFixed(1)} s` })
        return answer
      }
      reason = `it answers ${answer.status}${answer.message === '' ? '' : `: ${answer.message}`}`
      asked = answer.retryAfter ?? 0
    } catch (error) {
      const failure = failureOf(error)
      if (failure !== undefined && failure !== 'unknown-host') throw new Error(`influx sink: ${describeFailure(failure, { at: url, ca: "'ca' (MOTORWATCH_INFLUX_CA_FILE)", tls: "the s of https:// in 'url' (MOTORWATCH_INFLUX_URL)" })}`, { cause: error })
      reason = reasonOf(error)
    }
    attempts += 1
    if (attempts === 1) since = Date.now()
    const missed = `${url} has not ${what} since ${new Date(since).toISOString()} (${reason})`
    const givenUp = (): Error => new Error(`influx sink: ${missed}; it was told to wait no longer, and what is not stored is written again by a run from the last checkpoint`)
    if (isOver()) throw givenUp()
    onStatus({ state: 'waiting', since, attempts, why: reason, text: `influx sink: waiting: ${missed}` })
    const backOff = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (attempts - 1))
    await pause(Math.max(asked, backOff * (1 - Math.random() / 2)), [closed, stop])
    if (isOver()) throw givenUp()
  }
}

const isPassing = (status: number): boolean => status === 408 || status === 429 || status >= 500

/** In our own words where Node's or the client's would not help. */
const reasonOf = (error: unknown): string => {
  const { message, code, errors } = error as { readonly message?: string; readonly code?: string; readonly errors?: readonly Error[] }
  return message !== undefined && message !== '' ? message : errors?.[0]?.message ?? code ?? String(error)
}

/** Runs with a signal that is aborted after `timeout`, or with one of `signals`. */
async function within<T>(timeout: number, signals: readonly (AbortSignal | undefined)[], work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  let late = false
  const timer = setTimeout(() => {
    late = true
    controller.abort()
  }, timeout)
  const release = onAbort(signals, () => controller.abort())
  try {
    return await work(controller.signal)
  } catch (error) {
    throw late ? new Error(`no answer within ${timeout / 1_000} s`, { cause: error }) : error
  } finally {
    clearTimeout(timer)
    release()
  }
}

const LONGEST_TIMER = 2 ** 31 - 1

/** Resolves after so many milliseconds, or as soon as one of the signals is aborted. */
function pause(time: number, signals: readonly (AbortSignal | undefined)[]): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      release()
      resolve()
    }
    const timer = setTimeout(end, Math.min(time, LONGEST_TIMER))
    const release = onAbort(signals, end)
  })
}

/** Listens to the signals; returns what ends that. Nothing stays on a signal that outlives many calls. */
function onAbort(signals: readonly (AbortSignal | undefined)[], listener: () => void): () => void {
  for (const signal of signals) {
    if (signal?.aborted === true) queueMicrotask(listener)
    signal?.addEventListener('abort', listener)
  }
  return () => {
    for (const signal of signals) signal?.removeEventListener('abort', listener)
  }
}
