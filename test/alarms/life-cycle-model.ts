import type { AlarmEvent } from '../../src/alarms/index.js'
import type { AlarmState, AlarmStatus } from '../../src/model/index.js'

type Silence = 'shelved' | 'suppressed' | 'out-of-service'

/** The life cycle said another way: what would be shown if nothing were silent, and beside it the silences that are in force. */
export interface Model {
  readonly latched: boolean
  inner: Exclude<AlarmStatus, Silence>
  condition: boolean
  readonly silences: Set<Silence>
  until: number
  level: number
  noData: boolean
  raisedAt: number
  now: number
}

export const startModel = (latched: boolean): Model => ({
  latched,
  inner: 'normal',
  condition: false,
  silences: new Set(),
  until: NaN,
  level: 0,
  noData: false,
  raisedAt: NaN,
  now: 0,
})

export const shownBy = ({ inner, silences }: Model): AlarmStatus => (['out-of-service', 'suppressed', 'shelved'] as const).find((each) => silences.has(each)) ?? inner

/** What is told of the event, each as state and status; undefined: it is refused. */
export function modelled(model: Model, event: AlarmEvent): readonly string[] | undefined {
  const { now } = model
  const told: string[] = []
  const tell = (state: AlarmState): readonly string[] => {
    told.push(`${state} ${shownBy(model)}`)
    return told
  }
  const loud = model.silences.size === 0
  const begin = (level: number): void => {
    model.inner = 'unacknowledged'
    model.raisedAt = now
    model.level = level
    model.noData = false
    tell('raised')
  }
  const enter = (silence: Silence, state: AlarmState): readonly string[] | undefined => {
    if (model.silences.has(silence)) return undefined
    model.silences.add(silence)
    if (model.inner === 'returned') model.inner = 'normal'
    return tell(state)
  }
  const leave = (silence: Silence, state: AlarmState): readonly string[] | undefined => {
    if (!model.silences.delete(silence)) return undefined
    if (model.silences.size === 0 && model.inner === 'acknowledged') model.inner = 'unacknowledged'
    if (model.silences.size === 0 && model.inner === 'latched') model.inner = 'latched-unacknowledged'
    tell(state)
    if (model.silences.size === 0 && model.inner === 'normal' && model.condition) begin(model.level)
    return told
  }

  if (event.occurrence !== undefined && !(model.inner !== 'normal' && event.occurrence === model.raisedAt)) return undefined
  switch (event.kind) {
    case 'raise':
      if (model.condition) return undefined
      model.condition = true
      if (model.inner === 'latched' || model.inner === 'latched-unacknowledged') {
        model.inner = 'normal'
        tell('closed')
      }
      if (loud) begin(event.level ?? 0)
      else model.level = event.level ?? 0
      return told
    case 'clear': {
      if (!model.condition) return undefined
      model.condition = false
      model.noData = false
      if (model.inner === 'normal') return told
      const acknowledged = model.inner === 'acknowledged'
      if (model.latched) model.inner = acknowledged ? 'latched' : 'latched-unacknowledged'
      else model.inner = acknowledged || !loud ? 'normal' : 'returned'
      return tell('cleared')
    }
    case 'escalate':
      if (!model.condition || event.level <= model.level) return undefined
      model.level = event.level
      if (!loud) return told
      model.inner = 'unacknowledged'
      return tell('escalated')
    case 'data-lost':
    case 'data-back':
      if (!model.condition || model.noData === (event.kind === 'data-lost')) return undefined
      model.noData = !model.noData
      return loud ? tell(event.kind) : told
    case 'acknowledge': {
      const next = { unacknowledged: 'acknowledged', returned: 'normal', 'latched-unacknowledged': 'latched' } as const
      if (!loud || !(model.inner in next)) return undefined
      model.inner = next[model.inner as keyof typeof next]
      return tell('acknowledged')
    }
    case 'reset':
      if (!loud || model.inner !== 'latched') return undefined
      model.inner = 'normal'
      return tell('reset')
    case 'shelve': {
      const until = Math.min(event.until ?? Infinity, now + 28_800_000)
      if (until <= now || model.silences.has('shelved')) return undefined
      model.until = until
      return enter('shelved', 'shelved')
    }
    case 'unshelve':
      return leave('shelved', 'unshelved')
    case 'shelf-time-out':
      return model.until <= now ? leave('shelved', 'unshelved') : undefined
    case 'suppress':
      return enter('suppressed', 'suppressed')
    case 'unsuppress':
      return leave('suppressed', 'unsuppressed')
    case 'remove-from-service':
      return enter('out-of-service', 'removed-from-service')
    case 'return-to-service':
      return leave('out-of-service', 'returned-to-service')
    case 'close':
      if (loud && model.inner === 'normal') return told
      Object.assign(model, { inner: 'normal', condition: false, noData: false })
      model.silences.clear()
      return tell('closed')
  }
}
