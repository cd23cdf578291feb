import type { Alarm, Batch, Item, Outlook, Reading } from 'motorwatch'
import type { Truth } from 'motorwatch/sources/simulator'

/** What is known of a machine now. */
export interface MachineView {
  readonly machine: string
  /** Epoch milliseconds of its last reading. */
  heardAt: number
  /** A; its last, and when. */
  current: number
  currentAt: number
  nearest: Outlook['nearest']
}

/** One of the events that people are told, in order. */
export type Event = Alarm | FaultEvent

/** What the simulator did, told to whoever looks on; no part of the pipeline knows it. */
export interface FaultEvent {
  readonly kind: 'fault'
  readonly time: number
  readonly machine: string
  readonly text: string
}

/** What a view shows: folded from what flows. */
export interface WatchState {
  readonly machines: ReadonlyMap<string, MachineView>
  /** By occurrence, in the order of their raise. */
  readonly standing: ReadonlyMap<string, Alarm>
  readonly readings: number
  readonly rejected: number
  /** Of the newest output, epoch milliseconds; NaN before the first. */
  readonly time: number
  /** How far that is behind the newest reading that was read, milliseconds; NaN before the first. */
  readonly lag: number
  readonly progress: number | undefined
  /** Folds items in, and gives the events among them. */
  take(items: readonly Item[]): readonly Event[]
  batch(batch: Batch): void
  /** Plain data, and back. */
  save(): unknown
  restore(saved: unknown): void
}

/** Whether its occurrence stands after this transition, as it did before or not. What is shelved still stands; what has returned to normal no more, acknowledged or not. */
function stands({ state, status }: Alarm, before: boolean): boolean {
  if (state === 'reset' || state === 'closed') return false
  if (status === 'unacknowledged' || status === 'acknowledged' || status.startsWith('latched')) return true
  return before && state !== 'cleared'
}

interface Saved {
  readonly standing: ReadonlyMap<string, Alarm>
  readonly faults: ReadonlyMap<string, boolean>
  readonly readings: number
  readonly rejected: number
}

export function watchState(): WatchState {
  const machines = new Map<string, MachineView>()
  let standing = new Map<string, Alarm>()
  /** The simulator's faults that are under way, and whether their machine has tripped. */
  let faults = new Map<string, boolean>()
  let readings = 0
  let rejected = 0
  let time = NaN
  let newest = NaN
  let progress: number | undefined

  const machineOf = (machine: string): MachineView => {
    let found = machines.get(machine)
    if (found === undefined) machines.set(machine, (found = { machine, heardAt: NaN, current: NaN, currentAt: NaN, nearest: undefined }))
    return found
  }

  const faultEvent = (truth: Truth): FaultEvent | undefined => {
    const { machine, fault, sensor, onset, failure, severity } = truth
    const id = `${machine} ${fault} ${sensor ?? ''} ${onset}`
    const name = `${fault.replace('-', ' ')}${sensor === undefined ? '' : ` of ${sensor}`}`
    const told = (text: string): FaultEvent => ({ kind: 'fault', time: truth.time, machine, text: `${machine}: ${name} ${text}` })
    const tripped = faults.get(id)
    if (tripped === undefined) {
      faults.set(id, false)
      return told('begins')
    }
    if (severity === 0) {
      faults.delete(id)
      return told('is repaired')
    }
    if (tripped || sensor !== undefined || truth.time < failure) return undefined
    faults.set(id, true)
    return told('stops the machine')
  }

  return {
    machines,
    get standing() {
      return standing
    },
    get readings() {
      return readings
    },
    get rejected() {
      return rejected
    },
    get time() {
      return time
    },
    get lag() {
      return Math.max(0, newest - time)
    },
    get progress() {
      return progress
    },
    take(items) {
      const events: Event[] = []
      for (const item of items) {
        switch (item.kind) {
          case 'reading': {
            const reading = item as Reading
            const view = machineOf(reading.machine)
            readings++
            time = view.heardAt = reading.time
            if (reading.sensor === 'current' && reading.quality === 'good') {
              view.current = reading.value
              view.currentAt = reading.time
            }
            break
          }
          case 'outlook': {
            const { machine, nearest } = item as Outlook
            machineOf(machine).nearest = nearest
            break
          }
          case 'alarm': {
            const alarm = item as Alarm
            if (stands(alarm, standing.has(alarm.occurrence))) standing.set(alarm.occurrence, alarm)
            else standing.delete(alarm.occurrence)
            if (!Number.isNaN(alarm.raisedAt) || alarm.by !== undefined) events.push(alarm)
            break
          }
          case 'rejected':
            if ((item as { readonly reason?: string }).reason !== 'duplicate') rejected++
            break
          case 'truth': {
            const event = faultEvent(item as Truth)
            if (event !== undefined) events.push(event)
          }
        }
      }
      return events
    },
    batch(batch) {
      const last = batch.items.findLast(({ kind }) => kind === 'reading') as Reading | undefined
      if (last !== undefined) newest = last.time
      progress = batch.progress
    },
    save: () => structuredClone({ standing, faults, readings, rejected } satisfies Saved),
    restore(saved) {
      ;({ standing, faults, readings, rejected } = structuredClone(saved as { standing: Map<string, Alarm>; faults: Map<string, boolean>; readings: number; rejected: number }))
    },
  }
}
