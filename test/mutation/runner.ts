import { setMaxListeners } from 'node:events'
import { appendFileSync, readFileSync } from 'node:fs'
import { TestRunner, type RunnerTestCase } from 'vitest'
import type { Job, LogLine } from './job.js'

/** As the code that Stryker has instrumented expects it. */
interface Switch {
  activeMutant?: string | undefined
  currentTestId?: string | undefined
  hitCount?: number | undefined
  hitLimit?: number | undefined
  mutantCoverage?: { static: Record<string, number>; perTest: Record<string, Record<string, number>> }
}
const held = globalThis as { __stryker__?: Switch; __killed__?: Set<string> }
const stryker = held.__stryker__ ??= {}
const { done, log, one } = JSON.parse(readFileSync(process.env['MOTORWATCH_MUTATION_JOB'] ?? '', 'utf8')) as Job
const killed = held.__killed__ ??= new Set(done)

if (one !== undefined) stryker.activeMutant = one
setMaxListeners(0) // of the signal of a test, which each try of it listens to

const write = (line: LogLine): void => appendFileSync(log, `${JSON.stringify(line)}\n`)

/** A loop that goes on for so many times what it did without the mutant does not end. */
const HITS = 100

/**
 * Runs each test once as it is, then once more for each mutant that it came by and that no test has killed, with that mutant switched on:
 * a mutant costs the time of its tests, and no start of a process.
 */
export default class extends TestRunner {
  async runTask(test: RunnerTestCase): Promise<void> {
    const name = test.fullName
    if (one !== undefined) {
      write({ mutant: one, test: name, is: 'trying' })
      return void await TestRunner.getTestFn(test)()
    }
    stryker.currentTestId = name
    try {
      await TestRunner.getTestFn(test)()
    } finally {
      stryker.currentTestId = undefined
    }
    const reached = stryker.mutantCoverage?.perTest[name] ?? {}
    let tried = 0
    for (const [mutant, hits] of Object.entries(reached)) {
      if (killed.has(mutant)) continue
      tried++
      write({ mutant, test: name, is: 'trying' })
      Object.assign(stryker, { activeMutant: mutant, hitCount: 0, hitLimit: hits * HITS + 1000 })
      const survived = await again(test).then(() => true, () => false)
      Object.assign(stryker, { activeMutant: undefined, hitCount: undefined, hitLimit: undefined })
      if (!survived) killed.add(mutant)
      write({ mutant, test: name, is: survived ? 'survived' : 'killed' })
    }
    if (tried > 0) await again(test).catch((error: unknown) => {
      write({ mutant: '', test: name, is: 'confused' })
      throw error
    })
  }

  override onAfterRunFiles(): void {
    super.onAfterRunFiles()
    if (one !== undefined) return
    const loaded = stryker.mutantCoverage?.static ?? {}
    for (const mutant of Object.keys(loaded)) {
      write({ mutant, test: '', is: 'loaded' })
      delete loaded[mutant]
    }
  }
}

/** The test with the hooks around it. */
async function again(test: RunnerTestCase): Promise<void> {
  Object.assign(test, { promises: undefined }) // what an earlier try left unfinished
  const suites = []
  for (let { suite } = test; suite !== undefined; { suite } = suite) suites.unshift(suite)
  for (const suite of suites) for (const hook of TestRunner.getSuiteHooks(suite).beforeEach) await hook(test.context, suite)
  try {
    await TestRunner.getTestFn(test)()
  } finally {
    for (const suite of suites.reverse()) for (const hook of TestRunner.getSuiteHooks(suite).afterEach) await hook(test.context, suite)
  }
}
