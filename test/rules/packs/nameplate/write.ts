import { writeFileSync } from 'node:fs'
import { cases, titleOf } from './cases.js'
import { motors } from './motors.js'
import { render } from './render.js'
import { docsFile, rulesNow, writeResults } from './results.js'
import type { Results } from './results.js'
import { tryFault, tryHealthy } from './trial.js'

/** The whole run, `npm run table:nameplate`: 104 machine-weeks that are well, then every fault. Tells on stderr how far it is. */
const FOUR_WEEKS = 13
const SEEDS = { machine: 5, sensor: 3 }

const used = (): number => process.cpuUsage().user / 1e6
const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i + 1)
const started = used()

const healthy = Object.fromEntries(
  motors.map((motor) => [
    motor.name,
    upTo(FOUR_WEEKS).map((seed) => {
      const weeks = tryHealthy(motor, seed)
      process.stderr.write(`${Math.round(used() - started)} s ${motor.name} well, seed ${seed} ${weeks.alarms.map(({ rule }) => rule).join(', ')}\n`)
      return weeks
    }),
  ]),
)
const speed = { readings: Object.values(healthy).flat().reduce((sum, { readings }) => sum + readings, 0), seconds: Number((used() - started).toFixed(1)) }
const faults = Object.fromEntries(
  cases.map((each) => {
    const trials = upTo(each.sensor === undefined ? SEEDS.machine : SEEDS.sensor).map((seed) => tryFault(each, seed))
    process.stderr.write(`${Math.round(used() - started)} s ${titleOf(each)}: ${trials.map(({ alarms }) => alarms[0]?.rule ?? '-').join(', ')}\n`)
    return [titleOf(each), trials]
  }),
)
const results: Results = { rules: rulesNow(), healthy, faults, speed, seconds: Number((used() - started).toFixed(1)) }
// before the text is made: that throws where a fault was missed without a reason
writeResults(results)
writeFileSync(docsFile, render(results))
