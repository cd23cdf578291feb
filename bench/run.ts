import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { monitorBench } from './monitor.js'

const { values } = parseArgs({ options: { json: { type: 'string' } } })
const figures = { monitor: await monitorBench() }
for (const [bench, each] of Object.entries(figures)) for (const [figure, value] of Object.entries(each)) console.log(`${bench}.${figure} ${value}`)
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`)
