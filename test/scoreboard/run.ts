import { existsSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { learned, nameplate, reference } from '../../src/rules/index.js'
import type { Rule } from '../../src/rules/index.js'
import { measureAll, runLengthsInMarkdown } from '../detectors/run-length-table.js'
import { costs } from './costs.js'
import { readNab } from './nab/read.js'
import { CHOSEN, nabByGroup, nabScores } from './nab/run.js'
import { render } from './render.js'
import { docsFile, readResults, writeResults } from './results.js'
import type { Results, SimulatorResults } from './results.js'
import { tryFaults, tryHealthy } from './simulator/trial.js'
import type { Outcome } from './simulator/trial.js'

const HELP = `npm run scoreboard -- [--nab DIR [--json FILE]] [--part nab|run-lengths|simulator|costs] [--seeds N] [--others N]

What every detector does on the benchmark, and the rule packs on the simulator; writes docs/scoreboard.md.

--nab DIR   scores the files of this folder alone (windows.json beside folders of CSV), and writes nothing in docs
--json FILE writes { "nab": { "standard", "lowFP", "lowFN" } } to FILE
--part      one part of the scoreboard; the others stay as they were
--seeds N   of the faults for the pack 'learned'; 100, of which it takes half an hour of a quiet core
--others N  of the faults for the packs 'nameplate' and 'reference'; 20
`

const { values } = parseArgs({ options: { nab: { type: 'string' }, json: { type: 'string' }, part: { type: 'string' }, seeds: { type: 'string' }, others: { type: 'string' }, help: { type: 'boolean' } } })
const NAB = new URL('../../../shared/data/nab-a', import.meta.url).pathname
/** The first seed: those below were looked at while the pack was made. */
const FROM = 1001

function count(text: string | undefined, otherwise: number): number {
  const number = Number(text ?? otherwise)
  if (!Number.isInteger(number) || number < 1) throw new RangeError(`got ${String(text)}, expected a whole number above 0`)
  return number
}

function scoreNab(folder: string): NonNullable<Results['nab']> {
  const files = readNab(folder)
  if (files.length === 0) throw new RangeError(`${folder}: none of the files in windows.json is there`)
  return { files: files.length, windows: files.reduce((sum, { windows }) => sum + windows.length, 0), detectors: nabScores(files), groups: nabByGroup(files) }
}

function simulate(): SimulatorResults {
  const seeds = { learned: count(values.seeds, 100), nameplate: count(values.others, 20), reference: count(values.others, 20) }
  const sets = (seed: number): Readonly<Record<string, readonly Rule[]>> => ({ learned: learned(), ...(seed - FROM < seeds.nameplate ? { nameplate: nameplate(), reference } : {}) })
  const faults: Record<string, Record<string, Outcome[]>> = { learned: {}, nameplate: {}, reference: {} }
  for (let seed = FROM; seed < FROM + seeds.learned; seed++) {
    for (const [set, outcomes] of Object.entries(tryFaults(sets(seed), seed))) for (const [fault, outcome] of Object.entries(outcomes)) (faults[set]![fault] ??= []).push(outcome)
    process.stderr.write(`faults, seed ${seed}: ${Math.round(process.cpuUsage().user / 1e6)} s\n`)
  }
  const healthyDays: Record<string, number> = { learned: 0, nameplate: 0, reference: 0 }
  const falseAlarms: Record<string, { seed: number; day: number; rule: string }[]> = { learned: [], nameplate: [], reference: [] }
  // 28 days each: a thousand days of a hundred seeds
  for (let seed = FROM; seed < FROM + Math.ceil(seeds.learned * 0.36); seed++) {
    const of = seed - FROM < seeds.nameplate * 0.36 ? sets(FROM) : { learned: learned() }
    const { days, alarms } = tryHealthy(of, seed)
    for (const [set, raised] of Object.entries(alarms)) {
      healthyDays[set]! += days
      falseAlarms[set]!.push(...raised.map(({ time, rule }) => ({ seed, day: Number(((time - Date.UTC(2026, 0, 5, 6)) / 86_400_000).toFixed(2)), rule })))
    }
    process.stderr.write(`well, seed ${seed}: ${Math.round(process.cpuUsage().user / 1e6)} s\n`)
  }
  return { from: FROM, seeds, healthyDays, faults, falseAlarms }
}

if (values.help === true) process.stdout.write(HELP)
else if (values.nab !== undefined) {
  const { files, windows, detectors } = scoreNab(values.nab)
  const { standard, lowFP, lowFN } = detectors[CHOSEN]!
  process.stdout.write(`${files} files, ${windows} windows: ${CHOSEN} ${standard.toFixed(2)} standard, ${lowFP.toFixed(2)} low false positives, ${lowFN.toFixed(2)} low false negatives\n`)
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ nab: { standard, lowFP, lowFN }, detectors }, null, 1)}\n`)
} else {
  const parts = values.part === undefined ? ['nab', 'run-lengths', 'costs', 'simulator'] : [values.part]
  let results = readResults()
  for (const part of parts) {
    if (part === 'nab' && !existsSync(NAB)) process.stderr.write(`the benchmark is not at ${NAB}: that part stays as it was\n`)
    else if (part === 'nab') results = { ...results, nab: scoreNab(NAB) }
    else if (part === 'run-lengths') results = { ...results, runLengths: runLengthsInMarkdown(measureAll(2500, 100, 1, (line) => { process.stderr.write(`${line}\n`) })) }
    else if (part === 'costs') results = { ...results, costs: costs() }
    else if (part === 'simulator') results = { ...results, simulator: simulate() }
    else throw new RangeError(`--part ${part}: expected nab, run-lengths, simulator or costs`)
    writeResults(results)
  }
  writeFileSync(docsFile, render(results))
}
