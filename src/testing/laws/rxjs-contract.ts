import { config, filter, from, map, pipe } from 'rxjs'
import type { OperatorFunction } from 'rxjs'
import type { Input, Reading } from '../../model/index.js'
import { adding, keyed } from '../../operators/index.js'
import { eventTime } from '../../time/index.js'
import type { Timeline } from '../../time/index.js'
import { checkAlive, line, ordered, pipeline, run, sameOutputs, text } from './line.js'
import type { AnyEdge, Line } from './line.js'
import { machineOf } from './machine-of.js'
import type { Edge, OperatorUnderTest } from './operator.js'
import { standardEdge } from './operator.js'
import { wallClock } from './wall-clock.js'

/**
 * Law 6. Errors and completion of the input pass through, once; the input is subscribed to once and left once; a second subscriber starts afresh;
 * a throw while an item is worked on, or in an operator behind, becomes an error, and a throw in the last observer is reported and disturbs nothing;
 * an item that is pushed back from within an output is refused with an error, or loses and reorders nothing;
 * a judge behind `adding(op)` judges each machine once an instant.
 *
 * The operator itself is driven, without an `inOrder` in front, by what `edge` makes of the inputs (not so where the edge is its own).
 * Throws an `Error` that says what was broken.
 */
export function rxjsContract<Out>(op: OperatorUnderTest<Out>, inputs: readonly Input[], edge: Edge = standardEdge): void {
  const bare: AnyEdge = edge === 'own' ? 'own' : 'none'
  const items = fromFirstInstant(ordered(edge, inputs))
  const unhandled: unknown[] = []
  const reported = config.onUnhandledError
  config.onUnhandledError = (error) => {
    unhandled.push(error)
  }
  const clock = wallClock(Date.UTC(2026, 0, 1))
  const unreported = (): readonly unknown[] => {
    clock.advance(1)
    return unhandled.splice(0)
  }
  try {
    endings(op, items, bare)
    afresh(op, inputs, edge)
    throws(op, items, bare, unreported)
    throwsBehind(op, items, bare, unreported)
    reentrance(op, items, bare)
    diamond(op, items, bare)
  } finally {
    clock.restore()
    config.onUnhandledError = reported
  }
}

/** What was rejected before the first reading or tick has come to be handed on after it: without `inOrder`, nothing would have begun its time. */
const fromFirstInstant = (items: readonly Input[]): readonly Input[] => {
  const first = items.findIndex(({ kind }) => kind === 'reading' || kind === 'tick')
  return first < 0 ? [] : items.slice(first)
}

function checkEnd(ended: Line, where: string, end: { readonly error?: unknown }): void {
  const { errors } = ended
  const expected = 'error' in end ? [end.error] : []
  if (errors.length !== expected.length || errors.some((error) => error !== end.error))
    throw new Error(`${where}: expected ${expected.length === 0 ? 'no error' : `the error ${text(end.error)}`}, got ${errors.length === 0 ? 'none' : errors.map(text).join(', ')}`)
  if (ended.completions() !== 1 - expected.length) throw new Error(`${where}: it completed ${ended.completions()} times, expected ${1 - expected.length}`)
  checkLeft(ended, where)
}

function checkLeft(ended: Line, where: string): void {
  if (ended.subscriptions() !== 1) throw new Error(`${where}: it subscribed to its input ${ended.subscriptions()} times, expected once`)
  if (ended.teardowns() !== 1) throw new Error(`${where}: it left its input ${ended.teardowns()} times, expected once`)
  if (ended.time.pending() > 0) throw new Error(`${where}: ${ended.time.pending()} timer(s) are still set`)
}

function endings<Out>(op: OperatorUnderTest<Out>, items: readonly Input[], edge: AnyEdge): void {
  for (const n of new Set([0, Math.ceil(items.length / 2), items.length])) {
    const completed = line(op, edge)
    for (const item of items.slice(0, n)) completed.push(item)
    completed.complete()
    checkEnd(completed, `RxJS's contract: its input completed after ${n} items`, {})
    const failed = line(op, edge)
    const error = new Error('the input fails')
    for (const item of items.slice(0, n)) failed.push(item)
    failed.error(error)
    checkEnd(failed, `RxJS's contract: its input failed after ${n} items`, { error })
  }
}

function afresh<Out>(op: OperatorUnderTest<Out>, inputs: readonly Input[], edge: Edge): void {
  const outputs = from(inputs).pipe(eventTime(pipeline(op, edge)))
  const collect = (): readonly unknown[] => {
    const collected: unknown[] = []
    outputs.subscribe((out) => collected.push(out)).unsubscribe()
    return collected
  }
  sameOutputs(collect(), collect(), "RxJS's contract: the second subscriber of one eventTime")
}

function throws<Out>(op: OperatorUnderTest<Out>, items: readonly Input[], edge: AnyEdge, unreported: () => readonly unknown[]): void {
  const readings = items.filter((item) => item.kind === 'reading')
  for (const victim of new Set([readings[0], readings[readings.length >> 1], readings.at(-1)]))
    for (const field of ['value', 'quality', 'sensor'] as const) {
      if (victim === undefined) continue
      const where = `RxJS's contract: the ${field} of input ${items.indexOf(victim)} throws when it is read`
      const error = new Error(`${field} throws`)
      let reads = 0
      const poisoned: Reading = Object.defineProperty({ ...victim }, field, {
        enumerable: true,
        get: () => {
          reads++
          throw error
        },
      })
      const part = line(op, edge, { copies: false })
      try {
        for (const item of items) part.push(item === victim ? poisoned : item)
        part.complete()
      } catch (thrown) {
        throw new Error(`${where}: the throw came out where the item was pushed in, expected an error of the stream: ${text(thrown)}`, { cause: thrown })
      }
      const stray = unreported()
      if (stray.length > 0) throw new Error(`${where}: it was reported as unhandled, expected an error of the stream`)
      checkEnd(part, where, reads > 0 ? { error } : {})
    }
}

function throwsBehind<Out>(op: OperatorUnderTest<Out>, items: readonly Input[], edge: AnyEdge, unreported: () => readonly unknown[]): void {
  const expected = run(op, edge, items)
  for (const n of new Set([0, expected.length >> 1, expected.length - 1])) {
    if (n < 0 || n >= expected.length) continue
    const error = new Error('an operator behind throws')
    const failed = line(op, edge, { behind: map((out, index) => { if (index === n) throw error; return out }) })
    for (const item of items) failed.push(item)
    failed.complete()
    checkEnd(failed, `RxJS's contract: an operator behind throws at output ${n}`, { error })
  }
  const watched = line(op, edge, { onOutput: () => { throw new Error('the observer throws') } })
  for (const item of items) watched.push(item)
  watched.complete()
  const where = "RxJS's contract: the observer throws at each output, which RxJS reports"
  sameOutputs(expected, watched.outputs, where)
  checkEnd(watched, where, {})
  if (unreported().length !== expected.length) throw new Error(`${where}: not each of them was reported`)
}

/** One item is pushed back from within output `n`; or, to have something to compare with, as soon as the push that made it has returned. */
function reentrance<Out>(op: OperatorUnderTest<Out>, items: readonly Input[], edge: AnyEdge): void {
  const count = run(op, edge, items).length
  const stride = Math.ceil(count / 10)
  const feed = (n: number, within: boolean): Line => {
    let current: Input | undefined
    let waiting: Input | undefined
    const back = (itself: Line): Input | undefined =>
      current?.kind === 'reading' && (edge === 'own' || itself.time.now() === current.time) ? { ...current, value: current.value + 1 } : undefined
    const fed = line(op, edge, {
      onOutput: (index, itself) => {
        if (index !== n) return
        const item = back(itself)
        if (item === undefined) return
        if (within) itself.push(item)
        else waiting = item
      },
    })
    for (const item of items) {
      current = item
      fed.push(item)
      if (waiting !== undefined) fed.push(waiting)
      waiting = undefined
    }
    current = undefined
    fed.complete()
    return fed
  }
  for (let n = 0; n < count; n += stride) {
    const where = `RxJS's contract: an item is pushed back from within output ${n}`
    const within = feed(n, true)
    if (within.errors.length === 0) sameOutputs(feed(n, false).outputs, within.outputs, `${where}, with no error`)
    checkLeft(within, where)
  }
}

interface Judged {
  readonly machine: string
  readonly at: number
}

/** What belongs to no instant: it is handed on where it arrives. */
const passing: readonly unknown[] = ['rejected', 'command', 'rules', 'tick'] satisfies readonly Input['kind'][]

/** Judges a machine at the end of each instant in which it was handed anything of it. What `end` emits when the data end is not judged. */
const judge = (time: Timeline): OperatorFunction<unknown, Judged> =>
  keyed<unknown, Judged, { wakeAt: number; readonly machine: string }>(
    {
      name: 'judge',
      version: 1,
      start: (machine) => ({ wakeAt: Infinity, machine }),
      next: (state, _item, now) => {
        state.wakeAt = now
      },
      wake: (state, due, emit) => {
        state.wakeAt = Infinity
        emit({ machine: state.machine, at: due })
      },
    },
    { key: (item) => machineOf(item) ?? '' },
    time,
  )

function diamond<Out>(op: OperatorUnderTest<Out>, items: readonly Input[], edge: AnyEdge): void {
  const judged = line((time) => {
    const stage: OperatorFunction<Input, unknown> = edge === 'own' ? op(time) : adding(op(time) as OperatorFunction<Input, unknown>)
    return pipe(stage, filter((out) => !passing.includes((out as { readonly kind?: unknown } | null)?.kind)), judge(time))
  }, edge)
  for (const item of items) judged.push(item)
  judged.push({ kind: 'tick', time: Math.max(0, ...items.map(({ time }) => time).filter(Number.isFinite)) + 86_400_000 })
  judged.unsubscribe()
  checkAlive(judged, "RxJS's contract: with a judge behind it")
  const seen = new Set<string>()
  for (const { machine, at } of judged.outputs as readonly Judged[]) {
    const instant = `${machine} at ${at}`
    if (seen.has(instant)) throw new Error(`RxJS's contract: a judge behind adding(it) judges ${machine === '' ? 'what has no machine' : machine} twice in the instant ${at}: it emits after the judges behind it had their turn`)
    seen.add(instant)
  }
}
