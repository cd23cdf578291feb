// npm run run-length -- [--json FILE] [--markdown FILE] [--runs N] [--machines N] [--seed N]: run lengths of the charts against detection.md's table, and the false alarms that the defaults buy. Some minutes.
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { measureAll, runLengthsInMarkdown, worst } from './run-length-table.js'

const { values } = parseArgs({ options: { json: { type: 'string' }, markdown: { type: 'string' }, runs: { type: 'string', default: '2500' }, machines: { type: 'string', default: '100' }, seed: { type: 'string', default: '1' } } })
const [runs, machines, seed] = [values.runs, values.machines, values.seed].map((text) => {
  if (!/^\d+$/.test(text)) throw new RangeError(`'${text}', expected a whole number`)
  return Number(text)
}) as [number, number, number]

const measured = measureAll(runs, machines, seed, (line) => { console.error(line) })
const markdown = runLengthsInMarkdown(measured)
console.log(markdown)
if (values.markdown !== undefined) writeFileSync(values.markdown, markdown)
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ worst: worst(measured.table), ...measured }, undefined, 2)}\n`)
