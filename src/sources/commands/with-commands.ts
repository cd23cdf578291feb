import type { Batch, Command, Item, Position, Reading, Source } from '../../model/index.js'
import type { Inbox } from './inbox.js'

interface CommandsPosition {
  /** Absent: nothing of the source was taken in yet. */
  readonly source?: Position
  /** So many commands have been handed over. */
  readonly commands: number
  /** The latest event time that was handed over, in epoch milliseconds; absent: none yet. */
  readonly time?: number
}

/**
 * Hands over what operators ask for between the batches of another source, and while that waits for its pace or for its data; never two batches at once.
 * It has the name of that source. A position tells how many commands have been handed over: a run that goes on hands over those behind it where the data have come to their `time` again, as they had when they were given; one whose time is 0 at once.
 * When the data end, those that are there are handed over first; what comes later is for nobody.
 *
 * @example
 * const inbox = memoryInbox()
 * await run({ source: withCommands(source, inbox), pipeline, sinks })
 */
export function withCommands<T extends Item>(source: Source<T>, inbox: Pick<Inbox, 'behind' | 'onPut'>): Source<T | Command> {
  return {
    name: source.name,
    ...(source.saved === undefined ? {} : { saved: async (position: Position) => { await source.saved!((position as CommandsPosition | undefined)?.source) } }),
    async read(accept, { from, signal, ...options }) {
      const start = from === undefined ? undefined : asPosition(from, source.name)
      let position: Position = start?.source
      let commands = start?.commands ?? 0
      let latest = start?.time ?? 0
      let progress: number | undefined
      const failed = new AbortController()
      const told = AbortSignal.any([signal, failed.signal])
      let failure: { readonly error: unknown } | undefined
      let turn: Promise<void> = Promise.resolve()

      /** One at a time, in the order in which they ask. */
      const inTurn = (work: () => Promise<void>): Promise<void> => {
        const done = turn.then(async () => {
          if (failure !== undefined) throw failure.error
          await work()
        })
        turn = done.catch((error: unknown) => {
          failure ??= { error }
          failed.abort()
        })
        return done
      }
      const at = (): CommandsPosition => ({ ...(position === undefined ? {} : { source: position }), commands, ...(latest === 0 ? {} : { time: latest }) })
      /** In their order: one that is not due holds back those behind it. */
      const due = (): readonly Command[] => {
        const waiting = inbox.behind(commands)
        const first = waiting.findIndex(({ time }) => time > latest)
        return first < 0 ? waiting : waiting.slice(0, first)
      }
      const handOver = async (which: () => readonly Command[]): Promise<void> => {
        if (told.aborted) return
        const items = which()
        if (items.length === 0) return
        commands += items.length
        await accept({ items, position: at(), ...(progress === undefined ? {} : { progress }) })
      }
      const ask = (): void => { inTurn(() => handOver(due)).catch(() => undefined) }
      const release = inbox.onPut(ask)
      try {
        ask()
        const ended = await source.read((batch: Batch<T>) => inTurn(async () => {
          position = batch.position
          progress = batch.progress
          for (const item of batch.items) if (item.kind === 'reading') latest = Math.max(latest, (item as unknown as Reading).time)
          await accept({ ...batch, position: at() })
          await handOver(due)
        }), { ...options, signal: told, ...(position === undefined ? {} : { from: position }) })
        if (ended) await inTurn(() => handOver(() => inbox.behind(commands)))
        await turn
        if (failure !== undefined) throw failure.error
        return ended
      } finally {
        release()
      }
    },
  }
}

function asPosition(from: Position, name: string): CommandsPosition {
  const { commands } = (from ?? {}) as Partial<CommandsPosition>
  if (Number.isSafeInteger(commands) && commands! >= 0) return from as CommandsPosition
  throw new Error(`${name}: the saved position was taken without commands, or by an earlier version: go on with that, or start afresh in another directory`)
}
