import type { OperatorFunction, SchedulerLike } from 'rxjs'
import type { Alarm, AlarmCount, AlarmMeasures, Severity } from '../model/index.js'
import { duration } from '../time/index.js'
import type { Duration } from '../time/index.js'
import { alarmPractice } from './alarm-practice.js'
import type { AlarmPractice } from './alarm-practice.js'
import type { Behaviour } from './behaviour.js'
import { nextTurn, turns, wholeNumber } from './burst.js'
import type { Burst } from './burst.js'
import { endsOccurrence } from './occurrence.js'
import type { Key } from './key.js'
import { keyed } from './keyed.js'
import { ruleOnMachine } from './rule-on-machine.js'
import { windowAlignment, windowSize } from './window-alignment.js'
import type { AlignmentOptions } from './window-alignment.js'

export interface AlarmMeasuresOptions extends AlignmentOptions {
  /** What is measured by itself: an area, say. Left out: all alarms together, under the name of `plant`. */
  readonly key?: Key<Alarm>
  /** Left out: an hour. */
  readonly period?: Duration
  /** Numbers that are left out: those of `alarmPractice`. */
  readonly practice?: Partial<AlarmPractice>
  /** Names its state in a checkpoint; left out: `alarmMeasures`. */
  readonly name?: string
}

/** One rule on one machine. */
interface Source {
  readonly machine: string
  readonly rule: string
  raised: number
  chattered: boolean
  /** Its latest raises, as many as it takes to chatter; the newest is last. */
  readonly latest: number[]
}

interface Period {
  start: number
  end: number
  /** Nothing stood and there was no flood when it began. */
  quiet: boolean
  mix: Record<Severity, number>
  most: number
  /** Since when there is a flood, or since the period began, where that is later. */
  floodSince: number
  flood: number
  fleeting: number
  standing: number
}

interface MeasuresState extends Burst, Period {
  wakeAt: number
  readonly key: string
  /** When each occurrence that stands was raised. */
  readonly open: Map<string, number>
  readonly sources: Map<string, Source>
}

const DAY = 86_400_000
const TOP = 10

const severities = ['low', 'medium', 'high', 'critical'] as const

const plant = (): string => 'plant'

/**
 * The measures by which ISA-18.2, IEC 62682 and EEMUA 191 judge how well alarms serve those who answer them, for each period of an hour (`period`) and each key: how many were raised,
 * at what rate and in what priorities, beside the targets; the rules on machines that were raised most; how much of the time there was a flood, as `flood` finds it;
 * and what is a nuisance: chattering, fleeting, standing.
 *
 * A raise counts, and what `cleared` or `closed` says is an end; other transitions are passed by, and so is the end of an occurrence whose raise was not seen.
 * Periods are half-open, `[start, end)`, on the grid of the epoch, or of an `offset` or a `zone`, as those of `tumbling`. Measures go out at the end of the period, before the alarms of that time;
 * when the data end, those of the open period go out as `partial`, at the rate of its time so far.
 * A period has measures where anything was raised or stood in it, or was in flood. What looks back (a flood, the most in 10 minutes, chattering) looks back over the start of the period.
 *
 * It keeps the occurrences that stand, the raises of the last 10 minutes, and a count for each rule on each machine that was raised in the period.
 * Throws a `RangeError` for a period below 1 ms, and for numbers that `flood` or `chattering` would refuse.
 *
 * @example
 * const [on, off] = [reading('m', 'current', 9), reading('m', 'current', 0)]
 * marbles((time) => pipe(alarms([rule({ id: 'high', when: above('current', 5) })], {}, time), via('alarm', alarmMeasures({ period: 10 }, time)), map(({ start, raised, fleeting }) => `${start} ${raised} ${fleeting}`)))
 *   .of('aba--------b---|', { a: on, b: off })
 *   .gives('----------f----(p|)', { f: '0 2 1', p: '10 0 1' })
 */
export function alarmMeasures(options: AlarmMeasuresOptions = {}, time?: SchedulerLike): OperatorFunction<Alarm, AlarmMeasures> {
  const { key = plant, name } = options
  const alignment = windowAlignment(windowSize(options.period ?? '1h', 'period'), options)
  const practice = { ...alarmPractice, ...options.practice }
  const { chattering, flood, targets } = practice
  const chatters = { count: wholeNumber('count', chattering.count, 2), within: duration(chattering.within) }
  const floods = { begins: wholeNumber('above', flood.above, 1) + 1, ends: wholeNumber('below', flood.below, 1, flood.above), within: duration(flood.within) }
  const [fleeting, standing] = [duration(practice.fleeting), duration(practice.standing)]

  const measures = (state: MeasuresState, now: number, status?: 'partial'): AlarmMeasures => {
    const { start, end, mix } = state
    const raised = severities.reduce((sum, each) => sum + mix[each], 0)
    const inFlood = state.flood + (state.on ? now - state.floodSince : 0)
    let stand = state.standing
    for (const raisedAt of state.open.values()) if (now - raisedAt > standing) stand++
    const sources = [...state.sources.values()].filter((source) => source.raised > 0)
    return {
      kind: 'alarm-measures', time: now, key: state.key, start, end, raised,
      perDay: now > start ? (raised * DAY) / (now - start) : NaN,
      most: state.most,
      flood: inFlood / (now - start),
      mix: { low: mix.low / raised, medium: mix.medium / raised, high: mix.high / raised, critical: mix.critical / raised },
      targets,
      top: sources.sort(byRaised).slice(0, TOP).map((source): AlarmCount => ({ machine: source.machine, rule: source.rule, raised: source.raised, share: source.raised / raised })),
      chattering: sources.filter(({ chattered }) => chattered).length,
      fleeting: state.fleeting,
      standing: stand,
      ...(status === undefined ? {} : { status }),
    }
  }

  const raise = (state: MeasuresState, alarm: Alarm, now: number): void => {
    if (state.open.has(alarm.occurrence)) return
    if (state.end === -Infinity) Object.assign(state, period(alignment.start(now), alignment.end(now), true))
    state.open.set(alarm.occurrence, alarm.raisedAt)
    state.mix[alarm.severity]++
    state.times.push(now)
    const text = ruleOnMachine(alarm)
    let source = state.sources.get(text)
    if (source === undefined) state.sources.set(text, (source = { machine: alarm.machine, rule: alarm.rule, raised: 0, chattered: false, latest: [] }))
    source.raised++
    source.latest.push(now)
    if (source.latest.length > chatters.count) source.latest.shift()
    if (source.latest.length === chatters.count && source.latest[0]! + chatters.within > now) source.chattered = true
    state.wakeAt = now
  }

  /** Ends the period that ends now, and begins the next one, where anything of before still counts. */
  const turn = (state: MeasuresState, now: number): void => {
    for (const [text, source] of state.sources) {
      if (source.latest.at(-1)! + chatters.within <= now) state.sources.delete(text)
      else Object.assign(source, { raised: 0, chattered: false })
    }
    const over = state.open.size === 0 && state.times.length === 0 && state.sources.size === 0
    Object.assign(state, over ? none() : period(now, alignment.end(now), state.open.size === 0 && !state.on))
    state.wakeAt = over ? Infinity : Math.min(state.end, nextTurn(state, floods))
  }

  const behaviour: Behaviour<Alarm, AlarmMeasures, MeasuresState> = {
    name: name ?? 'alarmMeasures',
    version: 1,
    start: (text) => ({ wakeAt: Infinity, key: text, open: new Map(), sources: new Map(), times: [], on: false, ...none() }),
    next(state, alarm, now) {
      if (alarm.state === 'raised') return raise(state, alarm, now)
      const raisedAt = state.open.get(alarm.occurrence)
      if (raisedAt === undefined || !endsOccurrence(alarm)) return
      state.open.delete(alarm.occurrence)
      if (alarm.time - raisedAt < fleeting) state.fleeting++
      if (alarm.time - raisedAt > standing) state.standing++
    },
    wake(state, due, emit, closing) {
      if (due === state.end) {
        if (worthTelling(state)) emit(measures(state, due))
        turn(state, due)
        return false
      }
      if (!closing) return true
      if (turns(state, due, floods)) {
        if (state.on) state.floodSince = due
        else state.flood += due - state.floodSince
      }
      if (state.times.at(-1) === due) state.most = Math.max(state.most, state.times.length)
      state.wakeAt = Math.min(state.end, nextTurn(state, floods))
      return false
    },
    end(state, now, emit) {
      if (worthTelling(state)) emit(measures(state, now, 'partial'))
    },
    indifferent: ({ state }) => state !== 'raised',
    idle: ({ end }) => end === -Infinity,
  }
  return keyed(behaviour, { key }, time)
}

const period = (start: number, end: number, quiet: boolean): Period =>
  ({ start, end, quiet, mix: { low: 0, medium: 0, high: 0, critical: 0 }, most: 0, floodSince: start, flood: 0, fleeting: 0, standing: 0 })

const none = (): Period => period(NaN, -Infinity, true)

const worthTelling = ({ quiet, mix }: MeasuresState): boolean => !quiet || severities.some((each) => mix[each] > 0)

const byRaised = (a: Source, b: Source): number => b.raised - a.raised || (a.machine < b.machine ? -1 : a.machine > b.machine ? 1 : a.rule < b.rule ? -1 : 1)
