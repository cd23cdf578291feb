import { Subject } from 'rxjs'
import type { Subscription } from 'rxjs'
import type { Batch, CheckpointStore, Input, Item, Journal, Output, Sink, Source } from '../model/index.js'
import { duration, Timeline } from '../time/index.js'
import type { Duration, Pipeline } from '../time/index.js'
import { checkpointDirectory } from './checkpoints.js'

export interface RunOptions<In extends Item, Out extends Item> {
  readonly source: Source<In>
  readonly pipeline: Pipeline<In, Out>
  /** Each is handed all outputs and takes the kinds that it is for. Their names must differ. */
  readonly sinks: readonly Sink[]
  /** Each is handed what the source hands over, as it came: for a lake of raw data. */
  readonly inputs?: readonly Sink[]
  /** Takes in each batch and what was made of it before the sinks see any of that. It wants `checkpoints`. */
  readonly journal?: Journal<Out>
  readonly checkpoints?: {
    /** A directory, or a store of one's own. */
    readonly store: string | CheckpointStore
    /** Of the wall clock; left out: 10 seconds. */
    readonly every?: Duration
    /**
     * Says what the pipeline is made of: its rules and settings, as text. A run with other text is refused to go on from there.
     * Left out, it is '', and nothing is checked here: operators that tell what they were made of (`alarms` its rules) refuse the state of others,
     * and all else, such as settings or the order of wiring, may go on in state that is not its own. So give it, or begin with an empty directory when the pipeline changes.
     */
    readonly pipeline?: string
  }
  /**
   * Stops the run in order. Left out: the first SIGINT or SIGTERM does. Then a second one has Node's own effect, the end of the process,
   * but for 300 ms: within them it is taken for the same one, sent on by npm.
   */
  readonly signal?: AbortSignal
  /** Called after each batch. */
  readonly onBatch?: (batch: Batch<In>) => void
}

export interface RunResult {
  /** `true`: the data have ended, or the pipeline has completed before them; `false`: it was stopped, and goes on from its checkpoint. */
  readonly ended: boolean
  /** It went on from a checkpoint. */
  readonly resumed: boolean
}

/**
 * Runs a pipeline from a source into sinks until the data end, the pipeline completes (`take(3)`), or it is stopped.
 *
 * The next batch is read when the sinks have taken the last one. A stop saves and does not complete: no half window is flushed, and a second run
 * with the same checkpoints goes on exactly there, as it does after a kill. When the data end, everything is flushed, and a second run finds nothing left to do.
 *
 * A pipeline works synchronously: the run rejects where it has not completed when the data have ended, as with `mergeMap(async ...)`.
 * A checkpoint holds the state of motorwatch's operators. That of RxJS's own (`scan`, `buffer`, `take`, `distinctUntilChanged`, ...) is not part of it:
 * they begin afresh in a run that goes on. Where that matters, write a behaviour and run it with `keyed`.
 *
 * Rejects with the first error of source, pipeline or sink, naming it (`source 'x': `, `pipeline: `, `sink 'x': `; the original is its `cause`), and where the source
 * stops without having been told to. Then nothing more is saved; every sink has ended its work and is closed as on a stop.
 *
 * @example
 * await run({ source: jsonlSource({ input: 'readings.jsonl' }), pipeline: monitor(reference), sinks: [jsonlSink({ path: 'alarms.jsonl', kinds: ['alarm'] })] })
 */
export async function run<In extends Item = Input, Out extends Item = Output>(options: RunOptions<In, Out>): Promise<RunResult> {
  const { source, inputs = [], journal, checkpoints } = options
  const sinks = [...options.sinks, ...inputs]
  const names = new Set(sinks.map(({ name }) => name))
  if (journal !== undefined && checkpoints === undefined) throw new Error(`the journal ${journal.name} is read again behind a checkpoint: say in \`checkpoints\` where they are kept`)
  if (names.size < sinks.length) throw new Error(`sinks must have different names: ${sinks.map(({ name }) => name).join(', ')}`)
  const store = typeof checkpoints?.store === 'string' ? checkpointDirectory(checkpoints.store) : checkpoints?.store
  const every = duration(checkpoints?.every ?? '10s')
  const identity = checkpoints?.pipeline ?? ''
  const stop = options.signal === undefined ? stopOnSignals() : undefined
  const signal = options.signal ?? stop!.signal
  const open: Sink[] = []
  const inJournal = <T>(work: () => T | Promise<T>): Promise<T> => named(`journal '${journal?.name ?? ''}'`, work)
  const close = async (completed: boolean): Promise<void> => {
    while (open.length > 0) {
      const sink = open.shift()!
      await named(`sink '${sink.name}'`, () => sink.close(completed))
    }
  }
  let subscription: Subscription | undefined

  try {
    // Whoever had it before is shut out first: then nothing is made any more that the checkpoint would not know of, and whoever cannot shut out others takes nothing from them.
    const mark = await inJournal(() => journal?.open())
    const from = await store?.load()
    if (from !== undefined) {
      const refuse = (what: string): never => {
        throw new Error(`the checkpoint in ${store!.name} was taken ${what}: go on with that, or start afresh in another directory`)
      }
      if (from.source !== source.name) refuse(`of '${from.source}', this run reads '${source.name}'`)
      if (from.pipeline !== identity) refuse('with other rules or settings')
      const strangers = [...from.sinks.keys()].filter((name) => !names.has(name))
      if (strangers.length > 0 || from.sinks.size < names.size) refuse(`with the sinks ${[...from.sinks.keys()].join(', ')}, this run has ${[...names].join(', ')}`)
    }
    for (const sink of sinks) {
      await named(`sink '${sink.name}'`, () => sink.open(from?.sinks.get(sink.name)))
      open.push(sink)
    }
    if (from?.ended === true) {
      await close(true)
      return { ended: true, resumed: true }
    }

    const time = new Timeline(from?.timeline)
    const input = new Subject<In>()
    const done = new AbortController()
    let outputs: Out[] = []
    let failure: { readonly error: unknown } | undefined
    const inPipeline = <T>(work: () => T): Promise<T> =>
      named('pipeline', () => {
        const result = work()
        if (failure !== undefined) throw failure.error
        return result
      })
    await inPipeline(() => {
      subscription = options
        .pipeline(time)(input)
        .subscribe({
          next: (item) => {
            outputs.push(item)
          },
          error: (error: unknown) => {
            failure = { error }
          },
          complete: () => {
            done.abort()
          },
        })
    })
    const unclaimed = time.unclaimed()
    if (unclaimed.length > 0) process.emitWarning(`the checkpoint holds state of ${unclaimed.join(', ')}, which this pipeline has not: it is kept and not used`)

    const write = async (batch: Batch<In>): Promise<void> => {
      const items = outputs
      outputs = []
      if (batch.again !== true) await inJournal(() => journal?.append(batch, items))
      const writes = [...options.sinks.map((sink) => ({ sink, what: items })), ...inputs.map((sink) => ({ sink, what: batch.items }))]
      await allSettled(writes.filter(({ what }) => what.length > 0).map(({ sink, what }) => named(`sink '${sink.name}'`, () => sink.write(what))))
    }

    let position = from?.position
    let endedBefore = false
    let savedAt = Date.now()
    const save = async (ended: boolean): Promise<void> => {
      if (store === undefined) return
      const timeline = await inPipeline(() => time.save())
      const states = await allSettled(sinks.map(async (sink) => [sink.name, await named(`sink '${sink.name}'`, () => sink.save())] as const))
      await store.save({ source: source.name, position, timeline, sinks: new Map(states), pipeline: identity, ended })
      await named(`source '${source.name}'`, () => source.saved?.(position))
      savedAt = Date.now()
    }

    if (from === undefined) await save(false)

    let refused: { readonly error: unknown } | undefined
    const accept = async (batch: Batch<In>): Promise<void> => {
      try {
        await inPipeline(() => {
          for (const item of batch.items) input.next(item)
        })
        position = batch.position
        endedBefore = batch.again === true && batch.end === true
        await write(batch)
        options.onBatch?.(batch)
        if (Date.now() - savedAt >= every) await save(false)
      } catch (error) {
        refused ??= { error }
        throw error
      }
    }

    const read = async (): Promise<boolean> => {
      const told = AbortSignal.any([signal, done.signal])
      const ended = await source.read(accept, { signal: told, ...(position === undefined ? {} : { from: position }), ...(mark === undefined ? {} : { mark }) })
      if (!ended && !told.aborted)
        throw new Error('it has stopped though it was not told to: expected `read` to resolve to true at the end of the data, to false after an abort only, and to reject otherwise')
      return ended
    }
    const atEnd = !done.signal.aborted && (await named(`source '${source.name}'`, read).catch((error: unknown) => {
      throw refused === undefined ? error : refused.error
    }))
    if (refused !== undefined) throw refused.error
    await inPipeline(() => {
      if (!atEnd || done.signal.aborted) return
      input.complete()
      time.drain()
      if (!done.signal.aborted && failure === undefined)
        throw new Error('the data have ended and it has not completed, so it holds asynchronous operators (mergeMap with a promise, delay, observeOn, ...), '
          + 'and their outputs would be lost: hand them the timeline in the place of a scheduler, or do what is asynchronous in the source or in a sink')
    })
    const ended = atEnd || done.signal.aborted
    if (ended) await write({ items: [], position, end: true, ...(endedBefore ? { again: true } : {}) })
    await save(ended)
    subscription?.unsubscribe()
    await close(ended)
    return { ended, resumed: from !== undefined }
  } finally {
    stop?.release()
    await named('pipeline', () => subscription?.unsubscribe()).catch(() => undefined)
    while (open.length > 0) await close(false).catch(() => undefined)
    await inJournal(() => journal?.close()).catch(() => undefined)
    await store?.release()
  }
}

/** What fails says where. */
async function named<T>(where: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw new Error(`${where}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

/** As `Promise.all`, but nothing is still at work when it rejects. */
async function allSettled<T>(works: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(works)
  return Promise.all(works)
}

/** npm sends its children the signal that they have had from the terminal already. */
const SAME_SIGNAL = 300

function stopOnSignals(): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController()
  const release = (): void => {
    process.off('SIGINT', abort)
    process.off('SIGTERM', abort)
  }
  const abort = (): void => {
    if (!controller.signal.aborted) setTimeout(release, SAME_SIGNAL).unref()
    controller.abort()
  }
  process.on('SIGINT', abort)
  process.on('SIGTERM', abort)
  return { signal: controller.signal, release }
}
