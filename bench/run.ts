import { existsSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'

/** What `bench/monitor.ts` measures. */
interface MonitorFigures {
  /** Time of the monitor over the time of the plain loop. */
  readonly ratio: number
  readonly bytesPerSeries: number
  /** Time per reading with many series over time per reading with few. */
  readonly scale: number
}

const { values: { json } } = parseArgs({ options: { json: { type: 'string' } } })

const figures: { monitor?: MonitorFigures } = {}

if (existsSync(new URL('./monitor.ts', import.meta.url))) {
  const monitor = await import(new URL('./monitor.ts', import.meta.url).href) as { monitorBench: () => Promise<MonitorFigures> }
  figures.monitor = await monitor.monitorBench()
}

for (const [bench, values] of Object.entries(figures)) {
  for (const [figure, value] of Object.entries(values)) console.log(`${bench}.${figure} ${value}`)
}
if (json !== undefined) writeFileSync(json, `${JSON.stringify(figures, null, 2)}\n`)
