import { defineConfig } from 'vitest/config'

const minutes = (n: number) => ({ testTimeout: n * 60_000, hookTimeout: n * 60_000 })

/** `package` and `nodes` build and pack the package, or write its reference, so they run alone and only when asked for: `npm run test:package`, `npm run test:nodes`; so does `oracle`, which needs Python: `npm run test:oracle`, `servers`, which starts real ones: `npm run test:servers`, and `page`, which looks at the live page in a real Chromium: `npm run test:page`. */
export default defineConfig({
  resolve: { tsconfigPaths: true },
  test: {
    projects: [
      { extends: true, test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: ['test/packaging/**', 'test/oracle/**', 'test/detectors/known-answers/**', 'test/servers/**', 'test/page/browser/**'], ...minutes(2), isolate: false, maxWorkers: 2, setupFiles: 'test/seed.ts', sequence: { groupOrder: 0 } } },
      { extends: true, test: { name: 'package', include: ['test/packaging/{package,reference}.test.ts'], ...minutes(5), sequence: { groupOrder: 1 } } },
      { extends: true, test: { name: 'nodes', include: ['test/packaging/nodes.test.ts'], ...minutes(5), sequence: { groupOrder: 2 } } },
      { extends: true, test: { name: 'oracle', include: ['test/oracle/**/*.test.ts', 'test/detectors/known-answers/*.test.ts'], globalSetup: 'test/oracle/setup.ts', ...minutes(10), sequence: { groupOrder: 3 } } },
      { extends: true, test: { name: 'servers', include: ['test/servers/**/*.test.ts'], globalSetup: 'test/servers/setup.ts', fileParallelism: false, ...minutes(10), sequence: { groupOrder: 4 } } },
      { extends: true, test: { name: 'page', include: ['test/page/browser/**/*.test.ts'], fileParallelism: false, ...minutes(3), sequence: { groupOrder: 5 } } },
    ],
  },
})
