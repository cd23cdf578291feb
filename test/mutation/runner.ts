import { setMaxListeners } from 'node:events'
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { startTests } from '@vitest/runner'
import { TestRunner, vi, type RunnerTestCase, type RunnerTestFile } from 'vitest'
import type { Job, LogLine } from './job.js'

/** As the code that Stryker has instrumented expects it. */
interface Switch {
  activeMutant?: string | undefined
  currentTestId?: string | undefined
  hitCount?: number | undefined
  hitLimit?: number | undefined
  mutantCoverage?: { static: Record<string, number>; perTest: Record<string, Record<string, number>> }
}
interface Tried {
  readonly killed: Set<string>
  readonly survived: Set<string>
  /** How many tests a mutant has survived. */
  readonly times: Map<string, number>
}
const held = globalThis as { __stryker__?: Switch; __tried__?: Tried }
const stryker = held.__stryker__ ??= {}
const { done, log, loaded, own, named, most = Infinity } = JSON.parse(readFileSync(process.env['MOTORWATCH_MUTATION_JOB'] ?? '', 'utf8')) as Job
const { killed, survived, times } = held.__tried__ ??= resumed()

setMaxListeners(0) // of the signal of a test, which each try of it listens to

const write = (line: LogLine): void => appendFileSync(log, `${JSON.stringify(line)}\n`)

/** What the log tells of a run that was broken off. */
function resumed(): Tried {
  const lines = existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as LogLine) : []
  const those = (which: LogLine['is']): LogLine[] => lines.filter(({ is }) => is === which)
  const times = new Map<string, number>()
  for (const { mutant } of those('survived')) count(times, mutant)
  return { killed: new Set([...done, ...those('killed').map(({ mutant }) => mutant)]), survived: new Set(those('survived').map(({ mutant, test }) => `${mutant} ${test}`)), times }
}

function count(times: Map<string, number>, mutant: string): void {
  times.set(mutant, (times.get(mutant) ?? 0) + 1)
}

/** What is waited for in vain. */
const endless = (): Promise<never> => new Promise((_, fail) => {
  setTimeout(() => {
    fail(new Error('does not end'))
  }, 20_000).unref()
})

/** A loop that goes on for so many times what it did without the mutant does not end. */
const HITS = 30

/**
 * Runs each test once as it is, then once more for each mutant that it came by and that no test has killed, with that mutant switched on:
 * a mutant costs the time of its tests, and no start of a process.
 */
export default class extends TestRunner {
  async runTask(test: RunnerTestCase): Promise<void> {
    const name = test.fullName
    if (loaded !== undefined) return
    stryker.currentTestId = name
    try {
      await inTime(TestRunner.getTestFn(test)())
    } finally {
      stryker.currentTestId = undefined
    }
    const reached = stryker.mutantCoverage?.perTest[name] ?? {}
    const those = own === undefined ? undefined : new Set(own[relative(process.cwd(), test.file.filepath)])
    let tried = 0
    for (const [mutant, hits] of Object.entries(reached)) {
      if (killed.has(mutant) || survived.has(`${mutant} ${name}`) || those?.has(mutant) === false || (named !== undefined && named[mutant]?.some((word) => new RegExp(`> .?${word}\\b`).test(name)) !== true) || (times.get(mutant) ?? 0) >= most) continue
      tried++
      write({ mutant, test: name, is: 'trying' })
      Object.assign(stryker, { activeMutant: mutant, hitCount: 0, hitLimit: hits * HITS + 1000 })
      const is = await Promise.race([again(test), endless()]).then(() => 'survived' as const, () => 'killed' as const)
      Object.assign(stryker, { activeMutant: undefined, hitCount: undefined, hitLimit: undefined })
      if (is === 'killed') killed.add(mutant)
      else count(times, mutant)
      write({ mutant, test: name, is })
    }
    if (tried > 0) await again(test).catch((error: unknown) => {
      write({ mutant: '', test: name, is: 'confused' })
      throw error
    })
  }

  override onAfterRunFiles(): void {
    super.onAfterRunFiles()
    const reached = stryker.mutantCoverage?.static ?? {}
    for (const mutant of Object.keys(reached)) {
      if (loaded === undefined) write({ mutant, test: '', is: 'loaded' })
      delete reached[mutant]
    }
  }

  async onBeforeRunFiles(files: readonly RunnerTestFile[]): Promise<void> {
    if (loaded !== undefined) for (const file of files) await this.reload(file.filepath)
  }

  private async reload(path: string): Promise<void> {
    const those = own === undefined ? undefined : new Set(own[relative(process.cwd(), path)])
    for (const mutant of loaded ?? []) {
      if (those?.has(mutant) === false || killed.has(mutant) || survived.has(`${mutant} ${path}`)) continue
      write({ mutant, test: path, is: 'trying' })
      vi.resetModules()
      stryker.activeMutant = mutant
      const inner = new Once(this.config)
      const { moduleRunner, _otel } = this as unknown as Record<string, unknown> // what vitest gives a runner
      Object.assign<Once, object>(inner, { moduleRunner, _otel })
      await startTests([path], inner).then(([file]) => {
        inner.failed ||= file?.result?.state === 'fail'
      }, () => {
        inner.failed = true
      })
      stryker.activeMutant = undefined
      if (inner.failed) killed.add(mutant)
      write({ mutant, test: path, is: inner.failed ? 'killed' : 'survived' })
    }
  }
}

/** Stops at the first test that fails, and tells vitest nothing. */
class Once extends TestRunner {
  failed = false

  async runTask(test: RunnerTestCase): Promise<void> {
    if (this.failed) return
    try {
      await inTime(TestRunner.getTestFn(test)())
    } catch (error) {
      this.failed = true
      throw error
    }
  }
}

/** A property whose first case takes longer than the limit has found nothing; fast-check calls that a failure. */
const inTime = async (test: unknown): Promise<void> => {
  await Promise.resolve(test).catch((error: unknown) => {
    if (!String(error).includes('Property interrupted after 0 tests')) throw error
  })
}

/** The test with the hooks around it. */
async function again(test: RunnerTestCase): Promise<void> {
  Object.assign(test, { promises: undefined }) // what an earlier try left unfinished
  const suites = []
  for (let { suite } = test; suite !== undefined; { suite } = suite) suites.unshift(suite)
  for (const suite of suites) for (const hook of TestRunner.getSuiteHooks(suite).beforeEach) await hook(test.context, suite)
  try {
    await inTime(TestRunner.getTestFn(test)())
  } finally {
    for (const suite of suites.reverse()) for (const hook of TestRunner.getSuiteHooks(suite).afterEach) await hook(test.context, suite)
  }
}
