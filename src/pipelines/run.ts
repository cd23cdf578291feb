import { Subject } from 'rxjs'
import type { Batch, Input, Item, Output, Sink, Source } from '../model/index.js'
import { duration, Timeline } from '../time/index.js'
import type { Duration, Pipeline } from '../time/index.js'
import { checkpointDirectory } from './checkpoints.js'
import type { CheckpointStore } from './checkpoints.js'

export interface RunOptions<In extends Item, Out extends Item> {
  readonly source: Source<In>
  readonly pipeline: Pipeline<In, Out>
  /** Each is handed all outputs and takes the kinds that it is for. Their names must differ. */
  readonly sinks: readonly Sink[]
  readonly checkpoints?: {
    /** A directory, or a store of one's own. */
    readonly store: string | CheckpointStore
    /** Of the wall clock; left out: 10 seconds. */
    readonly every?: Duration
    /** Says what the pipeline is made of (its rules, say): a run with other text is refused to go on from there. */
    readonly pipeline?: string
  }
  /** Stops the run in order. Left out: SIGINT and SIGTERM do. */
  readonly signal?: AbortSignal
  /** Called after each batch. */
  readonly onBatch?: (batch: Batch<In>) => void
}

export interface RunResult {
  /** `true`: the data have ended; `false`: it was stopped, and goes on from its checkpoint. */
  readonly ended: boolean
  /** It went on from a checkpoint. */
  readonly resumed: boolean
}

/**
 * Runs a pipeline from a source into sinks until the data end, or until it is stopped.
 *
 * The next batch is read when the sinks have taken the last one. A stop saves and does not complete: no half window is flushed, and a second run
 * with the same checkpoints goes on exactly there, as it does after a kill. When the data end, everything is flushed, and a second run finds nothing left to do.
 * Rejects with the first error of source, pipeline or sink, naming it; then nothing more is saved.
 *
 * @example
 * await run({ source: jsonlSource({ input: 'readings.jsonl' }), pipeline: monitor(reference), sinks: [jsonlSink({ path: 'alarms.jsonl', kinds: ['alarm'] })] })
 */
export async function run<In extends Item = Input, Out extends Item = Output>(options: RunOptions<In, Out>): Promise<RunResult> {
  const { source, sinks, checkpoints } = options
  const names = new Set(sinks.map(({ name }) => name))
  if (names.size < sinks.length) throw new Error(`sinks must have different names: ${sinks.map(({ name }) => name).join(', ')}`)
  const store = typeof checkpoints?.store === 'string' ? checkpointDirectory(checkpoints.store) : checkpoints?.store
  const every = duration(checkpoints?.every ?? '10s')
  const identity = checkpoints?.pipeline ?? ''
  const stop = options.signal === undefined ? stopOnSignals() : undefined
  const signal = options.signal ?? stop!.signal

  try {
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
    for (const sink of sinks) await named(sink, sink.open(from?.sinks.get(sink.name)))
    if (from?.ended === true) {
      for (const sink of sinks) await named(sink, sink.close(true))
      return { ended: true, resumed: true }
    }

    const time = new Timeline(from?.timeline)
    const input = new Subject<In>()
    let outputs: Out[] = []
    let failure: { readonly error: unknown } | undefined
    const subscription = options
      .pipeline(time)(input)
      .subscribe({
        next: (item) => {
          outputs.push(item)
        },
        error: (error: unknown) => {
          failure = { error }
        },
      })
    const unclaimed = time.unclaimed()
    if (unclaimed.length > 0) process.emitWarning(`the checkpoint holds state of ${unclaimed.join(', ')}, which this pipeline has not: it is kept and not used`)

    const write = async (): Promise<void> => {
      if (failure !== undefined) throw failure.error
      if (outputs.length === 0) return
      const items = outputs
      outputs = []
      await Promise.all(sinks.map((sink) => named(sink, sink.write(items))))
    }

    let position = from?.position
    let savedAt = Date.now()
    const save = async (ended: boolean): Promise<void> => {
      if (store === undefined) return
      const timeline = time.save()
      const states = await Promise.all(sinks.map(async (sink) => [sink.name, await named(sink, sink.save())] as const))
      await store.save({ source: source.name, position, timeline, sinks: new Map(states), pipeline: identity, ended })
      savedAt = Date.now()
    }

    if (from === undefined) await save(false)

    const accept = async (batch: Batch<In>): Promise<void> => {
      for (const item of batch.items) input.next(item)
      position = batch.position
      await write()
      options.onBatch?.(batch)
      if (Date.now() - savedAt >= every) await save(false)
    }

    const ended = await source.read(accept, { signal, ...(position === undefined ? {} : { from: position }) })
    if (ended) {
      input.complete()
      time.drain()
      await write()
    }
    await save(ended)
    subscription.unsubscribe()
    for (const sink of sinks) await named(sink, sink.close(ended))
    return { ended, resumed: from !== undefined }
  } finally {
    stop?.release()
    await store?.release()
  }
}

async function named<T>(sink: Sink, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw new Error(`sink '${sink.name}': ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

function stopOnSignals(): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController()
  const abort = (): void => {
    controller.abort()
  }
  process.on('SIGINT', abort)
  process.on('SIGTERM', abort)
  return {
    signal: controller.signal,
    release() {
      process.off('SIGINT', abort)
      process.off('SIGTERM', abort)
    },
  }
}
