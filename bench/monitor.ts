import { isDeepStrictEqual } from 'node:util'
import { Observable, Subject } from 'rxjs'
import { monitor, reference, Timeline } from 'motorwatch'
import type { Input, Output, Reading } from 'motorwatch'
import { nanoseconds } from './nanoseconds.js'
import { plainMonitor } from './plain-monitor.js'
import { workload } from './workload.js'

export interface MonitorFigures {
  /** Time of `monitor` over the time of the plain loop, both on the same readings. */
  readonly ratio: number
  /** Heap that the pipeline holds after two minutes of data, over its series. */
  readonly bytesPerSeries: number
  /** Time a reading at 10,000 machines over that at 10. */
  readonly scale: number
}

const gc = (): void => {
  globalThis.gc?.()
}

/** Takes outputs without keeping them: what they are is asserted elsewhere, and keeping them would measure the garbage collector. */
class Counter {
  count = 0
  last: Output | undefined

  push(output: Output): void {
    this.count++
    this.last = output
  }
}

function ours(readings: readonly Reading[], outputs: { push(output: Output): void }): void {
  new Observable<Input>((subscriber) => {
    for (const reading of readings) subscriber.next(reading)
    subscriber.complete()
  })
    .pipe(monitor(reference)(new Timeline()))
    .subscribe((output) => {
      outputs.push(output)
    })
}

function cost(work: (outputs: Counter) => void, readings: number): number {
  const outputs = new Counter()
  const time = nanoseconds(() => { work(outputs) }, readings)
  if (outputs.count < readings) throw new Error('outputs are missing')
  return time
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!

/** What both make of the same readings must be equal, the windows that are open at the end aside: the loop has no end of data. */
export function assertEqual(machines: number, seconds: number): void {
  const readings = workload(machines, seconds)
  const sorted = (outputs: readonly Output[]): readonly Output[] =>
    outputs
      .filter((output) => !(output.kind === 'summary' && output.status === 'partial'))
      .map((output) => [JSON.stringify(output), output] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, output]) => output)
  const canonical = (output: Output): unknown => (output.kind === 'summary' ? { ...output, values: rounded(output.values) } : output)
  const rounded = (values: object): object => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Number.isFinite(value) ? Number(Number(value).toPrecision(12)) : String(value)]))
  const [byMonitor, byHand]: [Output[], Output[]] = [[], []]
  ours(readings, byMonitor)
  plainMonitor(readings, machines, byHand)
  const [a, b] = [sorted(byMonitor.map(canonical) as Output[]), sorted(byHand.map(canonical) as Output[])]
  const at = a.findIndex((output, i) => !isDeepStrictEqual(output, b[i]))
  if (at >= 0 || a.length !== b.length) throw new Error(`the plain loop and the monitor differ (${a.length} and ${b.length} outputs): ${JSON.stringify(a[at])} and ${JSON.stringify(b[at])}`)
  console.log(`equal outputs of both: ${a.length}, from ${readings.length} readings`)
}

/** The least of the rounds: what else runs on the machine can only add to a time. */
const least = (values: readonly number[]): number => Math.min(...values)

function ratio(): number {
  const machines = 1000
  const readings = workload(machines, 90)
  const byHand: number[] = []
  const byMonitor: number[] = []
  for (let round = 0; round < 11; round++) {
    byHand.push(cost((outputs) => { plainMonitor(readings, machines, outputs) }, readings.length))
    byMonitor.push(cost((outputs) => { ours(readings, outputs) }, readings.length))
  }
  console.log(`1,000 machines x 7 sensors, the best of 11 rounds: plain loop ${least(byHand).toFixed(0)} ns a reading, monitor ${least(byMonitor).toFixed(0)} ns`)
  return least(byMonitor) / least(byHand)
}

function bytesPerSeries(): number {
  const machines = 1000
  const measure = (): number => {
    const readings = workload(machines, 125)
    const input = new Subject<Input>()
    const time = new Timeline()
    const subscription = monitor(reference)(time)(input).subscribe()
    gc()
    const before = process.memoryUsage().heapUsed
    for (const reading of readings) input.next(reading)
    gc()
    const held = process.memoryUsage().heapUsed - before
    subscription.unsubscribe()
    return held / machines / 7 + (readings.length > 0 ? 0 : NaN)
  }
  measure()
  return median([measure(), measure(), measure()])
}

function scale(): number {
  const few = workload(10, 14_000)
  const many = workload(10_000, 14)
  const atFew: number[] = []
  const atMany: number[] = []
  for (let round = 0; round < 7; round++) {
    atFew.push(cost((outputs) => { ours(few, outputs) }, few.length))
    atMany.push(cost((outputs) => { ours(many, outputs) }, many.length))
  }
  console.log(`the best of 7 rounds: 10 machines ${least(atFew).toFixed(0)} ns a reading, 10,000 machines ${least(atMany).toFixed(0)} ns`)
  return least(atMany) / least(atFew)
}

export async function monitorBench(): Promise<MonitorFigures> {
  assertEqual(50, 200)
  const round = (value: number): number => Number(value.toFixed(3))
  return { ratio: round(ratio()), bytesPerSeries: Math.round(bytesPerSeries()), scale: round(scale()) }
}
