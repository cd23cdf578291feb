// npm run run-length -- [--json FILE] [--markdown FILE] [--runs N] [--machines N] [--seed N]: run lengths of the charts against detection.md's table, and the false alarms that the defaults buy. Some minutes.
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { measureDefaults, measureLimits, measureRunLengths, runLengthsInMarkdown, worst } from './run-length-table.js'

const { values } = parseArgs({ options: { json: { type: 'string' }, markdown: { type: 'string' }, runs: { type: 'string', default: '2500' }, machines: { type: 'string', default: '100' }, seed: { type: 'string', default: '1' } } })
const [runs, machines, seed] = [values.runs, values.machines, values.seed].map((text) => {
  if (!/^\d+$/.test(text)) throw new RangeError(`'${text}', expected a whole number`)
  return Number(text)
}) as [number, number, number]

const defaults = measureDefaults(machines, seed, ({ detector, phi, alarms, alarmed }) => { console.error(`${detector}, phi ${phi}: ${alarms} alarms a machine-week, ${100 * alarmed} % of machines`) })
const table = measureRunLengths(runs, seed, ({ chart, shift, mean, standardError, expected }) => { console.error(`${chart}, shift ${shift}: ${mean.toPrecision(5)} +- ${standardError.toPrecision(2)}${expected === undefined ? '' : `, reference ${expected}`}`) })
const limits = measureLimits(table, runs, seed)
const markdown = runLengthsInMarkdown({ table, limits, defaults })
console.log(markdown)
if (values.markdown !== undefined) writeFileSync(values.markdown, markdown)
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ worst: worst(table), table, limits, defaults }, undefined, 2)}\n`)
