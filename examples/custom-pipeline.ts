// A pipeline of one's own: our operators and RxJS's, all of them on the data's own time. Three hours of it take a second.
// node --import tsx examples/custom-pipeline.ts
import { above, adding, alarms, eventTime, formatTimestamp, heldFor, inOrder, only, rule, threshold, tumbling, via } from 'motorwatch'
import type { Alarm, Reading, Timeline, Verdict } from 'motorwatch'
import { simulatedMachine, startSimulation, stepSimulation } from 'motorwatch/sources/simulator'
import { bufferTime, debounceTime, filter, from, map, pipe, scan } from 'rxjs'

const HOUR = 3_600_000
const hot = rule({ id: 'hot-coil', severity: 'high', when: heldFor('5m', above('temperature_coil', 100)) })

const calm = (time: Timeline) => pipe(
  only<Alarm | Verdict, 'verdict'>('verdict'),
  debounceTime(60_000, time),
)

const line = (time: Timeline) => pipe(
  inOrder<Reading>({ lateness: '5s' }, time),
  adding(
    via('reading', tumbling('1h', { key: 'series' }, time)),
    via('reading', threshold(above('vibration_rotor', 1.4), {}, time)),
    alarms([hot], {}, time),
  ),
)

function* readings(): Generator<Reading> {
  const state = startSimulation({ machines: [simulatedMachine('pump')], faults: [{ machine: 'pump', fault: 'blocked-cooling', onset: HOUR, duration: HOUR }] })
  const end = state.time + 3 * HOUR
  while (state.time < end) for (const item of stepSimulation(state)) if (item.kind === 'reading') yield item
}

from(readings()).pipe(eventTime(line)).subscribe((x) => {
  if (x.kind !== 'reading' ) console.log(formatTimestamp(x.time), x)
})
