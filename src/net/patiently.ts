import { setTimeout as sleep } from 'node:timers/promises'
import type { Waiting } from './waiting.js'

/** What is to be done about an error of a request: try again, or tell somebody. */
export interface Diagnosis {
  /** It may go away by itself. */
  readonly passing: boolean
  /** One line without any secret. */
  readonly message: string
}

export interface Patience {
  readonly server: string
  readonly diagnose: (error: unknown) => Diagnosis
  /** Aborted: what waits rejects. */
  readonly signal: AbortSignal
  /** Called after each attempt that failed in passing, and with undefined as soon as one succeeds after that. */
  readonly onWaiting: (waiting: Waiting | undefined) => void
}

const FIRST = 100
const LONGEST = 10_000

/**
 * Does it until it succeeds, with pauses that double from 0.1 to 10 s, half of each by chance. Rejects at once, in one line that begins with `doing`, when what fails will not mend itself,
 * and when the signal is aborted while it waits; where it has been already, one attempt is made: a stop saves. So `attempt` must be such that doing it twice does no harm.
 */
export async function patiently<R>(doing: string, attempt: () => Promise<R>, { server, diagnose, signal, onWaiting }: Patience): Promise<R> {
  let waiting: Waiting | undefined
  for (let pause = FIRST; ; pause = Math.min(2 * pause, LONGEST)) {
    if (signal.aborted && waiting !== undefined) throw stopped(doing, waiting)
    try {
      const result = await attempt()
      if (waiting !== undefined) onWaiting(undefined)
      return result
    } catch (error) {
      const { passing, message } = diagnose(error)
      if (!passing) {
        if (waiting !== undefined) onWaiting(undefined)
        throw new Error(`${doing}: ${message}`, { cause: error })
      }
      waiting = { server, since: waiting?.since ?? Date.now(), attempts: (waiting?.attempts ?? 0) + 1, why: message }
      onWaiting(waiting)
      await sleep(pause * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined) // told to stop
    }
  }
}

const stopped = (doing: string, { server, why }: Waiting): Error => new Error(`${doing}: not done, because it was told to stop while it waited for ${server} (${why})`)
