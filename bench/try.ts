import { Subject } from 'rxjs'
import { monitor, reference, Timeline } from 'motorwatch'
import type { Input } from 'motorwatch'
import { workload } from './workload.js'
const machines = Number(process.argv[2] ?? 1000), secs = Number(process.argv[3] ?? 150)
const readings = workload(machines, secs)
for (let k = 0; k < Number(process.argv[4] ?? 4); k++) {
  const input = new Subject<Input>()
  const time = new Timeline()
  const counts: Record<string, number> = {}
  let n = 0
  globalThis.gc?.()
  const before = process.memoryUsage().heapUsed
  monitor(reference)(time)(input).subscribe({ next: (o) => { n++; if (o.kind !== 'reading') counts[o.kind] = (counts[o.kind] ?? 0) + 1 }, error: (e) => { console.error(e) } })
  const t = process.hrtime.bigint()
  for (const r of readings) input.next(r)
  const ns = Number(process.hrtime.bigint() - t)
  globalThis.gc?.()
  const after = process.memoryUsage().heapUsed
  console.log((ns / readings.length).toFixed(0), 'ns/reading', n, counts, ((after - before) / machines / 7).toFixed(0), 'B/series', (time.save().length / machines / 7).toFixed(0))
  input.complete()
}
