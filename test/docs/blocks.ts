import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '../..')

/** A block of code in a page: ` ```language info `. */
export interface Block {
  readonly path: string
  /** Of its first line. */
  readonly line: number
  readonly language: string
  /** `hot.ts`: its name as a file; `no-run: why`; `other: what it is`. */
  readonly info: string
  readonly code: string
}

export const textOf = (path: string): string => readFileSync(join(root, path), 'utf8')

export const filesIn = (folder: string, end: string): readonly string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith(end)).sort().map((name) => `${folder}/${name}`)

export const pages: readonly string[] = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', ...filesIn('docs', '.md')]

const FENCE = /^```([a-z]*)(?: (.*))?\n([\s\S]*?)^```$/gm

export function blocksOf(path: string): readonly Block[] {
  const text = textOf(path)
  return [...text.matchAll(FENCE)].map((match) => {
    const [, language = '', info = '', code = ''] = match
    return { path, line: text.slice(0, match.index).split('\n').length + 1, language, info, code }
  })
}

/** The page without its blocks of code. */
export const proseOf = (path: string): string => textOf(path).replace(FENCE, '')

/** The name of a block that is a file. */
export const fileOf = ({ info }: Block): string | undefined => (/^[\w-]+\.\w+$/.test(info) ? info : undefined)

export const whyNotRun = ({ info }: Block): string | undefined => /^no-run: (.+)$/.exec(info)?.[1]
