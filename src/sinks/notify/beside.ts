import { patiently } from '../../net/patiently.js'
import { describeWaiting } from '../../net/waiting.js'
import type { Waiting } from '../../net/waiting.js'

export interface BesideOptions {
  readonly name: string
  /** What is waited for, without any secret. */
  readonly server: string
  /** In one line without any secret: why an attempt failed. */
  readonly describe: (error: unknown) => string
  readonly onWaiting: ((waiting: Waiting | undefined) => void) | undefined
  /** How long one attempt may take; left out: 10 seconds. */
  readonly limit?: number | undefined
  /** Of the wall. */
  readonly clock: () => number
  /** When to look again, or what is to be done now: tried again, with what is to be done then, while it rejects. `ending`: only what is left, and at once; Infinity is the end. */
  readonly next: (ending: boolean) => number | ((signal: AbortSignal) => Promise<void>)
}

/** Work beside a pipeline, which never waits for it. */
export interface Beside {
  open(): void
  /** There may be something to do. */
  poke(): void
  /** `ending`: what is left is done first, for 30 s at most; else what is on its way may still arrive, for 2 s. */
  close(ending: boolean): Promise<void>
}

const ATTEMPT = 10_000
const MOMENT = 2_000
const LAST = 30_000
const LONGEST_TIMER = 2 ** 31 - 1

export function beside({ name, server, describe, onWaiting = warn, limit = ATTEMPT, clock, next }: BesideOptions): Beside {
  let stop = new AbortController()
  let [ending, leaving] = [false, false]
  let wake = (): void => undefined
  let working: Promise<void> = Promise.resolve()

  const until = (at: number): Promise<void> => new Promise((resolve) => {
    const timer = at === Infinity ? undefined : setTimeout(resolve, Math.min(Math.max(at - clock(), 0), LONGEST_TIMER))
    wake = () => {
      clearTimeout(timer)
      resolve()
    }
  })

  const attempt = async (): Promise<void> => {
    const what = next(ending)
    if (typeof what === 'function') await what(AbortSignal.any([stop.signal, AbortSignal.timeout(limit)]))
  }

  const work = async (): Promise<void> => {
    while (!leaving) {
      const what = next(ending)
      if (typeof what === 'function') await patiently(name, attempt, { server, diagnose: (error) => ({ passing: true, message: describe(error) }), signal: stop.signal, onWaiting })
      else if (ending && what === Infinity) return
      else await until(what)
    }
  }

  return {
    open() {
      stop = new AbortController()
      ;[ending, leaving] = [false, false]
      working = work().catch((error: unknown) => { if (!stop.signal.aborted) process.emitWarning((error as Error).message) })
    },
    poke: () => { wake() },
    async close(completed) {
      ;[ending, leaving] = [completed, !completed]
      wake()
      const timer = setTimeout(() => { stop.abort() }, completed ? LAST : MOMENT)
      await working
      clearTimeout(timer)
      stop.abort()
    },
  }
}

function warn(waiting: Waiting | undefined): void {
  if (waiting?.attempts === 1) process.emitWarning(describeWaiting(waiting))
}
