import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'rxjs'
import type { OperatorFunction, SchedulerLike } from 'rxjs'
import { isOpen, isSilent, stamp, start, step } from '../alarms/index.js'
import type { AlarmEvent, AlarmPolicy, AlarmTransition, LifeCycle } from '../alarms/index.js'
import type { Alarm, Answer, Item, Reading, Rejected, Rules, RulesChanged } from '../model/index.js'
import { heldFor, judge, not, readRules, sensorsOf, unitOf } from '../rules/index.js'
import { clears } from '../rules/clears.js'
import { asBuilt, exchangeRules } from '../rules/exchange.js'
import type { RuleInForce, RulesExchange } from '../rules/exchange.js'
import { message } from '../rules/message.js'
import { conditionsOf, hearsScoresAlone } from '../rules/shape.js'
import type { DetectorPlace, Frame, JudgeOptions, Judgement, Level, Rule } from '../rules/index.js'
import { duration } from '../time/index.js'
import type { Duration } from '../time/index.js'
import { addressed } from './addressed.js'
import type { MachineCommand } from './addressed.js'
import type { Behaviour } from './behaviour.js'
import { before, carried } from './carried.js'
import type { Built } from './carried.js'
import { hear, hearTwins, staleness } from './hear.js'
import { keyed } from './keyed.js'
import { occurrenceOf, readOccurrence } from './occurrence-name.js'
import { signature } from './signature.js'

export interface AlarmsOptions extends JudgeOptions {
  /** A sensor's last value is unknown after this long; left out: 1 minute. `Infinity`: never. */
  readonly stale?: Duration
  /** The longest that an alarm may be shelved; left out: 8 hours. */
  readonly shelveCap?: Duration
  /** Names its state in a checkpoint; left out: `alarms`. */
  readonly name?: string
}

/** What was measured when an alarm was last announced. */
type Told = Pick<Alarm, 'message' | 'sensor' | 'value' | 'limit' | 'unit' | 'since' | 'clears'>

interface AlarmsState extends Frame {
  wakeAt: number
  staleAt: number
  /** Of each rule that was judged: when it may turn though no value comes. */
  due: number[]
  /** NaN: only commands have come for it so far. */
  since: number
  /** Of each rule; null: normal, with nothing to remember. */
  readonly lives: (LifeCycle | null)[]
  readonly told: (Told | null)[]
  /** To be carried out at the end of the instant. */
  commands: MachineCommand[]
}

interface Ready {
  readonly rule: Rule
  readonly policy: AlarmPolicy
  /** See `clears`. */
  readonly clears: string
  readonly raise: Judgement
  readonly clear: Judgement
  /** Without its delay, which may have seen enough to decide when there are no more data. */
  readonly clearNow: Judgement
  readonly levels: readonly { readonly level: Level; readonly judgement: Judgement }[]
  readonly suppressed: Judgement | undefined
  /** Of the sensors that may clear it, their indexes. */
  readonly reads: readonly number[]
  readonly machines: ReadonlySet<string> | undefined
  readonly detectors: readonly DetectorPlace[]
  /** See `hearsScoresAlone`. */
  readonly alone: boolean
}

/** A command that is being carried out. */
interface Asked {
  readonly command: MachineCommand
  meant: number
  readonly reasons: Set<string>
  readonly transitions: string[]
  relearned: boolean
}

/** Who asked for a transition, and why. */
type Because = Pick<Alarm, 'by' | 'why'>

type AlarmsBehaviour = Behaviour<Reading | MachineCommand | Rules, Alarm | Answer | RulesChanged | Rejected, AlarmsState>

const NOTHING_ASKED: readonly Asked[] = []
const RAISED: readonly AlarmTransition['state'][] = ['raised', 'escalated']

/** See `alarms`. */
export function alarmsBehaviour(rules: readonly Rule[], options: AlarmsOptions = {}): AlarmsBehaviour {
  const ids = new Set(rules.map(({ id }) => id))
  if (ids.size < rules.length) throw new RangeError(`rule ids must differ: ${rules.map(({ id }) => id).join(', ')}`)
  return alarmsInForce(asBuilt(rules), options, signature({ lifeCycle: 2, rules })).behaviour
}

/** @param version that of the rules from the start, whatever has become of them: so a save goes on in a pipeline that is built as it was */
function alarmsInForce(inForce: readonly RuleInForce[], options: AlarmsOptions, version: number): { readonly behaviour: AlarmsBehaviour; readonly built: Built } {
  const stale = duration(options.stale ?? '1m')
  const shelveCap = duration(options.shelveCap ?? '8h')
  if (!(shelveCap > 0 && shelveCap < Infinity)) throw new RangeError(`shelveCap: got ${options.shelveCap}, expected a finite duration above 0`)
  const judged = judge(stale, options)
  const { sensors, add, frame } = judged
  const memory: (readonly number[])[] = []
  const ready = inForce.map(({ rule, birth }): Ready => {
    const before = judged.detectors.length
    judged.apart()
    const condition = rule.clear ?? not(rule.when)
    const clear = add(heldFor(rule.offDelay ?? 0, condition), birth)
    const made: Omit<Ready, 'detectors' | 'alone'> = {
      rule,
      policy: { latched: rule.latched === true, shelveCap },
      clears: clears(rule),
      raise: add(heldFor(rule.onDelay ?? 0, rule.when), birth),
      clear,
      clearNow: duration(rule.offDelay ?? 0) === 0 ? clear : add(condition, birth),
      levels: (rule.levels ?? []).map((level) => ({ level, judgement: add(heldFor(level.onDelay ?? 0, level.when), birth) })),
      suppressed: rule.suppressedBy === undefined ? undefined : add(rule.suppressedBy, birth),
      reads: sensorsOf(condition).map((sensor) => judged.indexOf(sensor, birth)),
      machines: rule.machines === undefined ? undefined : new Set(rule.machines),
    }
    memory.push(judged.taken)
    return { ...made, detectors: judged.detectors.slice(before), alone: conditionsOf(rule).every(hearsScoresAlone) }
  })
  const built: Built = { judged, inForce, memory }

  const known = (state: Frame, sensor: number, now: number): boolean => state.values[sensor] === state.values[sensor] && state.times[sensor]! + stale > now

  const measured = ({ rule, raise, clear, levels, clears }: Ready, machine: string, state: AlarmTransition['state'], reached: number, now: number): Told => {
    const level = reached > 0 ? levels[reached - 1]! : undefined
    const deciding = (state === 'cleared' ? clear : (level?.judgement ?? raise)).deciding()
    const unit = unitOf(deciding.signal)
    const text = level?.level.message ?? rule.message
    return {
      message: message(text === undefined ? rule : { ...rule, message: text }, machine, deciding, state),
      ...(typeof deciding.signal === 'string' ? { sensor: deciding.signal } : {}),
      value: deciding.value,
      limit: deciding.limit,
      ...(unit === undefined ? {} : { unit }),
      since: deciding.since ?? now,
      ...(state === 'cleared' ? {} : { clears }),
    }
  }

  const alarmOf = ({ rule, levels }: Ready, machine: string, transition: AlarmTransition, told: Told, now: number, because: Because | undefined): Alarm => {
    const { state, status, raisedAt, noData, nth, until } = transition
    const level = transition.level > 0 ? levels[transition.level - 1]!.level : undefined
    const why = transition.why ?? because?.why
    const occurrence = occurrenceOf(rule.id, machine, raisedAt)
    const once = state === 'raised' || state === 'cleared'
    return {
      kind: 'alarm',
      id: once ? `${occurrence}/${state}` : `${occurrence}/${state}/${stamp(now)}${nth === 0 ? '' : `.${nth}`}`,
      occurrence,
      time: now,
      machine,
      rule: rule.id,
      state,
      status,
      severity: level?.severity ?? rule.severity,
      class: rule.class,
      ...told,
      raisedAt,
      ...(level === undefined ? {} : { level: level.name }),
      ...(noData ? { noData } : {}),
      ...(because?.by === undefined ? {} : { by: because.by }),
      ...(why === undefined ? {} : { why }),
      ...(until === undefined ? {} : { until }),
    }
  }

  /** One step of the life cycle of rule `i`: tells what has come of it, or gives the reason why it cannot be. */
  const happen = (state: AlarmsState, i: number, event: AlarmEvent, now: number, emit: (out: Alarm) => void, asked?: Asked, because: Because | undefined = asked?.command): string | undefined => {
    const each = ready[i]!
    const done = step(state.lives[i] ?? start(), event, each.policy, now)
    if (E.isLeft(done)) return done.left
    const { life, transitions } = done.right
    for (const transition of transitions) {
      const { state: became, level } = transition
      const fresh = became === 'cleared' || RAISED.includes(became) ? measured(each, state.machine, became, level, now) : undefined
      if (RAISED.includes(became)) state.told[i] = fresh!
      const told = fresh ?? (Number.isNaN(transition.raisedAt) ? undefined : state.told[i]) ?? { message: `${state.machine}: ${each.rule.id} is ${transition.status}`, value: NaN, limit: NaN }
      const alarm = alarmOf(each, state.machine, transition, became === 'data-lost' ? { ...told, message: `${told.message} (no current data)` } : told, now, because)
      asked?.transitions.push(alarm.id)
      emit(alarm)
    }
    state.lives[i] = life
    // an escalation that was not told is what will be announced
    if (event.kind === 'escalate' && transitions.length === 0 && isOpen(life)) state.told[i] = measured(each, state.machine, 'escalated', life.level, now)
    if (!isOpen(life)) state.told[i] = null
    return undefined
  }

  const carryOut = (state: AlarmsState, i: number, asked: Asked, now: number, emit: (out: Alarm) => void): void => {
    const { name, rule, occurrence, until } = asked.command
    const { id } = ready[i]!.rule
    if (rule !== undefined && rule !== id) return
    if (occurrence !== undefined && readOccurrence(occurrence)?.rule !== id) return
    asked.meant++
    if (name === 'relearn') {
      relearn(state, i, asked, now, emit)
      return
    }
    const raisedAt = state.lives[i]?.raisedAt ?? NaN
    const which = occurrence === undefined ? {} : { occurrence: occurrence === occurrenceOf(id, state.machine, raisedAt) ? raisedAt : NaN }
    const event: AlarmEvent = name === 'shelve' ? { kind: name, ...which, ...(until === undefined ? {} : { until }) } : { kind: name, ...which }
    const refused = happen(state, i, event, now, emit, asked)
    if (refused !== undefined) asked.reasons.add(`${id}: ${refused}`)
  }

  /** Forgets what the detectors of rule `i` have learned, and closes what stands under it. */
  const relearn = (state: AlarmsState, i: number, asked: Asked, now: number, emit: (out: Alarm) => void): void => {
    const { rule, detectors } = ready[i]!
    if (detectors.length === 0) {
      asked.reasons.add(`${rule.id}: it has no detector that learns`)
      return
    }
    for (const { places } of detectors) for (const place of places) state.memory[place] = undefined
    state.due[i] = now
    asked.relearned = true
    if (state.lives[i] !== null) happen(state, i, { kind: 'close', reason: 'learned anew' }, now, emit, asked)
  }

  const answer = (command: MachineCommand, time: number, transitions: readonly string[], accepted: boolean, refusal: () => string): Answer => {
    const { machine } = command
    return { kind: 'answer', time, ...(machine === '' ? {} : { machine }), command, accepted, ...(accepted ? {} : { reason: refusal() }), transitions }
  }

  const refusal = ({ command: { machine, rule, occurrence }, meant, reasons }: Asked, strange: boolean): string => {
    if (machine === '') return 'it names no machine, and no occurrence or area that is known'
    if (strange) return `no machine '${machine}' is known`
    if (meant > 0) return [...reasons].join('; ')
    return occurrence === undefined ? `no rule ${rule === undefined ? '' : `'${rule}' `}watches ${machine}` : `'${occurrence}' is no occurrence of a rule that watches ${machine}`
  }

  /** It is not one of `machines`, and nothing is known of it now. */
  const isStrange = ({ machine, times, lives }: AlarmsState, now: number): boolean =>
    machine === '' || (options.machines?.has(machine) === false && !times.some((time) => time + stale > now) && lives.every((life) => life === null))

  /** When a rule that hears scores alone may turn next; now where it may have. Its detectors take the instant. */
  const turnsAt = (state: AlarmsState, i: number, now: number): number => {
    let next = state.due[i] ?? now
    if (next <= now) return now
    for (const { reader } of ready[i]!.detectors) {
      if (reader.turns(state, now)) return now
      if (reader.wakeAt < next) next = reader.wakeAt
    }
    return next
  }

  /** Nothing that was judged drives it on. */
  const isAsBefore = (life: LifeCycle, open: boolean, level: number, { raise, clear, clearNow, suppressed }: Ready, now: number): boolean =>
    (open ? clear.truth === 0 && clearNow.truth !== 2 && level <= life.level && !life.noData : !life.standing && raise.truth !== 1 && level === 0)
    && (suppressed === undefined || (suppressed.truth === 1) === life.suppressed) && life.shelvedUntil > now

  /** Drives the life cycle of a rule by what was judged of it, and by commands. `level` is the highest that holds. */
  const live = (state: AlarmsState, i: number, level: number, asked: readonly Asked[], now: number, emit: (out: Alarm) => void): void => {
    const { raise, clear, clearNow, suppressed, reads } = ready[i]!
    const holds = raise.truth === 1 || (level > 0 && clear.truth !== 1)
    const before = state.lives[i]!
    // what was remembered in silence has not been announced: no clear condition stands in the way of forgetting it
    if (before !== null && before.standing && !isOpen(before) && (!holds || before.level !== level)) happen(state, i, { kind: 'clear' }, now, emit)
    if (suppressed?.truth === 1 && before?.suppressed !== true) happen(state, i, { kind: 'suppress' }, now, emit)
    for (const each of asked) carryOut(state, i, each, now, emit)

    const life = state.lives[i]!
    if (life === null || !life.standing) {
      if (holds) happen(state, i, { kind: 'raise', level }, now, emit)
    } else if (isOpen(life)) {
      if (clear.truth === 1) happen(state, i, { kind: 'clear' }, now, emit)
      else {
        if (level > life.level) happen(state, i, { kind: 'escalate', level }, now, emit)
        const lost = clearNow.truth === 2 && !reads.every((sensor) => known(state, sensor, now))
        if (lost !== life.noData) happen(state, i, { kind: lost ? 'data-lost' : 'data-back' }, now, emit)
      }
    }

    if (suppressed !== undefined && suppressed.truth !== 1 && state.lives[i]?.suppressed === true) happen(state, i, { kind: 'unsuppress' }, now, emit)
    end(state, i, now, emit)
  }

  /** Ends a shelf whose time is over, and forgets what is normal again. */
  const end = (state: AlarmsState, i: number, now: number, emit: (out: Alarm) => void): void => {
    if ((state.lives[i]?.shelvedUntil ?? Infinity) <= now) happen(state, i, { kind: 'shelf-time-out' }, now, emit)
    const life = state.lives[i]!
    if (life !== null && !isOpen(life) && !isSilent(life)) state.lives[i] = null
  }

  /** Refused: why. */
  const exchange = ({ rules }: Rules): E.Either<string, { readonly exchange: RulesExchange; readonly next: ReturnType<typeof alarmsInForce> | undefined }> =>
    E.chain((rules: readonly Rule[]) =>
      E.tryCatch(() => {
        const exchange = exchangeRules(inForce, rules)
        return { exchange, next: exchange.same ? undefined : alarmsInForce(exchange.inForce, options, version) }
      }, (error) => (error instanceof Error ? error.message : String(error))),
    )(readRules(rules, options.signals))

  /** Closes what there is no more under the rules before, and makes the state fit the next ones. */
  const carry = ({ removed, changed, inForce: after }: RulesExchange, next: Built, by: string | undefined): ((state: AlarmsState, now: number, emit: (out: Alarm) => void) => AlarmsState) => {
    const move = carried(built, next)
    const was = before(built, next)
    const begun = after.filter((_, i) => was[i]! < 0)
    return (state, now, emit) => {
      for (const [i, { rule }] of ready.entries()) {
        const reason = removed.includes(rule.id) ? 'rule removed' : changed.includes(rule.id) ? 'rule changed' : undefined
        if (reason !== undefined && state.lives[i] !== null) happen(state, i, { kind: 'close', reason }, now, emit, undefined, by === undefined ? {} : { by })
      }
      const judgedNow = state.since === state.since && begun.some(({ rule }) => rule.machines?.includes(state.machine) !== false)
      return {
        wakeAt: judgedNow ? now : state.wakeAt,
        staleAt: state.staleAt,
        due: [],
        lives: was.map((i) => (i < 0 ? null : state.lives[i]!)),
        told: was.map((i) => (i < 0 ? null : state.told[i]!)),
        commands: state.commands,
        ...move(state, now),
      }
    }
  }

  const behaviour: AlarmsBehaviour = {
    name: options.name ?? 'alarms',
    version,
    exchange: {
      made: inForce,
      make: (made) => alarmsInForce(made as readonly RuleInForce[], options, version).behaviour,
      next(item, now, emit) {
        if (item.kind !== 'rules') return undefined
        const time = now === -Infinity ? item.time : now
        const exchanged = exchange(item)
        if (E.isLeft(exchanged)) {
          emit({ kind: 'rejected', time, reason: 'refused', detail: `rules: ${exchanged.left}` })
          return {}
        }
        const { exchange: { added, removed, changed, unchanged }, next } = exchanged.right
        const { by, reason } = item
        emit({ kind: 'rules-changed', time, added, removed, changed, unchanged, ...(by === undefined ? {} : { by }), ...(reason === undefined ? {} : { reason }) })
        return next === undefined ? {} : { behaviour: next.behaviour, carry: carry(exchanged.right.exchange, next.built, by) }
      },
    },
    start: (machine) => ({ wakeAt: Infinity, staleAt: Infinity, due: [], lives: ready.map(() => null), told: ready.map(() => null), commands: [], ...frame(machine, NaN) }),
    next(state, item: Reading | MachineCommand, now, emit) {
      if (item.kind === 'command') {
        if (now === -Infinity) {
          emit(answer(item, item.time, [], false, () => 'no time has begun: nothing was heard of any machine'))
          return
        }
        state.commands.push(item)
        state.wakeAt = now
        return
      }
      const index = sensors.get(item.sensor)
      if (index === undefined && !judged.hearsAll) return
      if (state.since !== state.since) state.since = now
      hear(state, index, item, now, stale)
    },
    wake(state, due, emit, closing) {
      if (!closing) return true
      let wakeAt = (state.staleAt = staleness(state, due, stale))
      let asked = NOTHING_ASKED
      if (state.commands.length > 0) {
        asked = state.commands.map((command) => ({ command, meant: 0, reasons: new Set<string>(), transitions: [], relearned: false }))
        state.commands = []
      }
      const strange = asked.length > 0 && isStrange(state, due)
      const heeded = strange ? NOTHING_ASKED : asked.filter(({ command }) => command.name !== 'relearn')
      // before anything is judged, for what was learned must not be judged by once more
      for (const each of strange ? NOTHING_ASKED : asked) if (each.command.name === 'relearn') ready.forEach(({ machines }, i) => machines?.has(state.machine) !== false && carryOut(state, i, each, due, emit))
      const heard = state.since === state.since
      for (let i = 0; i < ready.length; i++) {
        const each = ready[i]!
        const { machines, alone } = each
        if (machines !== undefined && !machines.has(state.machine)) continue
        if (!heard) {
          for (const each of heeded) carryOut(state, i, each, due, emit)
          end(state, i, due, emit)
          wakeAt = Math.min(wakeAt, state.lives[i]?.shelvedUntil ?? Infinity)
          continue
        }
        const life = state.lives[i]!
        if (alone && life === null && asked.length === 0) {
          const next = turnsAt(state, i, due)
          if (next > due) {
            if (next < wakeAt) wakeAt = next
            continue
          }
        }
        const { raise, clear, clearNow, levels, suppressed } = each
        const open = life !== null && life.standing && isOpen(life)
        const both = asked.length > 0 || levels.length > 0
        if (!open || both || raise.lasting) raise.judge(state, due)
        if (open || both || clear.lasting) clear.judge(state, due)
        if (clearNow !== clear && (open || both || clearNow.lasting)) clearNow.judge(state, due)
        let next = raise.wakeAt
        if (clear.wakeAt < next) next = clear.wakeAt
        if (clearNow.wakeAt < next) next = clearNow.wakeAt
        let level = 0
        for (let n = 0; n < levels.length; n++) {
          const { judgement } = levels[n]!
          judgement.judge(state, due)
          if (judgement.truth === 1) level = n + 1
          if (judgement.wakeAt < next) next = judgement.wakeAt
        }
        if (suppressed !== undefined) {
          suppressed.judge(state, due)
          if (suppressed.wakeAt < next) next = suppressed.wakeAt
        }
        if (alone) state.due[i] = next
        if (next < wakeAt) wakeAt = next
        if (life === null ? raise.truth !== 1 && level === 0 && suppressed?.truth !== 1 && heeded.length === 0 : heeded.length === 0 && isAsBefore(life, open, level, each, due)) {
          if (life !== null && life.shelvedUntil < wakeAt) wakeAt = life.shelvedUntil
          continue
        }
        live(state, i, level, heeded, due, emit)
        const shelvedUntil = state.lives[i]?.shelvedUntil ?? Infinity
        if (shelvedUntil < wakeAt) wakeAt = shelvedUntil
      }
      for (const each of asked) emit(answer(each.command, due, each.transitions, each.transitions.length > 0 || each.relearned, () => refusal(each, strange)))
      state.wakeAt = wakeAt
      return false
    },
    indifferent: (item) => item.kind === 'reading' && !judged.hearsAll && !sensors.has(item.sensor),
    ...(stale < Infinity && !judged.remembers ? { idle: ({ wakeAt, lives }: AlarmsState) => wakeAt === Infinity && lives.every((life) => life === null) } : {}),
  }
  return { behaviour: judged.twins.size === 0 ? behaviour : hearTwins(behaviour, judged, stale), built }
}

/**
 * Judges rules for each machine, once an instant, when all its readings of that instant are in, and at the very moment at which a delay is over or a value goes stale;
 * and leads each alarm, a rule on a machine, through the life cycle of ISA-18.2 (see `src/alarms/life-cycle.ts`), by what was judged and by the commands of operators.
 *
 * An alarm is raised when `when` has held for `onDelay`, or a level has; it is cleared when `clear` (left out: that `when` does not hold) is known to have held for `offDelay`;
 * while it stands, only `clear` counts, and levels: it escalates when a higher one has held for its delay. While a condition is unknown (no reading yet, stale, suspect)
 * a standing alarm stands and delays start again; where a sensor that may clear it has no value then, the alarm is marked as without data.
 * While an alarm is shelved, suppressed or out of service and has not been announced, nothing holds it: it is raised afterwards only if `when` holds then.
 * What is due at a moment is judged when the readings of that moment are in. Several rules are told of in the order in which they stand here.
 *
 * A command is carried out at the end of its instant, before what the readings of that instant raise, escalate and clear: so nothing is acknowledged that nobody can have seen.
 * Of an instant, suppression begins before its commands; suppression and shelves end last.
 * It means one alarm (`occurrence`, or `rule` and `machine`), all of a machine, or all of an area of `machines`; and is answered once for each of these machines, after the transitions
 * of the instant, one that cannot be carried out with the reason. It is accepted where it could be carried out for one alarm at least. `relearn` makes the detectors of a rule forget what they have learned of the machine, and closes what stands under it, with `why` 'learned anew'. A machine that is not in `machines`, where they are given,
 * takes commands while something is known of it: a value that is not stale, an alarm that is not normal.
 *
 * Each transition has an id that is the same on every replay. The end of the data says nothing: what stands, stands. An alarm that has not been acknowledged is kept until it is.
 *
 * Other rules (`{ kind: 'rules', ... }`) are in force from the beginning of their instant on, before its commands and readings, on machines that are met later too, and in a checkpoint.
 * They are compared by id and content. What is unchanged keeps its state: delays that run, windows, life cycles. What stands, or is shelved, suppressed or out of service, under a rule that is removed or changed is `closed`, with `why` 'rule removed' or 'rule changed'.
 * A rule that is added or changed knows nothing of what came before: its sensors are unknown until they are heard again, it has been silent since then, and its alarm is normal. The change is told by `rules-changed`; a document that is no good by a `rejected` with its path, and nothing changes.
 *
 * Of what flows it takes the readings, the commands and the rules. A checkpoint goes on where the operator is made with the rules with which it was made then, whatever they were exchanged for since; of others it is refused.
 * Throws a `RangeError` where two rules have the same id, and where `shelveCap` is 0 or endless.
 *
 * @example
 * alarms([rule({ id: 'hot', when: above('temperature_coil', 120), onDelay: 3 })], {}, time)
 * // in:  a-b-----a---|   a: 120, b: 121
 * // out: -----r--c---|   r: raised, c: cleared
 *
 * @example
 * const [high, warm] = [rule({ id: 'hot', when: above('x', 2) }), rule({ id: 'warm', when: above('x', 1) })]
 * const other: Rules = { kind: 'rules', time: 0, rules: { rules: [warm] } }
 * const text = (item: Item) => (item.kind === 'alarm' ? `${(item as Alarm).rule} ${(item as Alarm).state}` : item.kind)
 * marbles((time) => pipe(alarms([high], {}, time), map(text)))
 *   .of('a-r---a-', { a: reading('m', 'x', 3), r: other })
 *   .gives('h-(xc)w-', { h: 'hot raised', x: 'rules-changed', c: 'hot closed', w: 'warm raised' })
 */
export function alarms(rules: readonly Rule[], options: AlarmsOptions = {}, time?: SchedulerLike): OperatorFunction<Item, Alarm | Answer | RulesChanged | Rejected> {
  return pipe(addressed(options), keyed(alarmsBehaviour(rules, options), { key: 'machine' }, time))
}
