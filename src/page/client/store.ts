import type { AlarmView, Change, EventView, MachineView, MeasuresView, PageAbout, PulseView, SpanView } from '../view.js'

export type Connection = 'connecting' | 'open' | 'lost' | 'refused'

/** What the server has told, and whether it still does. */
export interface Store {
  readonly about: PageAbout | undefined
  readonly pulse: PulseView | undefined
  readonly connection: Connection
  /** Of this machine's clock (`performance.now`): when something was last told. */
  readonly toldAt: number
  machines(): readonly MachineView[]
  machine(id: string): MachineView | undefined
  /** Newest raise first. */
  alarms(): readonly AlarmView[]
  /** Newest first. */
  events(): readonly EventView[]
  spans(): readonly SpanView[]
  /** Newest first. */
  measures(): readonly MeasuresView[]
}

/** That no alarm is shown means that none stands. */
export const isKnown = ({ pulse }: Store): boolean => pulse?.alarms === undefined || pulse.alarms.state === 'known'

/** The server tells something every 0.3 s: this long without a word is a lost connection, whatever the socket says. */
const SILENCE = 5_000

export function connect(changed: (of: Store) => void): Store {
  let entries = new Map<string, unknown>()
  let sorted = new Map<string, readonly unknown[]>()
  let connection: Connection = 'connecting'
  let toldAt = -Infinity
  let last = ''
  let source: EventSource | undefined

  const of = <T>(prefix: string): readonly T[] => {
    let found = sorted.get(prefix)
    if (found === undefined) sorted.set(prefix, (found = [...entries].filter(([key]) => key.startsWith(prefix)).map(([, value]) => value)))
    return found as readonly T[]
  }
  const store: Store = {
    get about() { return entries.get('about') as PageAbout | undefined },
    get pulse() { return entries.get('pulse') as PulseView | undefined },
    get connection() { return connection },
    get toldAt() { return toldAt },
    machines: () => of('machine '),
    machine: (id) => entries.get(`machine ${id}`) as MachineView | undefined,
    alarms: () => [...of<AlarmView>('alarm ')].sort((a, b) => (b.raisedAt ?? b.time) - (a.raisedAt ?? a.time) || (a.machine + a.rule < b.machine + b.rule ? -1 : 1)),
    events: () => [...of<EventView>('event ')].sort((a, b) => b.n - a.n),
    spans: () => of('span '),
    measures: () => [...of<MeasuresView>('measures ')].sort((a, b) => b.start - a.start || (a.key < b.key ? -1 : 1)),
  }

  const hear = (message: MessageEvent<string>): void => {
    const { full, set, drop } = JSON.parse(message.data) as Change
    if (full === true) entries = new Map()
    for (const [key, value] of Object.entries(set)) entries.set(key, value)
    for (const key of drop) entries.delete(key)
    sorted = new Map()
    last = message.lastEventId
    toldAt = performance.now()
    connection = 'open'
    changed(store)
  }
  const open = (): void => {
    source?.close()
    source = new EventSource(`/events${last === '' ? '' : `?after=${encodeURIComponent(last)}`}`)
    source.onmessage = hear
    source.onerror = () => {
      if (connection === 'open') connection = 'lost'
      changed(store)
    }
  }
  // A browser gives up for good where it is refused; we ask again. What has been heard is told, so that only the rest comes.
  setInterval(() => {
    const silent = performance.now() - toldAt > SILENCE
    if (connection === 'open' && silent) connection = 'lost'
    if (connection !== 'open' && (source?.readyState === EventSource.CLOSED || silent)) {
      void fetch('/parts', { method: 'HEAD' }).then(({ status }) => {
        if (connection !== 'open') connection = status === 401 ? 'refused' : connection === 'refused' ? 'connecting' : connection
        if (status !== 401) open()
      }, () => undefined)
    }
    changed(store)
  }, 1_000)
  open()
  return store
}
