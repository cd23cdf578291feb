// A pipeline of one's own, of our operators and RxJS's: handed the timeline, both run on the data's own time, and three hours take a second.
// node --import tsx examples/custom-pipeline.ts
import { above, adding, alarms, eventTime, formatTimestamp, inOrder, rule, tumbling, via } from 'motorwatch'
import type { Alarm, Reading, Stats, Summary, Timeline } from 'motorwatch'
import { simulatedMachine, startSimulation, stepSimulation } from 'motorwatch/sources/simulator'
import { bufferTime, debounceTime, filter, from, map, pipe, scan } from 'rxjs'

const HOUR = 3_600_000
const rough = rule({ id: 'rough', when: above('vibration_rotor', 2) }) // no delay: it chatters while the vibration is near its limit

/** How often alarms were raised or cleared, hour by hour. */
const digest = (time: Timeline) => pipe(
  bufferTime<Alarm>(HOUR, time),
  map((transitions) => ({ kind: 'digest' as const, time: time.now(), transitions: transitions.length })),
)

/** What the chatter has come to, once there has been none for ten minutes. */
const settled = (time: Timeline) => pipe(
  debounceTime<Alarm>(600_000, time),
  map(({ machine, rule, state }) => ({ kind: 'settled' as const, time: time.now(), machine, rule, state })),
)

/** Ampere-hours: each summary is the mean of an hour. */
const charge = () => pipe(
  filter(({ sensor }: Summary<Stats>) => sensor === 'current'),
  scan(({ ampereHours }, { time, values }) => ({ kind: 'charge' as const, time, ampereHours: ampereHours + values.mean }), { kind: 'charge' as const, time: 0, ampereHours: 0 }),
)

const line = (time: Timeline) => pipe(
  inOrder<Reading>({ lateness: '5s' }, time),
  adding(
    via('reading', tumbling('1h', { key: 'series' }, time)),
    alarms([rough], {}, time),
  ),
  adding(
    via('alarm', digest(time)),
    via('alarm', settled(time)),
    via('summary', charge()),
  ),
)

function* readings(): Generator<Reading> {
  const bearing = { machine: 'pump', fault: 'bearing-wear', onset: HOUR, duration: 3 * HOUR } as const
  const state = startSimulation({ machines: [simulatedMachine('pump')], faults: [bearing] })
  const end = state.time + 3 * HOUR
  while (state.time < end) for (const item of stepSimulation(state)) if (item.kind === 'reading') yield item
}

from(readings()).pipe(eventTime(line)).subscribe((item) => {
  const at = formatTimestamp(item.time)
  if (item.kind === 'digest') console.log(`${at}  alarms raised or cleared in this hour: ${item.transitions}`)
  if (item.kind === 'settled') console.log(`${at}  ${item.machine}: ${item.rule} has settled: ${item.state}`)
  if (item.kind === 'charge') console.log(`${at}  ${item.ampereHours.toFixed(1)} Ah since the start`)
})
