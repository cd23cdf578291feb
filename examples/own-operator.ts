// An operator of one's own: how often a motor was started within the last hour. Too many starts overheat it, however cool it looks in between.
// node --import tsx examples/own-operator.ts
import { eventTime, formatTimestamp, inOrder, keyed, via } from 'motorwatch'
import type { Behaviour, Reading } from 'motorwatch'
import { simulatedMachine, startSimulation, stepSimulation } from 'motorwatch/sources/simulator'
import { arbitraryInputs, checkLaws } from 'motorwatch/testing'
import { from, pipe } from 'rxjs'

const HOUR = 3_600_000
const MINUTE = 60_000

/** What comes out: any item with a kind. */
interface Starts {
  readonly kind: 'starts'
  readonly time: number
  readonly machine: string
  readonly count: number
}

/** All that is known of one motor: plain data, so `keyed` can save it. `wakeAt` is the timer. */
interface Motor {
  wakeAt: number
  machine: string
  running: boolean
  readonly starts: number[]
}

const startsInTheLastHour: Behaviour<Reading, Starts, Motor> = {
  name: 'starts',
  version: 1,
  start: (machine) => ({ wakeAt: Infinity, machine, running: true, starts: [] }), // one that is met running was not seen to start
  next(motor, { sensor, value, quality }, now, emit) {
    if (sensor !== 'current' || quality !== 'good') return
    if (value > 1 && !motor.running) {
      motor.starts.push(now)
      emit({ kind: 'starts', time: now, machine: motor.machine, count: motor.starts.length })
    }
    motor.running = value > 1
    motor.wakeAt = (motor.starts[0] ?? Infinity) + HOUR
  },
  wake(motor, due, emit) {
    motor.starts.shift()
    motor.wakeAt = (motor.starts[0] ?? Infinity) + HOUR
    emit({ kind: 'starts', time: due, machine: motor.machine, count: motor.starts.length })
  },
}

function* readings(): Generator<Reading> {
  const busy = simulatedMachine('busy', { recipes: [1, 1], recipePeriod: 24 * MINUTE, changeover: 2 * MINUTE })
  const state = startSimulation({ machines: [busy, simulatedMachine('calm', { startDelay: 5 * MINUTE })], period: 7000 })
  const end = state.time + 2 * HOUR
  while (state.time < end) for (const item of stepSimulation(state)) if (item.kind === 'reading') yield item
}

from(readings())
  .pipe(eventTime((time) => pipe(inOrder({ lateness: '5s' }, time), via('reading', keyed(startsInTheLastHour, { key: 'machine' }, time)))))
  .subscribe(({ time, machine, count }) => { console.log(`${formatTimestamp(time)}  ${machine}: ${count} start${count === 1 ? '' : 's'} in the last hour`) })

// Any stream at all must pass: saved and restored between any two readings, shuffled, replayed, ...
const laws = await checkLaws((time) => via('reading', keyed(startsInTheLastHour, { key: 'machine' }, time)), {
  inputs: arbitraryInputs({ sensors: ['current'], lateness: '5s' }),
  exceptions: { eviction: 'a motor at rest is remembered, however long: its next start must count' },
})
for (const [law, verdict] of Object.entries(laws)) console.log(`law ${law}: ${verdict}`)
