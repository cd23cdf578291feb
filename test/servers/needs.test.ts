import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { needs } from './needs.js'

const toxiproxy = await needs('toxiproxy')
const again = await needs('toxiproxy')

describe.skipIf(toxiproxy.missing)('a server that is needed', () => {
  test('answers, and is one for all', async () => {
    expect((await fetch(`${toxiproxy.url}/version`)).ok).toBe(true)
    expect(again).toEqual(toxiproxy)
  })
})

/** This file once more, where there is neither a server nor a tool to build it. */
const INNER = 'MOTORWATCH_TEST_NEEDS_INNER'

describe.skipIf(process.env[INNER])('a server that cannot be had', () => {
  const inner = (ci: string): { readonly status: number | null; readonly stderr: string; readonly report: string } => {
    const empty = mkdtempSync(join(tmpdir(), 'motorwatch-empty-'))
    onTestFinished(() => { rmSync(empty, { recursive: true }) })
    const root = fileURLToPath(new URL('../..', import.meta.url))
    const { status, stdout, stderr } = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', '--project', 'servers', '--reporter=json', 'test/servers/needs.test.ts'], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, [INNER]: '1', CI: ci, PATH: empty, XDG_CACHE_HOME: empty },
    })
    return { status, stderr, report: stdout }
  }

  test('is skipped loudly, by name and reason', () => {
    const { status, stderr, report } = inner('')
    const why = 'toxiproxy 2.5.0 cannot be had: go was not found: install Go'
    expect(stderr).toContain(`*** TOXIPROXY CANNOT BE STARTED, so its tests are SKIPPED: ${why}`)
    expect(report).toContain(`skipped, for toxiproxy cannot be had: ${why}`)
    expect(JSON.parse(report)).toMatchObject({ numPassedTests: 0, numFailedTests: 0, success: true })
    expect(status).toBe(0)
  })

  test('is a failure in CI', () => {
    const { status, report } = inner('true')
    expect(status).toBe(1)
    expect(JSON.parse(report)).toMatchObject({ numPassedTests: 0, success: false })
    expect(report).toContain('toxiproxy is part of CI, but cannot be had')
  })
})
