// npm run test:oracle -- [--json FILE] [vitest's own options]: our conditions against RTAMT. FILE gets { "formulas": how many were compared, "differences": in how many ours differs }.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Tally } from './tally.js'

const { values, tokens } = parseArgs({ options: { json: { type: 'string' } }, strict: false, tokens: true })
const own = tokens.flatMap((token) => (token.kind === 'option' && token.name === 'json' ? [token.index, ...(token.inlineValue === false ? [token.index + 1] : [])] : []))
const others = process.argv.slice(2).filter((_, i) => !own.includes(i))

const results = mkdtempSync(join(tmpdir(), 'motorwatch-oracle-'))
try {
  const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url))
  const { status } = spawnSync(process.execPath, [vitest, 'run', '--project', 'oracle', ...others], { stdio: 'inherit', env: { ...process.env, MOTORWATCH_ORACLE_RESULTS: results } })
  const tallies = readdirSync(results).map((name) => JSON.parse(readFileSync(join(results, name), 'utf8')) as Tally)
  const sum = (of: (tally: Tally) => number): number => tallies.reduce((total, tally) => total + of(tally), 0)
  const summary = { formulas: sum(({ formulas }) => formulas), differences: sum(({ differences }) => differences) }
  console.log(`${summary.formulas} formulas, ${summary.differences} differences`)
  if (typeof values['json'] === 'string') writeFileSync(resolve(values['json']), `${JSON.stringify(summary)}\n`)
  process.exitCode = status ?? 1
} finally {
  rmSync(results, { recursive: true, force: true })
}
