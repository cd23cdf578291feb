import * as E from 'fp-ts/lib/Either.js'
import type { OperatorFunction, SchedulerLike } from 'rxjs'
import type { Reading, Rules } from '../model/index.js'
import { judge, readRules, signalText, unitOf } from '../rules/index.js'
import type { Condition, Frame, JudgeOptions, Judgement, Machine, Rule } from '../rules/index.js'
import { asBuilt, exchangeRules } from '../rules/exchange.js'
import type { RuleInForce } from '../rules/exchange.js'
import { duration } from '../time/index.js'
import type { Duration } from '../time/index.js'
import type { Behaviour } from './behaviour.js'
import { before, carried } from './carried.js'
import type { Built } from './carried.js'
import { fractionLeft, fractionOfLimit, wayTo } from './headroom.js'
import type { Comparison, Way } from './headroom.js'
import { hear, hearTwins, staleness } from './hear.js'
import { keyed } from './keyed.js'
import { signature } from './signature.js'

/** How a machine stands: the limit that it is nearest to, and when it will be there if this goes on. */
export interface Outlook {
  readonly kind: 'outlook'
  /** Epoch milliseconds. */
  readonly time: number
  readonly machine: string
  /** The signal that is nearest to its limit; absent where all are unknown. */
  readonly nearest?: {
    readonly rule: string
    readonly signal: string
    readonly value: number
    readonly limit: number
    readonly unit?: string
    /** What is left of the way to the limit: 1 at the beginning of the way, 0 at the limit, negative beyond. */
    readonly headroom: number
    /** Where the way begins. `normal`: at what is normal for the machine. `limit`: that is not known, and the way is as long as the limit is large, or half the range between two limits. */
    readonly of: 'normal' | 'limit'
    /** Milliseconds until the limit is reached, on the lesser of a shorter and a longer trend of the last minutes; absent at the limit and beyond, where it leads away, and where it is more than an hour off. */
    readonly reachedIn?: number
    /** It is beyond its limit, and the delays of its rule are not over: no alarm yet. */
    readonly pending?: true
    /** Milliseconds until the alarm is raised if this goes on: `reachedIn`, or none beyond the limit, and what is left of the delays, which are counted from when it was first found beyond. Absent where neither is known. */
    readonly firesIn?: number
  }
}

export interface OutlookOptions extends JudgeOptions {
  /** Left out: 5 seconds. */
  readonly every?: Duration
  /** A sensor's last value is unknown after this long; left out: 1 minute. */
  readonly stale?: Duration
  /** What sensors show when all is well, by sensor, on machines that do not say it themselves (`normal` in the register). */
  readonly normal?: Readonly<Record<string, number>>
}

interface OutlookState extends Frame {
  wakeAt: number
  staleAt: number
  /** Per limit: the smoothed margin (NaN: none yet), and its change in a millisecond, over a shorter and a longer time. */
  readonly level: number[]
  readonly short: number[]
  readonly long: number[]
  /** Per limit: when it was first found beyond it; NaN: it is not. */
  readonly beyond: number[]
  heard: boolean
}

interface Watched {
  readonly rule: Rule
  readonly leaf: Comparison
  /** Of the rule and of what the leaf stands in. */
  readonly delay: number
  readonly judgement: Judgement
}

const HOUR = 3_600_000
const LEVEL = 30_000
const SHORT = 45_000
const LONG = 180_000

/** See `outlook`. */
export function outlookBehaviour(rules: readonly Rule[], options: OutlookOptions = {}): OutlookBehaviour {
  return outlookInForce(asBuilt(rules), options, signature(rules)).behaviour
}

type OutlookBehaviour = Behaviour<Reading | Rules, Outlook, OutlookState>

interface OutlookBuilt extends Built {
  /** Where each rule's limits stand among all. */
  readonly limits: readonly (readonly [from: number, to: number])[]
}

/** @param version that of the rules from the start, whatever has become of them */
function outlookInForce(inForce: readonly RuleInForce[], options: OutlookOptions, version: number): { readonly behaviour: OutlookBehaviour; readonly built: OutlookBuilt } {
  const every = duration(options.every ?? '5s')
  const stale = duration(options.stale ?? '1m')
  const judged = judge(stale, options)
  const { sensors, add, frame } = judged
  const watched: Watched[] = []
  const memory: (readonly number[])[] = []
  const limits: (readonly [from: number, to: number])[] = []
  for (const { rule, birth } of inForce) {
    const first = watched.length
    judged.apart()
    for (const { leaf, delay } of comparisons(rule.when, duration(rule.onDelay ?? 0))) watched.push({ rule, leaf, delay, judgement: add(leaf, birth) })
    memory.push(judged.taken)
    limits.push([first, watched.length])
  }
  const built: OutlookBuilt = { judged, inForce, memory, limits }
  const waysOf = (machine?: Machine): readonly (Way | undefined)[] => {
    const values = new Map(Object.entries({ ...options.normal, ...machine?.normal }))
    return values.size === 0 ? [] : watched.map(({ leaf }) => wayTo(leaf, { values, machine }))
  }
  const ways = new Map([...(options.machines?.values() ?? [])].map((machine) => [machine.id, waysOf(machine)]))
  const otherWays = waysOf()
  const [a, b, c] = [LEVEL, SHORT, LONG].map((time) => 1 - Math.exp(-every / time)) as [number, number, number]

  const nearest = (state: OutlookState, now: number): Outlook['nearest'] => {
    let found: Outlook['nearest']
    const known = ways.get(state.machine) ?? otherWays
    for (const [i, { rule, leaf, delay, judgement }] of watched.entries()) {
      if (rule.machines?.includes(state.machine) === false) continue
      judgement.judge(state, now)
      const margin = judgement.margin
      if (Number.isNaN(margin)) {
        state.level[i] = state.beyond[i] = NaN
        continue
      }
      const before = state.level[i]!
      const level = Number.isNaN(before) ? margin : before + a * (margin - before)
      const change = Number.isNaN(before) ? 0 : (level - before) / every
      state.short[i] = Number.isNaN(before) ? 0 : state.short[i]! + b * (change - state.short[i]!)
      state.long[i] = Number.isNaN(before) ? 0 : state.long[i]! + c * (change - state.long[i]!)
      state.level[i] = level
      if (judgement.truth !== 1) state.beyond[i] = NaN
      else if (Number.isNaN(state.beyond[i])) state.beyond[i] = now
      const deciding = judgement.deciding()
      const { value, limit } = deciding
      const way = known[i]
      const headroom = way === undefined ? fractionOfLimit(leaf, margin, deciding) : fractionLeft(way, margin, value)
      if (found !== undefined && found.headroom <= headroom) continue
      const reachedIn = headroom > 0 ? (0 - level) / Math.min(state.short[i], state.long[i]) : NaN
      const coming = reachedIn > 0 && reachedIn <= HOUR
      const left = state.beyond[i]! + delay - now
      const unit = unitOf(leaf.signal)
      found = {
        rule: rule.id,
        signal: signalText(leaf.signal),
        value,
        limit,
        ...(unit === undefined ? {} : { unit }),
        headroom,
        of: way === undefined ? 'limit' : 'normal',
        ...(coming ? { reachedIn, firesIn: reachedIn + delay } : {}),
        ...(left > 0 ? { pending: true, firesIn: left } : {}),
      }
    }
    return found
  }

  const carry = (next: OutlookBuilt): ((state: OutlookState, now: number) => OutlookState) => {
    const move = carried(built, next)
    const was = before(built, next)
    return (state, now) => {
      const trend = (of: readonly number[], fresh: number): number[] =>
        was.flatMap((rule, i) => (rule < 0 ? Array.from({ length: next.limits[i]![1] - next.limits[i]![0] }, () => fresh) : of.slice(...limits[rule]!)))
      const { wakeAt, staleAt, level, short, long, beyond, heard } = state
      return { wakeAt, staleAt, level: trend(level, NaN), short: trend(short, 0), long: trend(long, 0), beyond: trend(beyond, NaN), heard, ...move(state, now) }
    }
  }

  const behaviour: OutlookBehaviour = {
    name: 'outlook',
    version,
    exchange: {
      made: inForce,
      make: (made) => outlookInForce(made as readonly RuleInForce[], options, version).behaviour,
      next(item) {
        if (item.kind !== 'rules') return undefined
        const rules = readRules(item.rules, options.signals)
        if (E.isLeft(rules)) return {}
        const exchange = exchangeRules(inForce, rules.right)
        if (exchange.same) return {}
        const next = outlookInForce(exchange.inForce, options, version)
        return { behaviour: next.behaviour, carry: carry(next.built) }
      },
    },
    start: (machine, now) => ({ wakeAt: Infinity, staleAt: Infinity, level: watched.map(() => NaN), short: watched.map(() => 0), long: watched.map(() => 0), beyond: watched.map(() => NaN), heard: false, ...frame(machine, now) }),
    next(state, reading: Reading, now) {
      const index = sensors.get(reading.sensor)
      if (index === undefined) return
      const { wakeAt } = state
      hear(state, index, reading, now, stale)
      state.heard = true
      state.wakeAt = Math.min(wakeAt, (Math.floor(now / every) + 1) * every)
    },
    wake(state, due, emit) {
      const found = nearest(state, due)
      if (found !== undefined || state.heard) emit({ kind: 'outlook', time: due, machine: state.machine, ...(found === undefined ? {} : { nearest: found }) })
      state.heard = found !== undefined
      state.staleAt = staleness(state, due, stale)
      state.wakeAt = found === undefined ? Math.ceil(state.staleAt / every) * every : due + every
    },
    ...(stale < Infinity && !judged.remembers ? { idle: ({ wakeAt }: OutlookState) => wakeAt === Infinity } : {}),
  }
  return { behaviour: judged.twins.size === 0 ? behaviour : hearTwins(behaviour, judged, stale), built }
}

/**
 * Tells for each machine, every so often (on the grid of the epoch), which of the limits of its rules it is nearest to, and when it gets there on the present trend.
 * What stands under `all` or `not` is left out: it is a part of a condition and no limit by itself. What is beyond a limit has no headroom, whether its alarm is raised yet or not; while its delay runs it is pending. A machine that falls silent is told of once, with nothing known.
 * What is normal is told by the register or by `normal`, and holds for signals that are made of sensors too (a difference, a mean); the limit is then the one that there is at normal. It is unknown for what lives by its past (a rate, a baseline),
 * for a range whose limits are signals, and where normal itself lies beyond the limit: there headroom is a fraction of the limit, and says so by `of`.
 * What is due at a moment comes before the readings of that moment.
 *
 * Other rules (`{ kind: 'rules', ... }`) are followed from their instant on: unchanged ones keep their trend, what is added or changed is unknown until it is heard. A document that is no good is passed over here: `alarms` tells of it.
 *
 * @example
 * outlook([rule({ id: 'hot', when: above('temperature_coil', 100) })], { every: 5, stale: 8 }, time)
 * // in:  a--b---------------|   a: 50, b: 75
 * // out: -----o----o----n---|   o: headroom 0.25 of the limit, n: nothing known
 * @example
 * outlook(rules, { machines: machines({ id: 'M1', normal: { temperature_coil: 65 } }), normal: { vibration_rotor: 1.2 } }, time)
 */
export function outlook(rules: readonly Rule[], options: OutlookOptions = {}, time?: SchedulerLike): OperatorFunction<Reading | Rules, Outlook> {
  return keyed(outlookBehaviour(rules, options), { key: 'machine' }, time)
}

/** The comparisons that are limits by themselves, and how long each must hold. */
function comparisons(condition: Condition, delay: number): readonly Pick<Watched, 'leaf' | 'delay'>[] {
  switch (condition.op) {
    case 'above':
    case 'below':
    case 'atOrAbove':
    case 'atOrBelow':
    case 'outside':
    case 'hysteresis':
      return [{ leaf: condition, delay }]
    case 'any':
      return condition.of.flatMap((part) => comparisons(part, delay))
    case 'heldFor':
      return comparisons(condition.of, delay + duration(condition.for))
    case 'within':
      return comparisons(condition.of, delay)
    default:
      return []
  }
}
