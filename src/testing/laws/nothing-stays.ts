import { Observable, take } from 'rxjs'
import type { Input } from '../../model/index.js'
import { Timeline } from '../../time/index.js'
import { line, pipeline, run } from './line.js'
import type { Line } from './line.js'
import type { Edge, OperatorUnderTest } from './operator.js'
import { standardEdge } from './operator.js'

const DAY = 86_400_000

/**
 * Law 5. After an unsubscribe behind any input, and from within any output, the input is left, no timer is set, no state is in the save, and nothing comes any more,
 * wherever time goes. A source that pushes all at once is stopped in the middle.
 * That idle keys do not stay is `idleKeysDoNotStay`.
 *
 * Throws an `Error` that says what stayed.
 */
export function nothingStays<Out>(op: OperatorUnderTest<Out>, inputs: readonly Input[], edge: Edge = standardEdge): void {
  for (let n = 0; n <= inputs.length; n++) {
    const part = line(op, edge)
    for (const item of inputs.slice(0, n)) part.push(item)
    part.unsubscribe()
    checkGone(part, `nothing stays: unsubscribed after ${n} of ${inputs.length} inputs`)
  }
  const count = run(op, edge, inputs).length
  const stride = Math.ceil(count / 25)
  for (let n = 1; n <= count; n += stride) {
    const where = `nothing stays: unsubscribed in output ${n} of ${count}`
    const taken = line(op, edge, { behind: take(n) })
    feed(taken, inputs)
    checkGone(taken, `${where}, by take(${n})`)
    const left = line(op, edge, { onOutput: (index, itself) => { if (index === n - 1) itself.unsubscribe() } })
    feed(left, inputs)
    checkGone(left, where)
    if (left.outputs.length !== n) throw new Error(`${where}: ${left.outputs.length - n} more came`)
  }
  for (const amount of count > 0 ? [1, count] : []) checkStopped(op, inputs, edge, amount)
}

function feed(fed: Line, inputs: readonly Input[]): void {
  for (const item of inputs) fed.push(item)
  if (fed.completions() === 0 && fed.teardowns() === 0) fed.complete()
}

function checkGone(gone: Line, where: string): void {
  const { time, outputs } = gone
  if (gone.teardowns() !== 1) throw new Error(`${where}: the input is still subscribed`)
  if (time.pending() > 0) throw new Error(`${where}: ${time.pending()} timer(s) are still set on the timeline`)
  time.settle()
  const bare = new Timeline()
  if (time.now() > -Infinity) bare.advance(time.now())
  if (Buffer.compare(time.save(), bare.save()) !== 0) throw new Error(`${where}: state is still on the timeline, where the next save would find it`)
  const before = outputs.length
  time.advance(Math.max(0, time.now()) + DAY)
  if (outputs.length > before) throw new Error(`${where}: ${outputs.length - before} output(s) came when time went on`)
}

/** A source that does not return before all is pushed has to be told in the middle, or an endless one never returns. */
function checkStopped<Out>(op: OperatorUnderTest<Out>, inputs: readonly Input[], edge: Edge, amount: number): void {
  let ended = false
  let wasted = 0
  const source = new Observable<Input>((subscriber) => {
    for (const item of inputs) {
      if (subscriber.closed) return
      if (ended) wasted++
      subscriber.next(item)
    }
    subscriber.complete()
  })
  pipeline(op, edge)(new Timeline())(source).pipe(take(amount)).subscribe({ complete: () => { ended = true } })
  if (wasted > 0) throw new Error(`nothing stays: unsubscribed in output ${amount}, a source that pushes all at once was not stopped: it pushed ${wasted} more. Subscribe to it with a Subscriber that is already added to the one behind`)
}

/**
 * Law 5, of keys. Memory is bounded by live keys: after 1,000 machines that were heard once and a week in which nothing was heard,
 * a save is as large as after one such machine, but for 256 bytes. For operators whose keys can fall idle.
 *
 * Throws an `Error` that says how much stayed.
 */
export function idleKeysDoNotStay<Out>(op: OperatorUnderTest<Out>, edge: Edge = standardEdge): void {
  const size = (machines: number): number => {
    const part = line(op, edge)
    const start = Date.UTC(2026, 0, 1)
    for (let n = 0; n < 1000; n++)
      part.push({ kind: 'reading', time: start + n * 1000, machine: `m${n % machines}`, sensor: 'temperature_coil', value: 50, quality: 'good' })
    for (let hour = 1; hour <= 7 * 24; hour++) part.push({ kind: 'tick', time: start + 1_000_000 + hour * 3_600_000 })
    const { length } = part.time.save()
    part.unsubscribe()
    return length
  }
  const [one, many] = [size(1), size(1000)]
  if (many > one + 256) throw new Error(`idle keys do not stay: after a week of quiet the save of 1,000 machines has ${many} bytes, that of one machine ${one}: keys are not evicted`)
}
