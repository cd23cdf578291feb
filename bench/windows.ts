import { isDeepStrictEqual } from 'node:util'
import { above, all, heldFor, judge, within } from 'motorwatch'
import type { Condition, Duration, Frame, Reading } from 'motorwatch'
import { nanoseconds } from './nanoseconds.js'
import { plainWindows } from './plain-windows.js'
import type { Turn } from './plain-windows.js'

export interface WindowFigures {
  /** Time of a rule with two windowed conditions over that of a loop that keeps the same two windows. */
  readonly ratio: number
  /** Heap that the rule holds for a machine on steady noise. */
  readonly bytesPerMachine: number
  /** Time a reading with a window of 10 minutes over that with one of 10 seconds, on noise and on a ramp. */
  readonly longerOnNoise: number
  readonly longerOnRamp: number
}

const HELD = 30_000
const SEEN = 120_000

const condition = (held: Duration, seen: Duration): Condition => all(heldFor(held, above('current', 17)), within(seen, above('vibration_rotor', 1.3)))

const noise = (seed: number) => (): number => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
  return seed / 4294967296 + 0.5
}

/** Current and vibration of each machine, once a second. */
function readingsOf(machines: number, seconds: number, value: (second: number, random: () => number) => number): readonly Reading[] {
  const random = noise(7)
  const names = Array.from({ length: machines }, (_, i) => `M${i}`)
  const readings: Reading[] = []
  for (let second = 0; second < seconds; second++)
    for (const machine of names) {
      const time = 1.7e12 + second * 1000
      readings.push({ kind: 'reading', time, machine, sensor: 'current', value: 20 * value(second, random), quality: 'good' })
      readings.push({ kind: 'reading', time, machine, sensor: 'vibration_rotor', value: value(second, random), quality: 'good' })
    }
  return readings
}

const steady = (_second: number, random: () => number): number => 0.9 + 0.4 * (random() - 0.5) * (random() + 0.2)
const rise = (second: number): number => second / 1000
const fall = (second: number): number => 1 - second / 100_000

/** The rule alone, made once and judged once an instant of a machine, fed as the loop is; what they cost around it is in the figures of monitor. Each run begins with no machine, and gives what it then holds. */
function rule(of: Condition): (readings: readonly Reading[], emit: { push(turn: Turn): void }) => ReadonlyMap<string, Frame> {
  const { sensors, add, frame } = judge(60_000)
  const judgement = add(of)
  const [current, vibration] = ['current', 'vibration_rotor'].map((sensor) => sensors.get(sensor)) as [number, number]
  // The last run's are kept until the next one's: with the last object of a shape, the engine would drop the code that it has made for it.
  let frames = new Map<string, Frame & { turned: number }>()
  return (readings, emit) => {
    frames = new Map()
    let load = NaN
    for (let i = 0; i < readings.length; i++) {
      const { machine, sensor, time, value } = readings[i]!
      if (sensor === 'current') {
        load = value
        continue
      }
      let state = frames.get(machine)
      if (state === undefined) frames.set(machine, (state = { turned: UNKNOWN, ...frame(machine, time) }))
      state.values[current] = load
      state.values[vibration] = value
      state.times[current] = state.times[vibration] = time
      judgement.judge(state, time)
      if (judgement.truth === state.turned) continue
      state.turned = judgement.truth
      emit.push([machine, time, judgement.truth, judgement.margin])
    }
    return frames
  }
}

const UNKNOWN = 2

const none = { push: (): void => undefined }

const least = (values: readonly number[]): number => Math.min(...values)

/** Both in turn, the least of the rounds: what else runs on the machine can only add to a time. */
function compared(a: () => void, b: () => void, readings: number, rounds = 25): readonly [a: number, b: number] {
  const [ofA, ofB]: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    ofA.push(nanoseconds(a, readings))
    ofB.push(nanoseconds(b, readings))
  }
  return [least(ofA), least(ofB)]
}

function ratio(): number {
  const machines = 200
  const readings = readingsOf(machines, 500, steady)
  const [byRule, byHand]: [Turn[], Turn[]] = [[], []]
  const run = rule(condition(HELD, SEEN))
  run(readings, byRule)
  plainWindows(readings, machines, HELD, SEEN, 17, 1.3, byHand)
  const order = (turns: readonly Turn[]): readonly Turn[] => turns.toSorted((a, b) => a[1] - b[1] || (a[0] < b[0] ? -1 : 1))
  if (!isDeepStrictEqual(order(byRule), order(byHand))) throw new Error(`the rule and the loop differ: ${byRule.length} and ${byHand.length} turns`)
  console.log(`equal turns of both: ${byRule.length}, from ${readings.length} readings`)
  const [byRuleTime, byHandTime] = compared(() => { run(readings, none) }, () => { plainWindows(readings, machines, HELD, SEEN, 17, 1.3, none) }, readings.length)
  console.log(`two windowed conditions, the best of 25 rounds: loop ${byHandTime.toFixed(0)} ns a reading, rule ${byRuleTime.toFixed(0)} ns`)
  return byRuleTime / byHandTime
}

function bytesPerMachine(): number {
  const readings = readingsOf(1000, 200, steady)
  rule(condition(HELD, SEEN))(readings, none) // so that what the engine makes of the code is not counted
  globalThis.gc?.()
  const before = process.memoryUsage().heapUsed
  const frames = rule(condition(HELD, SEEN))(readings, none)
  globalThis.gc?.()
  return (process.memoryUsage().heapUsed - before) / frames.size
}

/** The one window whose least margin is the last on a ramp that rises, and the other whose is on one that falls: both must keep all of it. */
function longer(value: (second: number, random: () => number) => number): number {
  const readings = readingsOf(20, 3000, value)
  const of = (time: Duration): (() => void) => {
    const run = rule(all(heldFor(time, above('current', -1)), within(time, above('vibration_rotor', 9))))
    return () => { run(readings, none) }
  }
  const [long, short] = compared(of('10m'), of('10s'), readings.length)
  return long / short
}

export function windowsBench(): WindowFigures {
  const round = (value: number): number => Number(value.toFixed(3))
  return { ratio: round(ratio()), bytesPerMachine: Math.round(bytesPerMachine()), longerOnNoise: round(longer(steady)), longerOnRamp: round(Math.max(longer(rise), longer(fall))) }
}
