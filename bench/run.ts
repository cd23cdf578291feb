import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { learnedBench } from './learned.js'
import { monitorBench } from './monitor.js'
import { windowsBench } from './windows.js'

const benches = { monitor: monitorBench, windows: windowsBench, learned: learnedBench }
const { values, positionals } = parseArgs({ options: { json: { type: 'string' } }, allowPositionals: true })
const figures: Record<string, object> = {}
for (const [name, bench] of Object.entries(benches)) if (positionals.length === 0 || positionals.includes(name)) figures[name] = await bench()
for (const [bench, each] of Object.entries(figures)) for (const [figure, value] of Object.entries(each)) console.log(`${bench}.${figure} ${value}`)
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`)
