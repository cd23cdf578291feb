/** A wall clock that stands in for the real one: it stands still until it is moved, and the timers set by it fire then. */
export interface WallClock {
  /** Moves on, and runs all timers that come due on the way, at most 10,000 of them. */
  advance(milliseconds: number): void
  /** The real clock again. Timers that are left are forgotten. */
  restore(): void
}

interface Timer {
  at: number
  readonly every: number | undefined
  readonly work: () => void
}

const FIRINGS = 10_000
const patched = ['Date', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'clearImmediate'] as const

/** Replaces `Date`, `performance.now` and the global timers of this thread. Restore it before anything else is waited for than promises that are already settled. */
export function wallClock(start: number): WallClock {
  const world = globalThis as unknown as Record<string, unknown>
  const real = Object.fromEntries(patched.map((name) => [name, world[name]]))
  const realNow = Object.getOwnPropertyDescriptor(performance, 'now')
  const RealDate = Date
  const timers = new Set<Timer>()
  let now = start

  const set = (every: boolean) => (work: (...args: readonly unknown[]) => void, delay?: number, ...args: readonly unknown[]): unknown => {
    const wait = Math.max(1, delay ?? 0)
    const timer = { at: now + wait, every: every ? wait : undefined, work: () => { work(...args) }, ref: () => timer, unref: () => timer, hasRef: () => true }
    timers.add(timer)
    return timer
  }
  const clear = (timer: unknown): void => {
    timers.delete(timer as Timer)
  }

  Object.assign(world, {
    Date: new Proxy(RealDate, {
      construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now] : args, newTarget) as Date,
      apply: () => new RealDate(now).toString(),
      get: (target, property) => (property === 'now' ? () => now : (Reflect.get(target, property) as unknown)),
    }),
    setTimeout: set(false),
    clearTimeout: clear,
    setInterval: set(true),
    clearInterval: clear,
    setImmediate: (work: () => void, ...args: readonly unknown[]) => set(false)(work, 0, ...args),
    clearImmediate: clear,
  })
  Object.defineProperty(performance, 'now', { configurable: true, writable: true, value: () => now - start })

  return {
    advance: (milliseconds) => {
      const to = now + milliseconds
      for (let fired = 0; fired < FIRINGS; fired++) {
        let next: Timer | undefined
        for (const timer of timers) if (timer.at <= to && (next === undefined || timer.at < next.at)) next = timer
        if (next === undefined) break
        now = next.at
        if (next.every === undefined) timers.delete(next)
        else next.at += next.every
        next.work()
      }
      now = to
    },
    restore: () => {
      Object.assign(world, real)
      if (realNow === undefined) delete (performance as { now?: unknown }).now
      else Object.defineProperty(performance, 'now', realNow)
    },
  }
}
