import type { Truth } from '../model/index.js'
import { duration } from '../time/index.js'
import type { Condition } from './condition.js'
import type { Signal } from './signal.js'

/** What a judge keeps of one machine: plain data. Indexes of `values` and `times` are those of the judge's sensors. */
export interface Frame {
  /** NaN: unknown. */
  readonly values: number[]
  readonly times: number[]
  readonly windows: HeldWindow[]
}

/** The last `for` of a condition: its smallest known margins, and when it was last false or unknown. */
interface HeldWindow {
  truth: number
  margin: number
  falseUntil: number
  unknownUntil: number
  /** Ends of the segments that may still be the smallest, and their margins, both rising; the live ones begin at `head`. */
  ends: number[]
  margins: number[]
  head: number
}

/** The comparison that decides a verdict. */
export interface Deciding {
  readonly signal: Signal
  readonly value: number
  readonly limit: number
}

/** One condition, ready to be judged. The results stand in its fields until the next call of `judge`. */
export interface Judgement {
  /** 1 true, 0 false, 2 unknown. */
  truth: number
  /** NaN while unknown. */
  margin: number
  /** When it may turn though no value comes. */
  wakeAt: number
  /** It looks back, so it must be judged whenever a value comes; otherwise it may be left out. */
  readonly lasting: boolean
  judge(frame: Frame, now: number): void
  deciding(): Deciding
}

export const TRUTHS: readonly Truth[] = [false, true, 'unknown']

const FALSE = 0
const TRUE = 1
const UNKNOWN = 2

/** Makes conditions ready to be judged over one shared frame a machine. */
export interface Judge {
  /** The sensors that are read, by their index in the frame. */
  readonly sensors: ReadonlyMap<string, number>
  add(condition: Condition): Judgement
  frame(): Frame
}

/**
 * @param stale milliseconds after which the last value of a sensor is unknown
 */
export function judge(stale: number): Judge {
  const sensors = new Map<string, number>()
  let windows = 0

  const signal = (of: Signal): ((frame: Frame, now: number) => number) => {
    if (typeof of === 'string') {
      const index = sensors.get(of) ?? sensors.size
      sensors.set(of, index)
      return (frame, now) => (frame.times[index]! + stale > now ? frame.values[index]! : NaN)
    }
    switch (of.op) {
      case 'difference': {
        const [a, b] = [signal(of.of[0]), signal(of.of[1])]
        return (frame, now) => a(frame, now) - b(frame, now)
      }
      case 'ratio': {
        const [a, b] = [signal(of.of[0]), signal(of.of[1])]
        return (frame, now) => {
          const value = a(frame, now) / b(frame, now)
          return Number.isFinite(value) ? value : NaN
        }
      }
      case 'sum': {
        const parts = of.of.map(signal)
        return (frame, now) => {
          let total = 0
          for (const part of parts) total += part(frame, now)
          return total
        }
      }
      case 'absolute': {
        const inner = signal(of.of)
        return (frame, now) => Math.abs(inner(frame, now))
      }
      case 'scaled': {
        const inner = signal(of.of)
        const { by } = of
        return (frame, now) => by * inner(frame, now)
      }
    }
  }

  const comparison = (of: Signal, low: number, high: number, wanted: 'outside' | 'inside'): Judgement => {
    const read = signal(of)
    let value = NaN
    const node: Judgement = {
      truth: UNKNOWN,
      margin: NaN,
      wakeAt: Infinity,
      lasting: false,
      judge: (frame, now) => {
        value = read(frame, now)
        const beyond = Math.max(value - high, low - value)
        if (beyond !== beyond) node.truth = UNKNOWN
        else node.truth = beyond > 0 === (wanted === 'outside') ? TRUE : FALSE
        node.margin = wanted === 'outside' ? beyond : 0 - beyond
      },
      deciding: () => ({ signal: of, value, limit: value - high >= low - value ? high : low }),
    }
    return node
  }

  /** `all`, and by De Morgan `any`: `sign` is 1 or -1. */
  const junction = (parts: readonly Judgement[], sign: 1 | -1): Judgement => {
    const decisive = sign === 1 ? FALSE : TRUE
    let decider = parts[0]!
    const node: Judgement = {
      truth: UNKNOWN,
      margin: NaN,
      wakeAt: Infinity,
      lasting: parts.some(({ lasting }) => lasting),
      judge: (frame, now) => {
        let truth = 1 - decisive
        let margin = Infinity
        let wakeAt = Infinity
        for (const part of parts) {
          part.judge(frame, now)
          if (part.wakeAt < wakeAt) wakeAt = part.wakeAt
          if (part.truth === UNKNOWN) {
            if (truth !== decisive) truth = UNKNOWN
            continue
          }
          if (part.truth === decisive) truth = decisive
          if (sign * part.margin < margin) {
            margin = sign * part.margin
            decider = part
          }
        }
        node.truth = truth
        node.margin = truth === UNKNOWN ? NaN : sign * margin
        node.wakeAt = wakeAt
      },
      deciding: () => decider.deciding(),
    }
    return node
  }

  const negation = (of: Judgement): Judgement => {
    const node: Judgement = {
      truth: UNKNOWN,
      margin: NaN,
      wakeAt: Infinity,
      lasting: of.lasting,
      judge: (frame, now) => {
        of.judge(frame, now)
        node.truth = of.truth === UNKNOWN ? UNKNOWN : 1 - of.truth
        node.margin = 0 - of.margin
        node.wakeAt = of.wakeAt
      },
      deciding: () => of.deciding(),
    }
    return node
  }

  const held = (time: number, of: Judgement): Judgement => {
    if (time === 0) return of
    const index = windows++
    const node: Judgement = {
      truth: UNKNOWN,
      margin: NaN,
      wakeAt: Infinity,
      lasting: true,
      judge: (frame, now) => {
        of.judge(frame, now)
        const window = (frame.windows[index] ??= { truth: UNKNOWN, margin: NaN, falseUntil: -Infinity, unknownUntil: now, ends: [], margins: [], head: 0 })
        if (window.truth === FALSE) window.falseUntil = now
        else if (window.truth === UNKNOWN) window.unknownUntil = now
        slide(window, of.truth === UNKNOWN ? NaN : of.margin, now, now - time)
        window.truth = of.truth
        if (of.truth === FALSE || window.falseUntil > now - time) node.truth = FALSE
        else if (of.truth === UNKNOWN || window.unknownUntil > now - time) node.truth = UNKNOWN
        else node.truth = TRUE
        node.margin = node.truth === UNKNOWN ? NaN : window.margins[window.head]!
        node.wakeAt = Math.min(of.wakeAt, after(window.falseUntil + time, now), of.truth === TRUE ? after(window.unknownUntil + time, now) : Infinity)
      },
      deciding: () => of.deciding(),
    }
    return node
  }

  const add = (condition: Condition): Judgement => {
    switch (condition.op) {
      case 'above':
        return comparison(condition.signal, -Infinity, condition.limit, 'outside')
      case 'below':
        return comparison(condition.signal, condition.limit, Infinity, 'outside')
      case 'outside':
      case 'inside':
        return comparison(condition.signal, condition.low, condition.high, condition.op)
      case 'all':
        return junction(condition.of.map(add), 1)
      case 'any':
        return junction(condition.of.map(add), -1)
      case 'not':
        return negation(add(condition.of))
      case 'heldFor':
        return held(duration(condition.for), add(condition.of))
      case 'within':
        return negation(held(duration(condition.for), negation(add(condition.of))))
    }
  }

  return {
    sensors,
    add,
    frame: () => ({ values: new Array<number>(sensors.size).fill(NaN), times: new Array<number>(sensors.size).fill(-Infinity), windows: [] }),
  }
}

function after(at: number, now: number): number {
  return at > now ? at : Infinity
}

/** Ends the last segment at `now`, begins one of this margin (NaN: none), and drops what ended at `from` or before. */
function slide(window: HeldWindow, margin: number, now: number, from: number): void {
  const { ends, margins } = window
  const last = ends.length - 1
  if (last >= window.head && ends[last] === Infinity) {
    if (margins[last] === margin) {
      expire(window, from)
      return
    }
    ends[last] = now
  }
  expire(window, from)
  if (margin !== margin) return
  while (ends.length > window.head && margins[margins.length - 1]! >= margin) {
    ends.pop()
    margins.pop()
  }
  ends.push(Infinity)
  margins.push(margin)
}

function expire(window: HeldWindow, from: number): void {
  const { ends, margins } = window
  while (window.head < ends.length && ends[window.head]! <= from) window.head++
  if (window.head > 16 && window.head * 2 > ends.length) {
    ends.splice(0, window.head)
    margins.splice(0, window.head)
    window.head = 0
  }
}
