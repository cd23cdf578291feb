import { Subject } from 'rxjs'
import { learned, machines, monitor, reference, Timeline } from 'motorwatch'
import type { Input, Rule } from 'motorwatch'
import { nanoseconds } from './nanoseconds.js'
import { workload } from './workload.js'

export interface LearnedFigures {
  /** Throughput of `monitor` with the pack `learned` beside the reference rules, over that without it: sensors are checked every 10 seconds, as by default, of readings at 1 Hz. */
  readonly share: number
  /** The same, with sensors checked at every reading. */
  readonly shareEachReading: number
}

const ROUNDS = 3
const MACHINES = 1_000
/** Seconds of data until every machine is known, and what is kept of it has been made; and those that are measured. */
const BEFORE = 20
const MEASURED = 60

/** Readings at 1 Hz of 1,000 machines x 7 sensors, in turns, once it runs. */
export async function learnedBench(): Promise<LearnedFigures> {
  const readings = workload(MACHINES, BEFORE + MEASURED)
  const at = readings.findIndex(({ time }) => time >= readings[0]!.time + BEFORE * 1_000)
  const register = machines(...[...new Set(readings.map(({ machine }) => machine))].map((id) => ({ id, nameplate: { ratedCurrent: 32 } })))
  const cost = (rules: readonly Rule[]): number => {
    const input = new Subject<Input>()
    const subscription = monitor(rules, { machines: register })(new Timeline())(input).subscribe()
    for (let i = 0; i < at; i++) input.next(readings[i]!)
    const time = nanoseconds(() => {
      for (let i = at; i < readings.length; i++) input.next(readings[i]!)
    }, readings.length - at)
    subscription.unsubscribe()
    return time
  }
  const sets = { without: reference, learned: [...reference, ...learned()], eachReading: [...reference, ...learned({ period: '1s' })] }
  const times = Object.fromEntries(Object.keys(sets).map((name) => [name, Infinity])) as Record<keyof typeof sets, number>
  for (let round = 0; round < ROUNDS; round++)
    for (const name of Object.keys(sets) as (keyof typeof sets)[]) times[name] = Math.min(times[name], cost(sets[name]))
  console.log(`1,000 machines x 7 sensors, the best of ${ROUNDS} rounds: monitor ${times.without.toFixed(0)} ns a reading, with learned() ${times.learned.toFixed(0)} ns, with sensors checked at every reading ${times.eachReading.toFixed(0)} ns`)
  const share = (time: number): number => Number((times.without / time).toFixed(3))
  return { share: share(times.learned), shareEachReading: share(times.eachReading) }
}
