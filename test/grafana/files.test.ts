import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { files } from '../../grafana/generate/files.js'

const folder = join(import.meta.dirname, '../../grafana')

test.each([...files])('%s is as it is generated: npm run grafana', (path, text) => {
  expect(readFileSync(join(folder, path), 'utf8')).toBe(text)
})

test('no dashboard is left over', () => {
  expect(readdirSync(join(folder, 'dashboards')).map((name) => `dashboards/${name}`).sort()).toEqual([...files.keys()].filter((path) => path.startsWith('dashboards/')).sort())
})

test('each panel says what it shows', () => {
  for (const [path, text] of files) {
    if (!path.startsWith('dashboards/')) continue
    const { panels } = JSON.parse(text) as { readonly panels: readonly { readonly title: string; readonly description?: string; readonly id: number }[] }
    expect(panels.length).toBeGreaterThan(5)
    for (const { title, description } of panels) expect([title, description]).toEqual([expect.stringMatching(/./), expect.stringMatching(/\.$/)])
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
  }
})
