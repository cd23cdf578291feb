import { isDeepStrictEqual } from 'node:util'
import { Observable } from 'rxjs'
import type { OperatorFunction, Subscriber } from 'rxjs'
import { TestScheduler } from 'rxjs/testing'
import type { Reading } from '../model/index.js'
import { formatDuration, Timeline } from '../time/index.js'

/** What came out, and when: a value, or the end. */
export type MarbleEvent<T> =
  | { readonly time: number; readonly value: T }
  | { readonly time: number; readonly error: unknown }
  | { readonly time: number; readonly complete: true }

/** What each letter of a diagram stands for: a value, or a function that makes it of the frame's time (such as `reading` returns). */
export type MarbleValues<T> = Readonly<Record<string, T | ((time: number) => T)>>

export interface MarbleRun<In, Out> {
  readonly events: readonly MarbleEvent<Out>[]
  /**
   * The output as a diagram, in its one canonical form: dashes for gaps of up to 10 ms, else times.
   * `values` name what came out; left out: the input's values, where there are none letters name themselves.
   * Throws a RangeError for what a diagram cannot tell: a value without a letter, an event within the room that a group before it takes.
   */
  diagram(values?: MarbleValues<In | Out>): string
  /**
   * Throws an Error that shows both where this is not what came out, compared deeply. `values` are added to those of the input.
   */
  gives(diagram: string, values?: MarbleValues<In | Out>, error?: unknown): void
}

export interface MarbleTest<In, Out> {
  /**
   * The values come in order, each at its frame, on a timeline that is moved there: as they do behind `inOrder`.
   * Time begins with the first frame that has something. `|` closes the instant, completes; `#` is an error at once; then what timers are left run.
   * Without either, time goes on to the end of the diagram, and the pipeline is unsubscribed there.
   */
  of(diagram: string, values?: MarbleValues<In>, error?: unknown): MarbleRun<In, Out>
  /**
   * The values *arrive*, each at its frame, at a pipeline that begins with `inOrder`, which moves the time to the items' own.
   * The times of the output are the timeline's; 0 for what comes out before it began.
   */
  arriving(diagram: string, values?: MarbleValues<In>, error?: unknown): MarbleRun<In, Out>
}

/**
 * Tests a pipeline with marble diagrams, as RxJS's `TestScheduler` reads them in run mode: a frame is a millisecond, `-` lets one pass, `a 59s b` more,
 * `(ab)` come together (and take the room of four characters), `|` ends and `#` fails; white space is nothing.
 * A letter without `values` stands for itself. Throws an Error for a diagram that cannot be read.
 *
 * @example
 * marbles((time) => debounceTime(5000, time)).of('a 1s b 9s c|').gives('6001ms b 4001ms (c|)')
 * marbles((time) => pipe(threshold(heldFor('30s', above('temperature_coil', 120)), {}, time), map(({ truth }) => truth)))
 *   .of('h 40s', { h: reading('m1', 'temperature_coil', 121) })
 *   .gives('30s t', { t: true })
 */
export function marbles<In, Out>(pipeline: (time: Timeline) => OperatorFunction<In, Out>): MarbleTest<In, Out> {
  const test = (moves: boolean) => (diagram: string, values?: MarbleValues<In>, error?: unknown): MarbleRun<In, Out> =>
    outcome(run(pipeline, readMarbles(diagram, values, error), moves), values)
  return { of: test(true), arriving: test(false) }
}

/** For `values`: a good reading that is stamped with the time of its frame. */
export const reading = (machine: string, sensor: string, value: number, others: Partial<Reading> = {}) => (time: number): Reading =>
  ({ kind: 'reading', time, machine, sensor, value, quality: 'good', ...others })

/** The events of a diagram, and the frame after its last character. */
export function readMarbles<T>(diagram: string, values?: MarbleValues<T>, error: unknown = 'error'): { readonly events: readonly MarbleEvent<T>[]; readonly length: number } {
  for (const [mark, why] of [['^', 'a diagram begins with the subscription'], ['!', 'without an end it is unsubscribed behind its last character']] as const)
    if (diagram.includes(mark)) throw wrong(diagram, `'${mark}' is not known here: ${why}`)
  if (!/^[^()]*(\([^()]*\)[^()]*)*$/.test(diagram)) throw wrong(diagram, 'its brackets do not match')
  const messages = parse(`${diagram} |`)
  const length = messages.pop()!.frame
  const end = messages.findIndex(({ notification }) => notification.kind !== 'N')
  if (end >= 0 && end < messages.length - 1) throw wrong(diagram, 'something follows its end')
  const events = messages.map(({ frame: time, notification }): MarbleEvent<T> => {
    if (notification.kind === 'C') return { time, complete: true }
    if (notification.kind === 'E') return { time, error }
    return { time, value: valueOf(diagram, notification.value as string, time, values) }
  })
  return { events, length }
}

/** The diagram of what comes in order of time: see `MarbleRun.diagram`. */
export function showMarbles<T>(events: readonly MarbleEvent<T>[], values?: MarbleValues<T>): string {
  let text = ''
  let frame = 0
  for (let i = 0; i < events.length; ) {
    const { time } = events[i]!
    const letters: string[] = []
    for (; events[i]?.time === time; i++) letters.push(letterOf(events[i]!, values))
    if (time < frame) throw new RangeError(`no diagram can show ${letters.join('')} at ${formatDuration(time)}: the group before it takes the room up to ${formatDuration(frame)}; look at \`events\``)
    text += gap(time - frame) + (letters.length === 1 ? letters[0]! : `(${letters.join('')})`)
    frame = time + (letters.length === 1 ? 1 : letters.length + 2)
  }
  return text.trim()
}

const wrong = (diagram: string, why: string): Error => new Error(`the diagram '${diagram}' cannot be read: ${why}`)

const parse = (diagram: string): ReturnType<typeof TestScheduler.parseMarbles> => {
  const { frameTimeFactor } = TestScheduler
  TestScheduler.frameTimeFactor = 1
  try {
    return TestScheduler.parseMarbles(diagram, undefined, undefined, false, true)
  } finally {
    TestScheduler.frameTimeFactor = frameTimeFactor
  }
}

const made = <T>(value: T | ((time: number) => T), time: number): T => (typeof value === 'function' ? (value as (time: number) => T)(time) : value)

function valueOf<T>(diagram: string, letter: string, time: number, values: MarbleValues<T> | undefined): T {
  if (values === undefined) return letter as T
  if (!Object.hasOwn(values, letter)) throw wrong(diagram, `no value is given for '${letter}' (a time such as 5s has a space on both sides)`)
  return made(values[letter]!, time)
}

function letterOf<T>(event: MarbleEvent<T>, values: MarbleValues<T> | undefined): string {
  if ('complete' in event) return '|'
  if ('error' in event) return '#'
  const { time, value } = event
  if (values === undefined) {
    if (typeof value === 'string' && /^[^\s()|#^!-]$/u.test(value)) return value
  } else for (const [letter, meant] of Object.entries(values)) if (isDeepStrictEqual(made(meant, time), value)) return letter
  throw new RangeError(`no letter stands for what came out at ${formatDuration(time)}, ${JSON.stringify(value)}: name it in \`values\`, or look at \`events\``)
}

function gap(milliseconds: number): string {
  if (milliseconds <= 10 && Number.isInteger(milliseconds)) return '-'.repeat(milliseconds)
  const [size, unit] = milliseconds % 60_000 === 0 ? [60_000, 'm'] : milliseconds % 1000 === 0 ? [1000, 's'] : [1, 'ms']
  return ` ${milliseconds / Number(size)}${unit} `
}

function outcome<In, Out>(events: readonly MarbleEvent<Out>[], inputs: MarbleValues<In> | undefined): MarbleRun<In, Out> {
  return {
    events,
    diagram: (values) => showMarbles<In | Out>(events, values ?? inputs),
    gives: (diagram, values, error) => {
      const known = values === undefined && inputs === undefined ? undefined : { ...inputs, ...values }
      const expected = readMarbles<In | Out>(diagram, known, error).events
      if (!isDeepStrictEqual(events, expected))
        throw new Error(`expected ${list(expected, known)}\n     got ${list(events, known)}`)
    },
  }
}

/** Every event with its time: what a diagram has no room for can be told too. */
function list<T>(events: readonly MarbleEvent<T>[], values: MarbleValues<T> | undefined): string {
  const shown = events.map((event) => {
    const at = formatDuration(event.time)
    if ('error' in event) return `# at ${at}: ${String(event.error)}`
    try {
      return `${letterOf(event, values)} at ${at}`
    } catch {
      return `${JSON.stringify((event as { readonly value: T }).value)} at ${at}`
    }
  })
  return shown.length === 0 ? 'nothing' : shown.join(', ')
}

type Read<T> = ReturnType<typeof readMarbles<T>>

function run<In, Out>(pipeline: (time: Timeline) => OperatorFunction<In, Out>, { events, length }: Read<In>, moves: boolean): readonly MarbleEvent<Out>[] {
  const time = new Timeline()
  const came: MarbleEvent<Out>[] = []
  const now = (): number => (Number.isFinite(time.now()) ? time.now() : 0)
  let input: Subscriber<In> | undefined
  const source = new Observable<In>((subscriber) => {
    input = subscriber
  })
  const subscription = pipeline(time)(source).subscribe({
    next: (value) => came.push({ time: now(), value }),
    error: (error: unknown) => came.push({ time: now(), error }),
    complete: () => came.push({ time: now(), complete: true }),
  })
  const move = (to: number): void => {
    if (moves) time.advance(to)
  }
  try {
    for (const [i, event] of events.entries()) {
      if (subscription.closed) break
      move(event.time)
      if ('value' in event) {
        input?.next(event.value)
        const next = events[i + 1]
        if (moves && (next === undefined || next.time > event.time || 'complete' in next)) time.settle()
      } else {
        if ('error' in event) input?.error(event.error)
        else input?.complete()
        if (!subscription.closed) time.drain()
      }
    }
    if (events.every((event) => 'value' in event)) move(length)
  } catch (error) {
    if (input === undefined || input.closed) throw error
    input.error(error)
  }
  subscription.unsubscribe()
  return came
}
