import { random } from '../random.js'

/** What is done, to which of what there is, and for how long, in milliseconds. `kill` is SIGKILL, started again after that; `pause` is SIGSTOP; the others are of the network. */
export interface Fault {
  readonly what: 'kill' | 'pause' | 'cut' | 'slow' | 'reset'
  readonly to: 'worker' | 'broker' | 'influx' | 's3'
  /** Which of them; to be taken modulo their number. */
  readonly which: number
  readonly during: number
  /** Until the next one begins. */
  readonly then: number
}

const TARGETS = ['worker', 'worker', 'worker', 'broker', 'broker', 'influx', 's3'] as const
const OTHERS = ['pause', 'pause', 'cut', 'slow', 'reset'] as const

/** So many kills, and half as many pauses and troubles of the network among them; the same for the same seed. Of each kind of server one is killed first, so that a short run has them all. */
export function faults(kills: number, seed: number): readonly Fault[] {
  const next = random(seed)
  const one = <T>(of: readonly T[]): T => of[Math.floor(next() * of.length)]!
  const all: Fault[] = []
  const add = (what: Fault['what'], to: Fault['to']): void => {
    all.push({ what, to, which: Math.floor(next() * 6), during: Math.round(500 + (what === 'slow' ? 4_000 : 5_000) * next()), then: Math.round(500 + 4_000 * next()) })
  }
  for (let kill = 0; kill < kills; kill++) {
    add('kill', (['worker', 'broker', 'influx', 's3'] as const)[kill] ?? one(TARGETS))
    if (kill % 2 === 0) continue
    const what = one(OTHERS)
    add(what, what === 'pause' ? one(TARGETS) : one(['broker', 'influx', 's3'] as const))
  }
  return all
}
