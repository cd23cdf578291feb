import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Instrumenter } from '@stryker-mutator/instrumenter'
import type { Job, LogLine } from './job.js'

interface Room {
  readonly mutate: readonly string[]
  readonly tests: readonly string[]
}

const within = (folder: string, end = '.ts'): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith(end)).sort().map((path) => join(folder, path))

/** They take seconds each, so they come last: what is killed by then need not be tried. */
const slow = ['rate-limit', 'minimum-gap', 'deduplicate', 'debounced', 'threshold', 'fuse', 'resample', 'in-order', 'deadman', 'tumbling'].map((name) => `test/operators/${name}.test.ts`)
const operatorTests = within('test/operators', '.test.ts')

/** What is mutated, and the tests that each mutant is tried against, in this order. */
const rooms: Readonly<Record<string, Room>> = {
  alarms: { mutate: within('src/alarms'), tests: ['test/alarms/life-cycle.test.ts'] },
  rules: {
    mutate: within('src/rules').filter((path) => !path.startsWith('src/rules/packs/')),
    tests: [
      ...['text', 'refused', 'check-rules', 'standards', 'document', 'message', 'memory', 'nodes', 'rules', 'schema'].map((name) => `test/rules/${name}.test.ts`),
      ...['series', 'formulas', 'run-rule-test', 'rule-test-document'].map((name) => `test/testing/${name}.test.ts`),
      ...['cli/main', 'docs/examples', 'rules/judge', 'rules/three-valued', 'rules/signals', 'operators/standing', 'operators/threshold', 'operators/alarms'].map((name) => `test/${name}.test.ts`),
    ],
  },
  operators: {
    mutate: within('src/operators'),
    tests: [...operatorTests.filter((path) => !slow.includes(path)), ...slow, 'test/laws/table.test.ts'],
  },
}

interface Result {
  readonly id: string
  readonly where: string
  readonly mutator: string
  readonly from: string
  readonly to: string
  readonly is: 'killed' | 'hung' | 'survived' | 'not reached'
  readonly by?: string
}

interface Report {
  /** Of the sources: what they are now is what was mutated. */
  readonly hash: string
  readonly results: readonly Result[]
}

/** A vitest that writes nothing for so long hangs in what it tries. */
const patience = 60_000

/** All tests of a job, from the start. */
function round(jobFile: string, job: Job): Promise<'passed' | 'failed' | 'hung'> {
  writeFileSync(jobFile, JSON.stringify(job))
  return new Promise((done) => {
    const child = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/mutation/vitest.config.ts', '--reporter=dot'], {
      env: { ...process.env, MOTORWATCH_MUTATION_JOB: jobFile, MOTORWATCH_SEED: '1' }, stdio: ['ignore', 'ignore', 'inherit'],
    })
    const began = Date.now()
    const watch = setInterval(() => {
      const wrote = existsSync(job.log) ? statSync(job.log).mtimeMs : began
      if (Date.now() - Math.max(wrote, began) > patience) child.kill('SIGKILL')
    }, 5_000)
    child.on('exit', (code, signal) => {
      clearInterval(watch)
      done(signal !== null ? 'hung' : code === 0 ? 'passed' : 'failed')
    })
  })
}

async function test(name: string, { mutate, tests }: Room, again: boolean): Promise<Report> {
  const out = resolve('out/mutation', name)
  mkdirSync(out, { recursive: true })
  const files = mutate.filter((path) => !path.endsWith('/index.ts')).map((path) => ({ name: path, mutate: true, content: readFileSync(path, 'utf8') }))
  const hash = createHash('sha256').update(JSON.stringify(files)).digest('hex')
  const quiet = new Proxy({}, { get: () => () => false }) as ConstructorParameters<typeof Instrumenter>[0]
  const instrumented = await new Instrumenter(quiet).instrument(files, { plugins: null, excludedMutations: [], ignorers: [] })

  const reportFile = join(out, 'report.json')
  const older = again && existsSync(reportFile) ? JSON.parse(readFileSync(reportFile, 'utf8')) as Report : undefined
  if (older !== undefined && older.hash !== hash) throw new Error(`${name}: the sources have changed since the last report`)
  const found = new Map<string, { is: Result['is']; by?: string }>(older?.results.filter(({ is }) => is === 'killed' || is === 'hung').map(({ id, is, by }) => [id, { is, ...(by === undefined ? {} : { by }) }]))

  const key = createHash('sha256').update(hash).update(tests.map((path) => readFileSync(path, 'utf8')).join()).digest('hex').slice(0, 12)
  const jobFile = join(out, 'job.json')
  const sources = Object.fromEntries(instrumented.files.map((file) => [file.name, file.content]))
  const loaded = new Set<string>()
  const isOver = (id: string): boolean => found.get(id)?.is === 'killed' || found.get(id)?.is === 'hung'
  const tryAll = async (phase: string, asked: Pick<Job, 'limit' | 'loaded'>): Promise<void> => {
    const log = join(out, `${key}-${phase}.jsonl`) // a run that was broken off goes on from there
    let ended
    do {
      ended = await round(jobFile, { tests, sources, log, done: [...found.keys()].filter(isOver), ...asked })
      const lines = (existsSync(log) ? readFileSync(log, 'utf8') : '').split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as LogLine)
      for (const { mutant, test, is } of lines) {
        if (is === 'killed') found.set(mutant, { is, by: test })
        if (is === 'survived' && !found.has(mutant)) found.set(mutant, { is })
        if (is === 'loaded') loaded.add(mutant)
        if (is === 'confused') console.log(`${test}: fails after mutants, with none of them switched on; what it found is in doubt`)
      }
      const last = lines.at(-1)
      if (ended === 'hung') {
        if (last?.is !== 'trying') throw new Error('vitest hangs where no mutant is switched on')
        found.set(last.mutant, { is: 'hung', by: last.test })
      }
    } while (ended === 'hung')
    if (ended === 'failed') throw new Error('a test fails with no mutant switched on')
  }
  const limit = again ? 1000 : 300
  await tryAll('tests', { limit })
  // What runs as modules are loaded, and in no test.
  await tryAll('loaded', { limit: 50, loaded: [...loaded].filter((id) => !found.has(id)) })

  const results = instrumented.mutants.map(({ id, fileName, mutatorName, replacement, location: { start, end } }): Result => {
    const lines = readFileSync(fileName, 'utf8').split('\n').slice(start.line, end.line + 1)
    const from = [...lines.slice(0, -1), (lines.at(-1) ?? '').slice(0, end.column)].join('\n').slice(start.column)
    return { id, where: `${fileName}:${start.line + 1}`, mutator: mutatorName, from, to: replacement, ...(found.get(id) ?? { is: 'not reached' }) }
  })
  for (const file of readdirSync(out).filter((file) => file.endsWith('.jsonl'))) rmSync(join(out, file))
  const report = { hash, results }
  writeFileSync(reportFile, JSON.stringify(report, null, 1))
  return report
}

function tell({ results }: Report): void {
  const isKilled = ({ is }: Result): boolean => is === 'killed' || is === 'hung'
  for (const one of results) if (!isKilled(one)) console.log(`${one.where} ${one.is}: ${one.mutator}: ${one.from} -> ${one.to}`.replaceAll(/\s+/g, ' '))
  const line = (name: string, some: readonly Result[]): string => {
    const killed = some.filter(isKilled).length
    return `| ${name} | ${some.length} | ${killed} | ${(100 * killed / some.length).toFixed(1)} % |`
  }
  console.log('\n| File | Mutants | Killed | Score |\n|---|---|---|---|')
  const fileOf = ({ where }: Result): string => where.replace(/:\d+$/, '')
  for (const file of new Set(results.map(fileOf))) console.log(line(file, results.filter((one) => fileOf(one) === file)))
  console.log(line('all', results))
}

const args = process.argv.slice(2)
const again = args.includes('--again')
const asked = args.filter((arg) => arg !== '--again')
for (const name of asked.length > 0 ? asked : Object.keys(rooms)) {
  const room = rooms[name]
  if (room === undefined) throw new Error(`no room '${name}'; there are ${Object.keys(rooms).join(', ')}`)
  tell(await test(name, room, again))
}
