import { fc } from '@fast-check/vitest'
import { pipe } from 'rxjs'
import type { OperatorFunction } from 'rxjs'
import type { Alarm, AlarmState, Input, Item, Severity } from '../../src/model/index.js'
import { alarmTransition } from '../../src/operators/alarm-transition.js'
import { only } from '../../src/operators/only.js'
import { epoch } from '../../src/testing/index.js'
import { line, run } from '../../src/testing/laws/line.js'
import type { Timeline } from '../../src/time/index.js'

/** A tick at `time` ends a stream. */
export interface AlarmStream {
  readonly alarms: readonly Alarm[]
  readonly time: number
}

type Operator<Out> = (time: Timeline) => OperatorFunction<Alarm, Out>

const severityOf: Readonly<Record<string, Severity>> = { hot: 'low', loud: 'medium', lost: 'high', fire: 'critical' }

/** A transition of a rule on a machine. */
export const transition = (machine: string, rule: string, state: AlarmState, time: number, raisedAt: number): Alarm => {
  const raised = alarmTransition(machine, 'raised', time, { rule, severity: severityOf[rule] ?? 'medium', class: 'thermal', message: `${rule} ${state}`, raisedAt, value: NaN, limit: NaN })
  return { ...raised, state, id: `${raised.occurrence}/${state}` }
}

/** Alarms of three machines and four rules that are raised and end, in order of time, with many ties; now and then another transition. Steps are in seconds. */
export const alarmStreams = (steps: readonly number[], options: { readonly machines?: readonly string[]; readonly length?: number } = {}): fc.Arbitrary<AlarmStream> =>
  fc.record({
    events: fc.array(
      fc.record({
        step: fc.constantFrom(...steps),
        machine: fc.constantFrom(...(options.machines ?? ['a', 'b', 'c'])),
        rule: fc.constantFrom('hot', 'loud', 'lost', 'fire'),
        end: fc.constantFrom<AlarmState>('cleared', 'cleared', 'cleared', 'closed', 'acknowledged'),
      }),
      { maxLength: options.length ?? 60 },
    ),
    rest: fc.constantFrom(...steps),
  }).map(({ events, rest }) => {
    let time = epoch
    const raisedAt = new Map<string, number>()
    const standing = new Set<string>()
    const alarms = events.flatMap(({ step, machine, rule, end }): readonly Alarm[] => {
      time += step * 1000
      const key = `${machine} ${rule}`
      const before = raisedAt.get(key)
      if (standing.has(key)) {
        if (end !== 'acknowledged') standing.delete(key)
        return [transition(machine, rule, end, time, before!)]
      }
      if (before === time) return []
      raisedAt.set(key, time)
      standing.add(key)
      return [transition(machine, rule, 'raised', time, time)]
    })
    return { alarms, time: time + rest * 1000 }
  })

/** Other orders within each instant, that of each occurrence's own transitions kept. */
export const reordered = ({ alarms, time }: AlarmStream): readonly AlarmStream[] =>
  [1, -1].map((sign) => ({ alarms: [...alarms].sort((a, b) => a.time - b.time || (a.occurrence < b.occurrence ? -sign : a.occurrence > b.occurrence ? sign : 0)), time }))

const inputsOf = ({ alarms, time }: AlarmStream): readonly Input[] =>
  [...alarms.flatMap((alarm): readonly (Input | Alarm)[] => [{ kind: 'tick', time: alarm.time }, alarm]), { kind: 'tick' as const, time }] as readonly Input[]

const behind = <Out>(op: Operator<Out>) => (time: Timeline): OperatorFunction<Input, Out> => pipe(only<Item | Alarm, 'alarm'>('alarm'), op(time))

/** What comes of the alarms, each at its time, and of the end of the data. */
export const outputsOf = <Out>(op: Operator<Out>, stream: AlarmStream): readonly Out[] => run(behind(op), 'none', inputsOf(stream)) as readonly Out[]

/** How many bytes an operator's state takes, above that of one that was handed nothing, when all the alarms are over and `later` seconds have gone. */
export const stays = <Out>(op: Operator<Out>, { alarms, time }: AlarmStream, later: number): number => {
  const size = (stream: AlarmStream): number => {
    const part = line(behind(op), 'none')
    for (const input of inputsOf(stream)) part.push(input)
    part.push({ kind: 'tick', time: time + later * 1000 })
    part.time.settle()
    return part.time.save().length
  }
  return size({ alarms, time }) - size({ alarms: [], time })
}

/** Ends what stands, at the end of the stream. */
export const allEnded = ({ alarms, time }: AlarmStream): AlarmStream => {
  const open = new Map<string, Alarm>()
  for (const alarm of alarms) {
    if (alarm.state === 'raised') open.set(alarm.occurrence, alarm)
    else if (String(alarm.state) !== 'acknowledged') open.delete(alarm.occurrence)
  }
  return { alarms: [...alarms, ...[...open.values()].map(({ machine, rule, raisedAt }) => transition(machine, rule, 'cleared', time, raisedAt))], time }
}
