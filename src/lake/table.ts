import type { Alarm, Anomaly, Answer, Command, Item, Reading, Rejected, Snapshot, Summary, Verdict } from '../model/index.js'
import { encodeItem } from '../model/codecs.js'

/** `time`: a UTC timestamp in microseconds. */
export type ColumnType = 'time' | 'text' | 'number' | 'truth' | 'whole'

export interface Column<T> {
  readonly name: string
  readonly type: ColumnType
  readonly of: (item: T) => unknown
}

/** How items of one kind become rows: fixed columns, and a column of numbers for each name that `numbers` has. */
export interface Table<T = Item> {
  readonly columns: readonly Column<T>[]
  readonly numbers?: (item: T) => Readonly<Record<string, unknown>>
}

const column = <T>(name: string, type: ColumnType, of: (item: T) => unknown): Column<T> => ({ name, type, of })
const fields = <T>(types: { readonly [K in keyof T]?: ColumnType }): Column<T>[] =>
  (Object.entries(types) as [keyof T & string, ColumnType][]).map(([name, type]) => column(name, type, item => item[name]))

const reading: Table<Reading> = {
  columns: fields<Reading>({ time: 'time', machine: 'text', sensor: 'text', value: 'number', unit: 'text', quality: 'text' }),
}

const raw: Table<Reading> = {
  columns: [...reading.columns, ...(['partition', 'offset'] as const).map(name => column<Reading>(name, 'whole', ({ origin }) => origin?.[name]))],
}

const summary: Table<Summary> = {
  columns: [
    ...fields<Summary>({ time: 'time', machine: 'text', sensor: 'text', key: 'text', start: 'time', end: 'time', status: 'text' }),
    column('other', 'text', ({ values }) => {
      const other = Object.entries(values).filter(([, value]) => typeof value !== 'number')
      return other.length === 0 ? undefined : JSON.stringify(Object.fromEntries(other))
    }),
  ],
  numbers: ({ values }) => values,
}

const snapshot: Table<Snapshot> = {
  columns: [
    ...fields<Snapshot>({ time: 'time', machine: 'text' }),
    column('values', 'text', ({ values }) => JSON.stringify(values)),
    column('missing', 'text', ({ missing }) => JSON.stringify(missing)),
  ],
}

const alarm: Table<Alarm> = {
  columns: fields<Alarm>({
    time: 'time', machine: 'text', rule: 'text', state: 'text', status: 'text', severity: 'text', class: 'text', message: 'text', raisedAt: 'time',
    sensor: 'text', value: 'number', limit: 'number', unit: 'text', level: 'text', noData: 'truth', by: 'text', why: 'text', until: 'time', since: 'time', clears: 'text', inhibitedBy: 'text', id: 'text', occurrence: 'text',
  }),
}

const answer: Table<Answer> = {
  columns: [
    ...fields<Answer>({ time: 'time', machine: 'text', accepted: 'truth', reason: 'text' }),
    column('transitions', 'text', ({ transitions }) => JSON.stringify(transitions)),
    column('command', 'text', ({ command: asked }) => encodeItem(asked)),
  ],
}

const anomaly: Table<Anomaly> = {
  columns: [
    ...fields<Anomaly>({ time: 'time', machine: 'text' }),
    ...ofReading<Anomaly>(item => item.reading).slice(1),
    column('classes', 'text', ({ classes }) => JSON.stringify(classes)),
  ],
}

const rejected: Table<Rejected> = {
  columns: [
    ...fields<Rejected>({ time: 'time', reason: 'text', detail: 'text', where: 'text', by: 'number' }),
    ...ofReading<Rejected>(item => item.reading),
    ...fields<Rejected>({ raw: 'text' }),
  ],
}

const verdict: Table<Verdict> = {
  columns: [
    ...fields<Verdict>({ time: 'time', machine: 'text', condition: 'text' }),
    column('truth', 'truth', ({ truth }) => truth),
    ...fields<Verdict>({ margin: 'number', signal: 'text', value: 'number', limit: 'number', since: 'time' }),
  ],
}

const command: Table<Command> = {
  columns: fields<Command>({
    time: 'time', name: 'text', machine: 'text', area: 'text', rule: 'text', occurrence: 'text', by: 'text', why: 'text', until: 'time',
  }),
}

const other: Table = {
  columns: [column<Item>('time', 'time', item => (item as { readonly time?: unknown }).time), column<Item>('json', 'text', encodeItem)],
}

function ofReading<T>(of: (item: T) => Reading | undefined): Column<T>[] {
  return (['machine', 'sensor', 'value', 'unit', 'quality'] as const)
    .map(name => column<T>(name, name === 'value' ? 'number' : 'text', item => of(item)?.[name]))
}

/** Readings as they came from a log, with their partition and offset. */
export const RAW = 'raw reading'

const tables: ReadonlyMap<string, Table<never>> = new Map<string, Table<never>>([
  ['reading', reading], [RAW, raw], ['summary', summary], ['snapshot', snapshot], ['alarm', alarm], ['answer', answer], ['anomaly', anomaly], ['rejected', rejected], ['verdict', verdict], ['command', command],
])

/** The table of a kind; of a kind that is not one of ours: `time`, and the whole item as JSON text. */
export const tableOf = (kind: string): Table => (tables.get(kind) ?? other) as Table
