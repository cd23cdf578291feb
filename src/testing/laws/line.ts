import { inspect, isDeepStrictEqual } from 'node:util'
import { Observable, pipe, Subject } from 'rxjs'
import type { OperatorFunction } from 'rxjs'
import type { Input } from '../../model/index.js'
import { inOrder } from '../../operators/index.js'
import { Timeline } from '../../time/index.js'
import type { Edge, OperatorUnderTest } from './operator.js'

/** `'none'`: nothing stands in front, and what is pushed, in order, moves the timeline. */
export type AnyEdge = Edge | 'none'

/** The pipeline that a law runs: the operator with what stands in front of it. */
export const pipeline = <Out>(op: OperatorUnderTest<Out>, edge: AnyEdge): OperatorUnderTest<unknown> =>
  edge === 'own' || edge === 'none' ? op : (time) => pipe(inOrder<Input>(edge, time), op(time))

/** A pipeline that is subscribed, and what has come of it. */
export interface Line {
  readonly time: Timeline
  /** Copies, made when they came. */
  readonly outputs: readonly unknown[]
  /** As they came. */
  readonly originals: readonly unknown[]
  readonly errors: readonly unknown[]
  /** How often it completed. */
  completions(): number
  /** How often it subscribed to its input, and how often it left it. */
  subscriptions(): number
  teardowns(): number
  push(item: Input): void
  complete(): void
  error(reason: unknown): void
  unsubscribe(): void
}

export interface LineOptions {
  readonly saved?: Uint8Array
  /** Stands behind the pipeline. */
  readonly behind?: OperatorFunction<unknown, unknown>
  /** Called with each output, and with its number from 0 on, after it was noted. */
  readonly onOutput?: (index: number, line: Line) => void
  /** Off where an output must not be touched. */
  readonly copies?: boolean
}

const copy = (out: unknown): unknown => {
  try {
    return structuredClone(out)
  } catch {
    return out
  }
}

export function line<Out>(op: OperatorUnderTest<Out>, edge: AnyEdge, options: LineOptions = {}): Line {
  const time = new Timeline(options.saved)
  const input = new Subject<Input>()
  const outputs: unknown[] = []
  const originals: unknown[] = []
  const errors: unknown[] = []
  let completions = 0
  let subscriptions = 0
  let teardowns = 0
  const source = new Observable<Input>((subscriber) => {
    subscriptions++
    const subscription = input.subscribe(subscriber)
    return () => {
      teardowns++
      subscription.unsubscribe()
    }
  })
  const output = pipeline(op, edge)(time)(source)
  const itself: Line = {
    time,
    outputs,
    originals,
    errors,
    completions: () => completions,
    subscriptions: () => subscriptions,
    teardowns: () => teardowns,
    push: (item) => {
      if (edge === 'none' && (item.kind === 'reading' || item.kind === 'tick') && item.time > time.now()) time.advance(item.time)
      input.next(item)
    },
    complete: () => {
      if (edge === 'none') time.settle()
      input.complete()
    },
    error: (reason) => {
      input.error(reason)
    },
    unsubscribe: () => {
      subscription?.unsubscribe()
    },
  }
  const subscription = (options.behind === undefined ? output : options.behind(output)).subscribe({
    next: (out) => {
      originals.push(out)
      outputs.push(options.copies === false ? out : copy(out))
      options.onOutput?.(outputs.length - 1, itself)
    },
    error: (reason: unknown) => {
      errors.push(reason)
    },
    complete: () => {
      completions++
    },
  })
  return itself
}

/** An error is not an output: no law holds of an operator that fails on its inputs. */
export function checkAlive({ errors }: Line, where: string): void {
  if (errors.length > 0) throw new Error(`${where}: the operator ended with an error, and these inputs have nothing wrong: ${text(errors[0])}`, { cause: errors[0] })
}

/** All outputs of one run from the first input to the end of the data. */
export function run<Out>(op: OperatorUnderTest<Out>, edge: AnyEdge, inputs: readonly Input[], where = 'in one go'): readonly unknown[] {
  const whole = line(op, edge)
  for (const item of inputs) whole.push(item)
  whole.complete()
  checkAlive(whole, where)
  if (whole.completions() === 0) throw new Error(`${where}: the input has completed and the operator has not`)
  return whole.outputs
}

/** What stands behind the edge is handed. */
export const ordered = (edge: Edge, inputs: readonly Input[]): readonly Input[] =>
  edge === 'own' ? inputs : (run<Input>(() => (source) => source, edge, inputs) as readonly Input[])

export const text = (value: unknown): string =>
  value instanceof Error ? `${value.name}: ${value.message}` : inspect(value, { depth: 8, breakLength: Infinity, maxArrayLength: 20 })

/** Throws where two runs differ, and shows the first difference. NaN equals NaN, 0 is not -0. */
export function sameOutputs(expected: readonly unknown[], got: readonly unknown[], where: string): void {
  const longer = Math.max(expected.length, got.length)
  for (let i = 0; i < longer; i++) {
    if (i < expected.length && i < got.length && isDeepStrictEqual(expected[i], got[i])) continue
    const shown = (outputs: readonly unknown[]): string => (i < outputs.length ? text(outputs[i]) : '(none)')
    throw new Error([
      `${where}: outputs[${i}] differs (${expected.length} outputs expected, ${got.length} came)`,
      `  expected ${shown(expected)}`,
      `  got      ${shown(got)}`,
      ...(i > 0 ? [`  after    ${text(expected[i - 1])}`] : []),
    ].join('\n'))
  }
}
