import * as E from 'fp-ts/lib/Either.js'
import { parametersOf } from '../detectors/index.js'
import type { Detector, ParametersOf } from '../detectors/index.js'
import { duration } from '../time/index.js'
import type { Condition } from './condition.js'
import { detectorOf } from './detected.js'
import { parameter } from './machine.js'
import type { Machines } from './machine.js'
import { timeOfDayReader } from './nodes/clock.js'
import { comparison, deadband } from './nodes/comparison.js'
import { baselineReader, hoursReader, startsReader, stateReader } from './nodes/counters.js'
import { detectedReader } from './nodes/detected.js'
import type { DetectedReader } from './nodes/detected.js'
import { remembered } from './nodes/frame.js'
import type { Frame } from './nodes/frame.js'
import type { Judgement } from './nodes/judgement.js'
import { counted, junction, negation } from './nodes/logic.js'
import { momentsReader } from './nodes/moments.js'
import { sequence, sinceThen, window } from './nodes/past.js'
import { duringSpan, missingFor, risingBy, stuckFor } from './nodes/presence.js'
import { quantileReader } from './nodes/quantile.js'
import { constantReader, derivedReader, earliest, lastingReader, sensorReader, stillReader } from './nodes/reader.js'
import type { Reader } from './nodes/reader.js'
import { smoothedReader } from './nodes/smoothed.js'
import { stateIs } from './nodes/state-is.js'
import { extremeReader, rateReader } from './nodes/windows.js'
import type { OwnSignals } from './own-signal.js'
import { parameterOf } from './parameter.js'
import { NEVER } from './signal.js'
import type { Detected, MachineState, Own, Signal } from './signal.js'
import { conditionText, signalText } from './text.js'

/** Makes conditions ready to be judged over one shared frame a machine. */
export interface Judge {
  /** The sensors that are read, by their index in the frame; where one has several, the first. */
  readonly sensors: ReadonlyMap<string, number>
  /** The others, of sensors that conditions of several births read. */
  readonly twins: ReadonlyMap<string, readonly number[]>
  /** What stands in the frame, by index. */
  readonly series: readonly Series[]
  /** The places of memory of what was added since `apart`, in an order that hangs on that alone. */
  readonly taken: readonly number[]
  /** It tells what was not heard, so that every reading of the machine counts. */
  readonly hearsAll: boolean
  /** It remembers for ever: a machine that fell silent can be told from one that was never heard. */
  readonly remembers: boolean
  /** The detectors, and where in a frame's memory each has its state. */
  readonly detectors: readonly DetectorPlace[]
  /** A rule begins: it shares no detector with what was added before, for it is taught anew alone. */
  apart(): void
  /** @param birth conditions of one birth hear a sensor together, those of another one apart from them: a later one knows nothing of what was heard before. Left out: 0. */
  add(condition: Condition, birth?: number): Judgement
  /** The index of a sensor that conditions of this birth read. */
  indexOf(sensor: string, birth: number): number
  frame(machine: string, now: number): Frame
}

/** A detector of a judge. */
export interface DetectorPlace {
  /** Its text: it names what a machine has learned. */
  readonly name: string
  /** Of its samples, and of its own state. */
  readonly places: readonly [samples: number, own: number]
  readonly detector: Detector
  readonly params: ParametersOf<string>
  readonly reader: DetectedReader
}

/** One sensor, as conditions of one birth hear it. */
export interface Series {
  readonly sensor: string
  readonly birth: number
  /** It is asked how long nothing was heard of it. */
  silence: boolean
}

/** A condition that detectors share, and its places of memory. */
interface Gate {
  readonly judgement: Judgement
  readonly places: readonly number[]
}

export interface JudgeOptions {
  /** For `$name`. */
  readonly machines?: Machines
  readonly signals?: OwnSignals
}

/**
 * @param stale milliseconds after which the last value of a sensor is unknown
 */
export function judge(stale: number, { machines, signals }: JudgeOptions = {}): Judge {
  const sensors = new Map<string, number>()
  const twins = new Map<string, number[]>()
  const series: Series[] = []
  const births = new Map<number, Map<string, number>>()
  const shared = new Map<string, Reader>()
  const gates = new Map<string, Gate>()
  const learners: DetectorPlace[] = []
  let birth = 0
  let places = 0
  let taken: number[] = []
  let hearsAll = false
  let remembers = false

  const indexOf = (sensor: string): number => {
    const own = births.get(birth) ?? new Map<string, number>()
    births.set(birth, own)
    const index = own.get(sensor) ?? series.push({ sensor, birth, silence: false }) - 1
    if (own.has(sensor)) return index
    own.set(sensor, index)
    if (sensors.has(sensor)) twins.set(sensor, [...(twins.get(sensor) ?? []), index])
    else sensors.set(sensor, index)
    return index
  }

  const sensor = (name: string): Reader => sensorReader(indexOf(name), stale)

  const silence = (name: string): Reader => {
    const index = indexOf(name)
    series[index]!.silence = true
    hearsAll = remembers = true
    return { ...stillReader((frame, now) => (now - Math.max(frame.times[index]!, frame.since)) / 1000), still: false, slope: 1 / 1000 }
  }

  const newPlace = (): number => {
    taken.push(places)
    return places++
  }

  /** A place for what is never forgotten. */
  const lastingPlace = (): number => {
    remembers = true
    return newPlace()
  }

  /** When a detector listens, or learns. All that began together and ask the same share one, which is judged once an instant, though their detectors are apart. */
  const gate = (condition: Condition | undefined): Judgement | undefined => {
    if (condition === undefined) return undefined
    const key = `${birth} ${JSON.stringify(condition)}`
    const known = gates.get(key)
    const [outer, detectors] = [taken, learners.length]
    taken = []
    const { judgement, places: own } = known ?? { judgement: onceAnInstant(add(condition)), places: taken }
    taken = [...outer, ...own]
    if (learners.length === detectors) gates.set(key, { judgement, places: own })
    return judgement
  }

  const own = ({ name, params, of }: Own, place: number): Reader => {
    const definition = signals?.get(name)
    if (definition === undefined) throw new RangeError(`the signal '${name}' is not known here: give its definition in the option 'signals'`)
    const decoded = definition.params.decode(params)
    if (E.isLeft(decoded)) throw new RangeError(`the parameters of the signal '${name}' are ${JSON.stringify(params)}, expected ${definition.params.name}`)
    const parts = of.map(signal)
    return lastingReader((reader, frame, now) => {
      const state = remembered(frame, place, () => ({ own: definition.start(decoded.right) }))
      const value = definition.next(state.own, parts.map((part) => part.read(frame, now)), now, decoded.right)
      reader.slope = NaN
      reader.wakeAt = earliest(parts)
      return Number.isFinite(value) ? value : NaN
    })
  }

  /** A detector that several conditions of a rule read (what raises, what clears) is one. */
  const detected = (of: Detected): Reader => {
    const key = `${birth} ${JSON.stringify(of)}`
    const known = shared.get(key)
    if (known !== undefined) return known
    const detector = detectorOf(of)
    const name = signalText(of)
    const params = parametersOf(detector, of.params)
    const fresh = detector.start(params, of.of.length)
    for (const { id, learned } of machines?.values() ?? [])
      if (learned?.[name] !== undefined && !isLike(learned[name].state, fresh)) throw new RangeError(`machine '${id}': what was learned is no state of ${name}: learn it again with 'motorwatch learn', or leave it out`)
    const place = lastingPlace()
    const ownPlace = lastingPlace()
    const reader = detectedReader({
      detector,
      params,
      every: duration(of.every),
      of: of.of.map(signal),
      whileHolds: gate(of.while),
      learnsWhile: gate(of.learn),
      begin: ({ machine }) => structuredClone(machines?.get(machine)?.learned?.[name]?.state) ?? detector.start(params, of.of.length),
      frozen: ({ machine }) => machines?.get(machine)?.learned?.[name]?.frozen === true,
      place,
      ownPlace,
    })
    learners.push({ name, places: [place, ownPlace], detector, params, reader })
    shared.set(key, reader)
    return reader
  }

  const timeTo = (of: Reader, limit: Reader, trend: Reader): Reader =>
    derivedReader([of, limit, trend], (frame, now) => {
      const speed = trend.read(frame, now)
      const ahead = limit.read(frame, now) - of.read(frame, now)
      const time = ahead === 0 && speed === speed ? 0 : ahead / speed
      return time !== time ? NaN : time >= 0 && time < NEVER ? time : NEVER
    })

  const state = ({ of, off, on, starting, unless }: Omit<MachineState, 'op'>): Reader =>
    stateReader(signal(of), signal(off), signal(on), duration(starting), unless === undefined ? undefined : add(unless), newPlace())

  const signal = (of: Signal): Reader => {
    if (typeof of === 'number') return constantReader(of)
    if (typeof of === 'string') {
      const named = parameterOf(of)
      if (named === undefined) return sensor(of)
      return stillReader((frame) => named.by * parameter(machines?.get(frame.machine), named.name))
    }
    switch (of.op) {
      case 'difference': {
        const [a, b] = of.of.map(signal) as [Reader, Reader]
        return derivedReader([a, b], (frame, now) => a.read(frame, now) - b.read(frame, now), () => a.slope - b.slope)
      }
      case 'ratio': {
        const [a, b] = of.of.map(signal) as [Reader, Reader]
        return derivedReader([a, b], (frame, now) => finite(a.read(frame, now) / b.read(frame, now)))
      }
      case 'sum': {
        const parts = of.of.map(signal)
        return derivedReader(parts, (frame, now) => parts.reduce((total, part) => total + part.read(frame, now), 0), () => parts.reduce((total, { slope }) => total + slope, 0))
      }
      case 'product': {
        const parts = of.of.map(signal)
        return derivedReader(parts, (frame, now) => finite(parts.reduce((total, part) => total * part.read(frame, now), 1)))
      }
      case 'absolute': {
        const inner = signal(of.of)
        return derivedReader([inner], (frame, now) => Math.abs(inner.read(frame, now)))
      }
      case 'scaled': {
        const inner = signal(of.of)
        const { by } = of
        return derivedReader([inner], (frame, now) => by * inner.read(frame, now), () => by * inner.slope)
      }
      case 'clamped': {
        const inner = signal(of.of)
        const { low, high } = of
        return derivedReader([inner], (frame, now) => Math.min(high, Math.max(low, inner.read(frame, now))))
      }
      case 'choice': {
        const when = add(of.when)
        const [then, otherwise] = [signal(of.then), signal(of.else)]
        return lastingReader((reader, frame, now) => {
          when.judge(frame, now)
          const [a, b] = [then.read(frame, now), otherwise.read(frame, now)]
          reader.wakeAt = Math.min(when.wakeAt, earliest([then, otherwise]))
          reader.slope = when.truth === 1 ? then.slope : otherwise.slope
          return when.truth === 1 ? a : when.truth === 0 ? b : a === b ? a : NaN
        })
      }
      case 'meanOver':
      case 'rmsOver':
      case 'deviationOver':
        return momentsReader(signal(of.of), duration(of.for), of.op, newPlace())
      case 'minOver':
        return extremeReader(signal(of.of), duration(of.for), 1, newPlace())
      case 'maxOver':
        return extremeReader(signal(of.of), duration(of.for), -1, newPlace())
      case 'quantileOver':
        return quantileReader(signal(of.of), duration(of.for), of.q, newPlace())
      case 'rate':
        return rateReader(signal(of.of), duration(of.for), newPlace())
      case 'ewma':
        return smoothedReader(signal(of.of), duration(of.for), newPlace())
      case 'age':
        return silence(of.sensor)
      case 'timeTo':
        return timeTo(signal(of.of), signal(of.limit), rateReader(signal(of.of), duration(of.for), newPlace()))
      case 'i2t':
        return smoothedReader(signal({ op: 'product', of: [{ op: 'ratio', of: [of.of, of.rated] }, { op: 'ratio', of: [of.of, of.rated] }] }), duration(of.for), newPlace())
      case 'hours':
        return hoursReader(add(of.when), lastingPlace())
      case 'starts':
        return startsReader(add(of.when), duration(of.for), lastingPlace())
      case 'baseline':
        return baselineReader(signal(of.of), of.while === undefined ? undefined : add(of.while), duration(of.for), lastingPlace())
      case 'machineState':
        return state(of)
      case 'timeOfDay':
        return timeOfDayReader(of.zone)
      case 'detector':
        return detected(of)
      case 'own':
        return own(of, lastingPlace())
    }
  }

  /** @param exact what it is a part of remembers its margins: it must be judged whenever its margin changes, and not only when it turns */
  const add = (condition: Condition, exact = false): Judgement => {
    const part = (of: Condition): Judgement => add(of, exact)
    switch (condition.op) {
      case 'above':
      case 'atOrAbove':
        return comparison(condition, condition.signal, signal(condition.signal), undefined, signal(condition.limit), condition.op === 'above')
      case 'below':
      case 'atOrBelow':
        return comparison(condition, condition.signal, signal(condition.signal), signal(condition.limit), undefined, condition.op === 'below')
      case 'outside':
        return comparison(condition, condition.signal, signal(condition.signal), signal(condition.low), signal(condition.high), true)
      case 'inside':
        return comparison(condition, condition.signal, signal(condition.signal), signal(condition.low), signal(condition.high), false, true)
      case 'hysteresis':
        return deadband(condition, condition.signal, signal(condition.signal), condition.on, condition.off, newPlace())
      case 'all':
        return junction(condition, condition.of.map(part), 1)
      case 'any':
        return junction(condition, condition.of.map(part), -1)
      case 'not':
        return negation(condition, part(condition.of))
      case 'atLeast':
        return counted(condition, condition.of.map(part), condition.count)
      case 'heldFor':
      case 'within': {
        const time = duration(condition.for)
        return time === 0 ? part(condition.of) : window(condition, add(condition.of, true), time, condition.op === 'heldFor' ? 1 : -1, newPlace(), exact)
      }
      case 'since':
        return sinceThen(condition, add(condition.of, true), add(condition.after, true), lastingPlace())
      case 'missing':
        return missingFor(condition, silence(condition.sensor))
      case 'stuck':
        return stuckFor(condition, sensor(condition.sensor), newPlace())
      case 'rising':
        return risingBy(condition, condition.signal, signal(condition.signal), signal(condition.by), duration(condition.for), newPlace())
      case 'followedBy':
        return sequence(condition, add(condition.first, true), add(condition.then, true), newPlace(), exact)
      case 'state':
        return stateIs(condition, state(condition))
      case 'during':
        return duringSpan(condition)
    }
  }

  return {
    sensors,
    twins,
    series,
    detectors: learners,
    apart: () => {
      shared.clear()
      taken = []
    },
    get taken() {
      return taken
    },
    get hearsAll() {
      return hearsAll
    },
    get remembers() {
      return remembers
    },
    indexOf: (sensor, of) => {
      const index = births.get(of)?.get(sensor)
      if (index === undefined) throw new RangeError(`no condition of birth ${of} reads '${sensor}'`)
      return index
    },
    add: (condition, of = 0) => {
      birth = of
      try {
        return add(condition)
      } catch (error) {
        throw error instanceof RangeError ? new RangeError(`${conditionText(condition)}: ${error.message}`) : error
      }
    },
    frame: (machine, now) => ({ machine, since: now, values: new Array<number>(series.length).fill(NaN), times: new Array<number>(series.length).fill(-Infinity), readings: 0, memory: [] }),
  }
}

const finite = (value: number): number => (Number.isFinite(value) ? value : NaN)

/** Judged for what was already judged at this moment, nothing having been heard since, it stands as it is. */
function onceAnInstant(of: Judgement): Judgement {
  const judge = of.judge.bind(of)
  let last: Frame | undefined
  let at = NaN
  let readings = NaN
  of.judge = (frame, now) => {
    if (frame === last && now === at && frame.readings === readings) return
    last = frame
    at = now
    readings = frame.readings
    judge(frame, now)
  }
  return of
}

/** Plain data of the same kinds, with the same fields; lists may be of other lengths. */
function isLike(value: unknown, model: unknown): boolean {
  if (Array.isArray(model)) return Array.isArray(value) && (model.length === 0 || value.every((each) => isLike(each, model[0])))
  if (typeof model !== 'object' || model === null) return typeof value === typeof model
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const names = Object.keys(model)
  return Object.keys(value).length === names.length && names.every((name) => Object.hasOwn(value, name) && isLike((value as Readonly<Record<string, unknown>>)[name], (model as Readonly<Record<string, unknown>>)[name]))
}
