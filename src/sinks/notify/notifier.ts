import type { Alarm, Item, Sink } from '../../model/index.js'
import { formatDuration } from '../../time/duration.js'
import { agenda } from './agenda.js'
import { beside } from './beside.js'
import { catchingUp } from './catching-up.js'
import { attempted, caughtUp, isIdle, settled, take, withoutOld } from './ledger.js'
import type { Active, Mark } from './ledger.js'
import type { Message } from './notification.js'
import type { NotifyOptions } from './options.js'
import { Refused } from './refused.js'
import { alarmKey } from './standing.js'
import { toldLog } from './told-log.js'

/** Where messages go. */
export interface Target {
  /** Of the sink. */
  readonly name: string
  /** What is waited for, without any secret: `webhook hooks.example.com`. */
  readonly server: string
  /** Resolves when the target has acknowledged it. Rejects with `Refused` where trying again would not help. */
  send(message: Message, signal: AbortSignal): Promise<void>
  /** In one line without any secret: why `send` rejected otherwise. */
  describe(error: unknown): string
  close?(): Promise<void>
  /** How long `send` may take; left out: 10 seconds. */
  readonly limit?: number
}

interface NotifierState {
  readonly version: 1
  readonly active: ReadonlyMap<string, Active>
  readonly marks: ReadonlyMap<string, Mark>
}

/** Tells of alarms beside the pipeline, one message at a time: `write` never waits for the target. `clock` is that of the wall. */
export function notifier<T extends Item = Item>(target: Target, options: NotifyOptions, clock: () => number = Date.now): Sink<T> {
  const { onRefused = ({ key }, why) => { process.emitWarning(`${target.name}: message ${key} is refused and not tried again: ${why}`) } } = options
  const past = catchingUp(options.maxAge)
  const plan = agenda(options, ({ time }, now) => past.heldUntil(time, now))
  const log = options.log === undefined ? undefined : toldLog(options.log)
  const marks = new Map<string, Mark>()
  const active = new Map<string, Active>()
  let passed = 0

  const markOf = (key: string): Mark => marks.get(key) ?? {}

  const keep = (key: string, state: Active): void => {
    const { active: left, passed: more } = withoutOld(markOf(key), state, (time) => past.isOld(time, clock()))
    passed += more
    if (isIdle(left)) active.delete(key)
    else active.set(key, left)
  }

  /** Said once for all of a time that is caught up with. */
  const sayPassed = (): void => {
    if (passed > 0) process.emitWarning(`${target.name}: ${passed} ${passed === 1 ? 'alarm that was over is' : 'alarms that were over are'} not told, for ${passed === 1 ? 'it is' : 'they are'} older than ${formatDuration(past.maxAge)}`)
    passed = 0
  }

  /** Where the log cannot be written, people are told all the same, perhaps twice. */
  const note = async (noted: readonly (readonly [string, Mark])[]): Promise<void> => {
    for (const [key, mark] of noted) marks.set(key, mark)
    if (log !== undefined && noted.length > 0) await log.append(noted).catch((error: unknown) => { process.emitWarning((error as Error).message) })
  }

  const settle = async ({ notifications }: Message, group: string): Promise<void> => {
    const told = notifications.map((notification) => {
      const key = alarmKey(notification.alarm)
      return { key, ...settled(markOf(key), active.get(key) ?? { pending: [] }, notification, clock()) }
    })
    plan.told(group, clock(), told.some(({ active: { pending } }) => pending.length > 0))
    for (const { key, active: left } of told) keep(key, left)
    await note(told.map(({ key, mark }) => [key, mark]))
  }

  const tell = async (message: Message, group: string, signal: AbortSignal): Promise<void> => {
    await note(message.notifications.flatMap((notification) => {
      const key = alarmKey(notification.alarm)
      const [before, after] = [markOf(key), attempted(markOf(key), notification)]
      return after === before ? [] : [[key, after] as const]
    }))
    try {
      await target.send(message, signal)
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      onRefused(message, error.message)
    }
    await settle(message, group)
  }

  const work = beside({
    name: target.name, server: target.server, describe: target.describe, onWaiting: options.onWaiting, limit: target.limit, clock,
    next(ending) {
      const now = clock()
      if (ending) past.end()
      for (const [key, state] of active) keep(key, state)
      if (past.heldUntil(-Infinity, now) <= now) sayPassed()
      const next = plan.next(active, markOf, now, ending)
      return 'message' in next ? (signal) => tell(next.message, next.group, signal) : next.at
    },
  })

  return {
    name: target.name,
    async open(saved) {
      const state = saved === undefined ? undefined : asState(saved, target.name)
      for (const map of [marks, active]) map.clear()
      past.begin(clock())
      for (const [key, mark] of state?.marks ?? []) marks.set(key, mark)
      for (const [key, mark] of await log?.open() ?? []) if ((mark.told?.time ?? -Infinity) >= (marks.get(key)?.told?.time ?? -Infinity)) marks.set(key, mark)
      for (const [key, one] of state?.active ?? []) keep(key, caughtUp(markOf(key), one))
      work.open()
    },
    async write(items) {
      past.heard(items, clock())
      for (const item of items) {
        if (item.kind !== 'alarm') continue
        const key = alarmKey(item as unknown as Alarm)
        keep(key, take(markOf(key), active.get(key) ?? { pending: [] }, item as unknown as Alarm))
      }
      work.poke()
    },
    save: async (): Promise<NotifierState> => ({ version: 1, active: new Map(active), marks: new Map(marks) }),
    async close(completed) {
      await work.close(completed)
      sayPassed()
      await log?.close()
      await target.close?.()
      const left = [...active.values()].flatMap(({ pending }) => pending)
      if (completed && left.length > 0) process.emitWarning(`${target.name}: the data have ended, and ${left.length} could not be told: ${left.slice(0, 3).map(({ alarm }) => alarm.id).join(', ')}; a run that goes on from the checkpoint tries again`)
    },
  }
}

function asState(saved: unknown, name: string): NotifierState {
  const { version, active, marks } = (saved ?? {}) as Partial<NotifierState>
  if (version === 1 && active instanceof Map && marks instanceof Map) return saved as NotifierState
  throw new Error(`${name}: cannot resume: the saved state is ${JSON.stringify(saved)?.slice(0, 100)}; expected what \`save\` of version 1 returned`)
}
