import { existsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { pages, proseOf, root, textOf } from './blocks.js'

/** As GitHub makes it of a heading. */
const anchorOf = (heading: string): string => heading.replace(/`/g, '').toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replace(/ /g, '-')

const anchorsIn = (path: string): readonly string[] => [...textOf(path).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading!))

const linksIn = (path: string): readonly string[] => [...proseOf(path).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!).filter((target) => !/^[a-z]+:/.test(target))

test.each(pages)('%s: what it links to is there', (path) => {
  const wrong = linksIn(path).filter((link) => {
    const [file = '', anchor] = link.split('#')
    const target = file === '' ? path : join(dirname(path), file)
    if (!existsSync(join(root, target))) return true
    return anchor !== undefined && !(statSync(join(root, target)).isFile() && anchorsIn(target).includes(anchor))
  })
  expect(wrong).toEqual([])
})

test('each page is reached from the README', () => {
  const reached = new Set(['README.md'])
  for (const path of reached) for (const link of linksIn(path)) if (/\.md(#|$)/.test(link)) reached.add(join(dirname(path), link.split('#')[0]!))
  expect(pages.filter((path) => !reached.has(path))).toEqual([])
})
