import { Subject, pipe } from 'rxjs'
import { Timeline, inOrder, keyed, sideBySide, tumblingBehaviour, instrumentsBehaviour, deadmanBehaviour, stuckBehaviour, fuseBehaviour, alarmsBehaviour, reference, via, monitor } from 'motorwatch'
import type { Input } from 'motorwatch'
import { workload } from './workload.js'
const machines = 1000
const readings = workload(machines, 125)
const variants: Record<string, (time: Timeline) => any> = {
  none: (time) => inOrder({ lateness: '5s', ahead: '5s' }, time),
  tumbling: (time) => pipe(inOrder({ lateness: '5s', ahead: '5s' }, time), via('reading', keyed(tumblingBehaviour('1m', { key: 'series' }) as any, { key: 'series' } as any, time))),
  instruments: (time) => pipe(inOrder({ lateness: '5s', ahead: '5s' }, time), via('reading', keyed(instrumentsBehaviour(reference) as any, { key: 'series' } as any, time))),
  deadman: (time) => pipe(inOrder({ lateness: '5s', ahead: '5s' }, time), via('reading', keyed(deadmanBehaviour('2m', { key: 'series' }) as any, { key: 'series' } as any, time))),
  stuck: (time) => pipe(inOrder({ lateness: '5s', ahead: '5s' }, time), via('reading', keyed(stuckBehaviour('10m') as any, { key: 'series' } as any, time))),
  side: (time) => pipe(inOrder({ lateness: '5s', ahead: '5s' }, time), via('reading', keyed(sideBySide(tumblingBehaviour('1m', { key: 'series' }) as any, instrumentsBehaviour(reference) as any, deadmanBehaviour('2m', { key: 'series' }) as any, stuckBehaviour('10m')) as any, { key: 'series' } as any, time))),
  fuse: (time) => pipe(inOrder({ lateness: '5s', ahead: '5s' }, time), via('reading', keyed(fuseBehaviour({ stale: '1m' }) as any, { key: 'machine' } as any, time))),
  alarms: (time) => pipe(inOrder({ lateness: '5s', ahead: '5s' }, time), via('reading', keyed(alarmsBehaviour(reference) as any, { key: 'machine' } as any, time))),
  monitor: monitor(reference) as any,
}
for (const round of [0, 1]) for (const [name, op] of Object.entries(variants)) {
  const input = new Subject<Input>()
  const time = new Timeline()
  const sub = op(time)(input).subscribe()
  globalThis.gc!(); const before = process.memoryUsage().heapUsed
  const t = process.hrtime.bigint()
  for (const r of readings) input.next(r)
  const ns = Number(process.hrtime.bigint() - t) / readings.length
  globalThis.gc!()
  if (round) console.log(name, ((process.memoryUsage().heapUsed - before) / machines / 7).toFixed(0), 'B/series', ns.toFixed(0), 'ns')
  sub.unsubscribe()
}
