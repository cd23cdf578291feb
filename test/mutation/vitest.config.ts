import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import type { Job } from './job.js'

const { tests, sources } = JSON.parse(readFileSync(process.env['MOTORWATCH_MUTATION_JOB'] ?? '', 'utf8')) as Job
const root = join(import.meta.dirname, '../..')

/** Only for `run.ts`: the tests of a job, in its order, of sources that hold all mutants at once. */
export default defineConfig({
  root,
  resolve: { tsconfigPaths: true },
  plugins: [{
    name: 'mutants',
    enforce: 'pre',
    transform: (_, id) => {
      const source = sources[id.slice(root.length + 1)]
      return source === undefined ? null : { code: source, map: null }
    },
  }],
  test: {
    include: [...tests],
    runner: join(import.meta.dirname, 'runner.ts'),
    setupFiles: ['test/seed.ts', 'test/mutation/setup.ts'],
    onUnhandledError: () => false, // of mutants, which RxJS throws where nobody listens: a test that fails tells of it otherwise
    testTimeout: 300_000, // what hangs is told of by the runner
    testNamePattern: /^(?!.*one that resumes fast and alone, where another was heard lately)/, // minutes, where every step is counted
    pool: 'threads', // they end with the process, also where one hangs
    isolate: false,
    fileParallelism: false,
    sequence: {
      sequencer: class extends BaseSequencer {
        override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
          const place = ({ moduleId }: TestSpecification): number => tests.indexOf(moduleId.slice(root.length + 1))
          return [...files].sort((a, b) => place(a) - place(b))
        }
      },
    },
  },
})
