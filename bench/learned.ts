import { Observable } from 'rxjs'
import { learned, machines, monitor, reference, Timeline } from 'motorwatch'
import type { Input, Reading, Rule } from 'motorwatch'
import { nanoseconds } from './nanoseconds.js'
import { workload } from './workload.js'

export interface LearnedFigures {
  /** Throughput of `monitor` with the pack `learned` beside the reference rules, over that without it: sensors are checked every 10 seconds, as by default, of readings at 1 Hz. */
  readonly share: number
  /** The same, with sensors checked at every reading. */
  readonly shareEachReading: number
}

const ROUNDS = 5

/** Readings at 1 Hz of 1,000 machines x 7 sensors, in turns. */
export async function learnedBench(): Promise<LearnedFigures> {
  const readings = workload(1_000, 60)
  const register = machines(...[...new Set(readings.map(({ machine }) => machine))].map((id) => ({ id, nameplate: { ratedCurrent: 32 } })))
  const cost = (rules: readonly Rule[]): number => nanoseconds(() => { run(readings, rules, register) }, readings.length)
  const sets = { without: reference, learned: [...reference, ...learned()], eachReading: [...reference, ...learned({ period: '1s' })] }
  const times = Object.fromEntries(Object.entries(sets).map(([name]) => [name, Infinity])) as Record<keyof typeof sets, number>
  for (let round = 0; round < ROUNDS; round++)
    for (const name of Object.keys(sets) as (keyof typeof sets)[]) times[name] = Math.min(times[name], cost(sets[name]))
  console.log(`1,000 machines x 7 sensors, the best of ${ROUNDS} rounds: monitor ${times.without.toFixed(0)} ns a reading, with learned() ${times.learned.toFixed(0)} ns, with sensors checked at every reading ${times.eachReading.toFixed(0)} ns`)
  const share = (time: number): number => Number((times.without / time).toFixed(3))
  return { share: share(times.learned), shareEachReading: share(times.eachReading) }
}

function run(readings: readonly Reading[], rules: readonly Rule[], register: ReturnType<typeof machines>): void {
  new Observable<Input>((subscriber) => {
    for (const reading of readings) subscriber.next(reading)
    subscriber.complete()
  }).pipe(monitor(rules, { machines: register })(new Timeline())).subscribe()
}
