import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { Instrumenter } from '@stryker-mutator/instrumenter'
import type { Job, LogLine } from './job.js'
import { keepKilled, killedOf } from './killed.js'

interface Room {
  readonly mutate: readonly string[]
  readonly tests: readonly string[]
  /** The tests that are there for a source: its mutants are tried in these first, and what survives in the others, until it has survived `most` in all. */
  readonly own?: (source: string) => readonly string[]
  /** The test of the operators by laws, in which a mutant is tried on the rows of its operators. */
  readonly laws?: string
  readonly most?: number
}

const within = (folder: string, end = '.ts'): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith(end)).sort().map((path) => join(folder, path))

/** They take seconds each, so they come last: what is killed by then need not be tried. */
const slow = ['rate-limit', 'minimum-gap', 'deduplicate', 'debounced', 'threshold', 'fuse', 'resample', 'in-order', 'deadman', 'tumbling'].map((name) => `test/operators/${name}.test.ts`)
/** The test that mirrors it; of a part that has none, those of what it is part of. */
function mirrors(source: string, parts: ReadonlySet<string> = new Set()): readonly string[] {
  const mirror = source.replace(/^src/, 'test').replace(/\.ts$/, '.test.ts')
  if (existsSync(mirror)) return [mirror]
  if (source.includes('/aggregates/')) return ['test/operators/aggregates.test.ts']
  const name = `/${basename(source, '.ts')}.js'`
  const users = within('src/operators').filter((path) => !path.endsWith('/index.ts') && !parts.has(path) && readFileSync(path, 'utf8').includes(name))
  return [...new Set(users.flatMap((path) => mirrors(path, new Set([...parts, source]))))]
}

/** What is exchanged with rules, or exchanges them. */
const EXCHANGED = /alarm|occurrence|hear|signature|carried|side-by-side|keyed|outlook|instruments|anomalies|branches/

/** Whose key may be a function. */
const WINDOWS = /window|hopping|session|sliding|tumbling/

const operatorTests = within('test/operators', '.test.ts')

/** What is mutated, and the tests that each mutant is tried against, in this order. */
const rooms: Readonly<Record<string, Room>> = {
  alarms: { mutate: within('src/alarms'), tests: ['test/alarms/life-cycle.test.ts'] },
  rules: {
    mutate: within('src/rules').filter((path) => !path.startsWith('src/rules/packs/')),
    tests: [
      ...['text', 'refused', 'check-rules', 'standards', 'document', 'message', 'memory', 'nodes', 'rules', 'schema', 'negated'].map((name) => `test/rules/${name}.test.ts`),
      ...['series', 'formulas', 'run-rule-test', 'rule-test-document'].map((name) => `test/testing/${name}.test.ts`),
      ...['cli/main', 'docs/examples', 'rules/judge', 'rules/three-valued', 'rules/signals', 'operators/standing', 'operators/threshold', 'operators/exchange', 'operators/alarms'].map((name) => `test/${name}.test.ts`),
    ],
  },
  operators: {
    mutate: within('src/operators'),
    tests: [...operatorTests.filter((path) => !slow.includes(path)), 'test/pipelines/exchange.test.ts', 'test/laws/names.test.ts', ...slow, 'test/laws/table.test.ts'],
    own: (source) => [...mirrors(source), 'test/laws/names.test.ts', 'test/operators/forgotten.test.ts', ...(WINDOWS.test(source) ? ['test/operators/windows-by-key.test.ts'] : []), ...(EXCHANGED.test(source) ? ['test/operators/exchange.test.ts', 'test/pipelines/exchange.test.ts'] : [])],
    laws: 'test/laws/table.test.ts',
    most: 30,
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
  /** Of each source, as it was mutated: what was killed in one that has not changed need not be tried again. */
  readonly hashes: Readonly<Record<string, string>>
  readonly results: readonly Result[]
}

/** A vitest that writes nothing for so long hangs in what it tries; a test that runs as it is may take longer. */
const [patience, longest] = [60_000, 600_000]

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
      const quiet = Date.now() - Math.max(wrote, began)
      if (quiet > patience && quiet > (wrote > began && lastOf(job.log)?.is === 'trying' ? patience : longest)) child.kill('SIGKILL')
    }, 5_000)
    child.on('exit', (code, signal) => {
      clearInterval(watch)
      done(signal !== null ? 'hung' : code === 0 ? 'passed' : 'failed')
    })
  })
}

const linesOf = (log: string): readonly LogLine[] => (existsSync(log) ? readFileSync(log, 'utf8') : '').split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as LogLine)

const lastOf = (log: string): LogLine | undefined => linesOf(log).at(-1)

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')

const fileOf = ({ where }: Pick<Result, 'where'>): string => where.replace(/:\d+$/, '')

const isKilled = ({ is }: Pick<Result, 'is'>): boolean => is === 'killed' || is === 'hung'

/** A mutant by its place among those of its file: the ids count through all files. */
function placed<T>(all: readonly T[], file: (one: T) => string): ReadonlyMap<string, T> {
  const count = new Map<string, number>()
  return new Map(all.map((one) => {
    const place = count.get(file(one)) ?? 0
    count.set(file(one), place + 1)
    return [`${file(one)} ${place}`, one]
  }))
}

async function test(name: string, { mutate, tests, own, laws, most }: Room, again: boolean, keep: boolean): Promise<Report> {
  const out = resolve('out/mutation', name)
  mkdirSync(out, { recursive: true })
  const files = mutate.filter((path) => !path.endsWith('/index.ts')).map((path) => ({ name: path, mutate: true, content: readFileSync(path, 'utf8') }))
  const hashes = Object.fromEntries(files.map(({ name, content }) => [name, hashOf(content)]))
  const quiet = new Proxy({}, { get: () => () => false }) as ConstructorParameters<typeof Instrumenter>[0]
  const instrumented = await new Instrumenter(quiet).instrument(files, { plugins: null, excludedMutations: [], ignorers: [] })

  const reportFile = join(out, 'report.json')
  const older = again && existsSync(reportFile) ? JSON.parse(readFileSync(reportFile, 'utf8')) as Report : undefined
  const earlier = placed(older?.results ?? [], fileOf)
  const before = new Map([...placed(instrumented.mutants, ({ fileName }) => fileName)].map(([place, { id, fileName }]) => [id, older?.hashes[fileName] === hashes[fileName] ? earlier.get(place) : undefined]))
  const found = new Map<string, Pick<Result, 'is' | 'by'>>()
  for (const [id, one] of before) if (one !== undefined && isKilled(one)) found.set(id, { is: one.is, ...(one.by === undefined ? {} : { by: one.by }) })

  const places = new Map([...placed(instrumented.mutants, ({ fileName }) => fileName)].map(([place, { id, fileName }]) => [id, { source: fileName, place: Number(place.slice(fileName.length + 1)) }]))
  if (again || keep) for (const [id, { source, place }] of places) if (!found.has(id) && killedOf(source, hashes[source]!).has(place)) found.set(id, { is: 'killed', by: 'an earlier run' })
  /** Other machines, and runs to come, need not try again what this one has killed. */
  const putOnRecord = (): void => {
    const killed = new Map(files.map(({ name }) => [name, [] as number[]]))
    for (const [id, { source, place }] of places) if (isKilled(found.get(id) ?? { is: 'survived' })) killed.get(source)!.push(place)
    keepKilled([...killed].map(([source, places]) => ({ source, hash: hashes[source]!, places })))
  }

  const key = hashOf(hashOf(JSON.stringify(files)) + tests.map((path) => readFileSync(path, 'utf8')).join()).slice(0, 12)
  const jobFile = join(out, 'job.json')
  const sources = Object.fromEntries(instrumented.files.map((file) => [file.name, file.content]))
  const loaded = new Set<string>()
  const tryAll = async (phase: string, asked: Pick<Job, 'limit' | 'loaded' | 'own' | 'named' | 'most'> & Partial<Pick<Job, 'tests'>>): Promise<void> => {
    const log = join(out, `${key}-${asked.loaded === undefined ? 'tests' : phase}.jsonl`) // a run that was broken off goes on from there
    const begins = (): number => linesOf(log).findIndex(({ is, test }) => is === 'begins' && test === phase)
    if (begins() < 0) appendFileSync(log, `${JSON.stringify({ mutant: '', test: phase, is: 'begins' } satisfies LogLine)}\n`)
    /** The files that come before one in which mutants have been tried in this phase are done with. */
    const left = (all: readonly string[]): readonly string[] => {
      const file = linesOf(log).slice(begins()).findLast(({ is }) => is === 'trying')?.test.split(' > ')[0]
      return file === undefined || !all.includes(file) ? all : all.slice(all.indexOf(file))
    }
    let ended
    do {
      ended = await round(jobFile, { sources, log, done: [...found].flatMap(([id, one]) => (isKilled(one) ? [id] : [])), ...asked, tests: left(asked.tests ?? tests) })
      const lines = linesOf(log)
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
        appendFileSync(log, `${JSON.stringify({ ...last, is: 'killed' } satisfies LogLine)}\n`) // for a run that goes on from there
      }
    } while (ended === 'hung')
    if (ended === 'failed') throw new Error('a test fails with no mutant switched on')
  }
  if (keep) {
    for (const { mutant, test, is } of linesOf(join(out, `${key}-tests.jsonl`))) if (is === 'killed') found.set(mutant, { is, by: test })
    putOnRecord()
    return { hashes, results: [] }
  }
  const limit = Number(process.env['MOTORWATCH_MUTATION_LIMIT'] ?? (again ? 1000 : 300))
  const byTest: Record<string, string[]> = {}
  if (own !== undefined) {
    for (const { id, fileName } of instrumented.mutants) for (const path of own(fileName)) (byTest[path] ??= []).push(id)
    await tryAll('own', { limit, own: byTest })
    if (laws !== undefined && tests.includes(laws)) {
      const operators = (source: string): readonly string[] => own(source).map((path) => basename(path, '.test.ts').replace(/-(.)/g, (_, letter: string) => letter.toUpperCase()))
      await tryAll('laws', { limit: 2 * limit, tests: [laws], named: Object.fromEntries(instrumented.mutants.map(({ id, fileName }) => [id, operators(fileName)])) })
    }
  }
  await tryAll('tests', { limit, ...(most === undefined ? {} : { most }) })
  // What runs as modules are loaded, and in no test: seconds for each, so in the tests that are there for it.
  await tryAll('loaded', { limit: 50, loaded: [...loaded].filter((id) => !isKilled(found.get(id) ?? { is: 'survived' })), ...(own === undefined ? {} : { own: byTest }) })

  const results = instrumented.mutants.map(({ id, fileName, mutatorName, replacement, location: { start, end } }): Result => {
    const lines = readFileSync(fileName, 'utf8').split('\n').slice(start.line, end.line + 1)
    const from = [...lines.slice(0, -1), (lines.at(-1) ?? '').slice(0, end.column)].join('\n').slice(start.column)
    return { id, where: `${fileName}:${start.line + 1}`, mutator: mutatorName, from, to: replacement, ...(found.get(id) ?? { is: before.get(id)?.is ?? 'not reached' }) }
  })
  for (const file of readdirSync(out).filter((file) => file.endsWith('.jsonl'))) rmSync(join(out, file))
  putOnRecord()
  const report = { hashes, results }
  writeFileSync(reportFile, JSON.stringify(report, null, 1))
  return report
}

function tell({ results }: Report): void {
  for (const one of results) if (!isKilled(one)) console.log(`${one.where} ${one.is}: ${one.mutator}: ${one.from} -> ${one.to}`.replaceAll(/\s+/g, ' '))
  const line = (name: string, some: readonly Result[]): string => {
    const killed = some.filter(isKilled).length
    return `| ${name} | ${some.length} | ${killed} | ${(100 * killed / some.length).toFixed(1)} % |`
  }
  console.log('\n| File | Mutants | Killed | Score |\n|---|---|---|---|')
  for (const file of new Set(results.map(fileOf))) console.log(line(file, results.filter((one) => fileOf(one) === file)))
  console.log(line('all', results))
}

const args = process.argv.slice(2)
const again = args.includes('--again')
const keep = args.includes('--keep')
const only = args.filter((arg) => arg.endsWith('.test.ts'))
const sources = args.filter((arg) => arg.endsWith('.ts') && !only.includes(arg))
const asked = args.filter((arg) => !arg.startsWith('--') && !arg.endsWith('.ts'))
for (const name of asked.length > 0 ? asked : Object.keys(rooms)) {
  const room = rooms[name]
  if (room === undefined) throw new Error(`no room '${name}'; there are ${Object.keys(rooms).join(', ')}`)
  if (only.length > 0 && !again) throw new Error('single tests are for --again: what they do not kill stays as it was')
  const unknown = only.find((path) => !room.tests.includes(path)) ?? sources.find((path) => !room.mutate.includes(path))
  if (unknown !== undefined) throw new Error(`${unknown} is not in the room '${name}'`)
  const some = (all: readonly string[], those: readonly string[]): readonly string[] => (those.length > 0 ? all.filter((path) => those.includes(path)) : all)
  const report = await test(name, { ...room, mutate: some(room.mutate, sources), tests: some(room.tests, only) }, again, keep)
  if (!keep) tell(report)
}
