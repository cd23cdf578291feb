import fc from 'fast-check'
import { standardSensors } from '../../model/index.js'
import { duration } from '../../time/index.js'
import type { Range } from './derived-ranges.js'
import type { Sample } from './sample.js'
import type { FuzzedSensor, Subject } from './subject.js'
import { longestWait, shortestWait } from './waits.js'

/** What a sensor says at an instant; undefined: nothing. */
export type Said = { readonly value: number; readonly suspect: boolean } | undefined

/** An instant: how long after the one before, and what each sensor says, in the subject's order. */
export interface Step {
  readonly gap: number
  readonly said: readonly Said[]
}

/** Milliseconds from one instant to another: a second, and what lies around the delays of the rule and the time for which a value is believed. */
export function gaps({ rule, stale, properties }: Subject): fc.Arbitrary<number> {
  const delays = [shortestWait(rule), longestWait(rule) ?? 0, duration(properties.within ?? 0), duration(rule.offDelay ?? 0), stale].filter((time) => time > 0 && time < Infinity)
  const around = [...new Set(delays.flatMap((time) => [time, time - 1, time + 1, Math.round(time / 2)]))].filter((gap) => gap > 0)
  return fc.oneof({ weight: 2, arbitrary: fc.constant(1000) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 10 }).map((n) => n * 1000) }, ...(around.length === 0 ? [] : [{ weight: 3, arbitrary: fc.constantFrom(...around) }]))
}

/** The ends of the ranges, and round values between. */
export function valuesIn(ranges: readonly Range[]): fc.Arbitrary<number> {
  const between = ranges.flatMap(([low, high]) => {
    const rough = (high - low) / 12
    const power = 10 ** Math.floor(Math.log10(rough || 1))
    const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough)!
    const first = Math.ceil(low / step)
    return Array.from({ length: Math.max(0, Math.floor(high / step) - first + 1) }, (_, i) => Number(((first + i) * step).toPrecision(12)) + 0)
  })
  const ends = fc.constantFrom(...ranges.flat())
  return between.length === 0 ? ends : fc.oneof({ weight: 2, arbitrary: ends }, { weight: 3, arbitrary: fc.constantFrom(...between) })
}

/** All that a sensor may say. */
export const anyValue = ({ name, safe, outside = [] }: FuzzedSensor): fc.Arbitrary<number> => {
  const known = [...(safe === undefined ? [] : [safe]), ...outside]
  return valuesIn(known.length > 0 ? known : [standardSensors.get(name)?.range ?? [0, 100]])
}

const good = (value: number): Said => ({ value, suspect: false })

/** A value, or now and then nothing, or a suspect one of any size. */
export const sometimes = (sensor: FuzzedSensor, values: fc.Arbitrary<number>): fc.Arbitrary<Said> =>
  fc.oneof({ weight: 6, arbitrary: values.map(good) }, { weight: 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: suspect(sensor) })

export const always = (values: fc.Arbitrary<number>): fc.Arbitrary<Said> => values.map(good)

export const suspect = (sensor: FuzzedSensor): fc.Arbitrary<Said> => anyValue(sensor).map((value) => ({ value, suspect: true }))

export const saidBy = (sensors: readonly FuzzedSensor[], says: (sensor: FuzzedSensor) => fc.Arbitrary<Said>): fc.Arbitrary<readonly Said[]> => fc.tuple(...sensors.map(says))

export const steps = (subject: Subject, says: (sensor: FuzzedSensor) => fc.Arbitrary<Said>, length: fc.ArrayConstraints = {}): fc.Arbitrary<readonly Step[]> =>
  instants(subject, saidBy(subject.sensors, says), length)

/** Instants with what is said at each. Where a delay is longer than a value is believed, some are said again and again as long as that. */
export function instants<S>(subject: Subject, said: fc.Arbitrary<S>, length: fc.ArrayConstraints = {}): fc.Arbitrary<readonly { readonly gap: number; readonly said: S }[]> {
  const { rule, stale } = subject
  const longest = Math.max(longestWait(rule) ?? shortestWait(rule), duration(rule.offDelay ?? 0))
  const again = Math.ceil(longest / (stale - 1))
  const times = longest < stale ? fc.constant(0) : fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constant(again) })
  return fc.array(fc.record({ gap: gaps(subject), said, times }), { maxLength: 10, ...length }).map((made) =>
    made.flatMap(({ gap, said, times }) => [{ gap, said }, ...Array.from({ length: times }, () => ({ gap: Math.ceil(longest / again), said }))]))
}

/** The readings of these instants; the first is at `from`. */
export function samplesOf({ sensors, machine }: Subject, instants: readonly Step[], from = 0): readonly Sample[] {
  let at = from
  return instants.flatMap(({ gap, said }, i) => {
    if (i > 0) at += gap
    return said.flatMap((each, j): readonly Sample[] => (each === undefined ? [] : [{ at, machine: machine.id, sensor: sensors[j]!.name, ...each }]))
  })
}

/** When the last of these instants is. */
export const endOf = (instants: readonly Step[], from = 0): number => instants.slice(1).reduce((at, { gap }) => at + gap, from)

/**
 * Instants from `from` on up to `to`, so near to each other that no value goes stale: those that are given, and then as few more as are needed, which say the same as the last.
 */
export function kept({ stale }: Subject, instants: readonly Step[], from: number, to: number): readonly Step[] {
  const found: Step[] = []
  let at = from
  for (const step of instants) {
    const gap = Math.min(step.gap, stale - 1)
    if (found.length > 0 && at + gap >= to) break
    if (found.length > 0) at += gap
    found.push({ ...step, gap })
  }
  while (at + stale <= to) {
    found.push({ gap: stale - 1, said: found.at(-1)!.said })
    at += stale - 1
  }
  return found
}
