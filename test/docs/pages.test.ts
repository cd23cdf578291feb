import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text as read } from 'node:stream/consumers'
import { decodeItem, decoder, describeRejection, parseMachines, parseRules } from 'motorwatch'
import { parseRuleTests } from 'motorwatch/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { main } from '../../src/cli/main.js'
import { parseTruth } from '../../src/cli/truth-of.js'
import { blocksOf, fileOf, filesIn, pages, proseOf, root, textOf, whyNotRun } from './blocks.js'
import type { Block } from './blocks.js'
import { checkCommand, commandsIn, factoryIn, motorwatchIn } from './commands.js'
import type { Command } from './commands.js'
import { runCode } from './run-code.js'

/*
 * Each page is a story, told in a folder of its own, from its first block to its last:
 * - `ts` is run, and may import what is a file further up (`ts hot.ts`). With `no-run: why` it is compiled only (examples.test.ts).
 * - `json` is read by the codec that it belongs to, `jsonl` line by line as readings. Named, it is a file for what follows.
 * - `sh` is read: its commands exist and take their options. `motorwatch` is run, and so is the factory where its output follows.
 * - `text` is what the block before it prints; `...` stands for the rest of a line, a line `...` for any lines.
 * All else is in blocks without a language.
 */

const either = <A>(result: { readonly _tag: 'Left'; readonly left: unknown } | { readonly _tag: 'Right'; readonly right: A }): string => (result._tag === 'Right' ? '' : String(result.left))

/** What is wrong with JSON by the codec that it belongs to; '': nothing. */
function wrongJson(json: string): string {
  const value = JSON.parse(json) as object
  if ('given' in value || 'tests' in value) return either(parseRuleTests(json))
  if ('rules' in value) return either(parseRules(json))
  if ('machines' in value) return either(parseMachines(json))
  if ('events' in value) return either(parseTruth(json))
  if ('kind' in value) return either(decodeItem(json))
  if ('machine_id' in value) {
    const reading = decoder().decode(value)
    return reading._tag === 'Right' ? '' : describeRejection(reading.left)
  }
  return 'it is of no kind that is known here: say what it is, as `other: ...` behind `json`'
}

const lines = (text: string): readonly string[] => text.replace(/\n$/, '').split('\n').map((line) => line.trimEnd())

function expectOutput(came: string, told: string): void {
  const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const pattern = lines(told).map((line) => (line === '...' ? '(?:.*\n)*?' : `${line.split('...').map(escaped).join('.*')}\n`)).join('')
  if (!new RegExp(`^${pattern}$`).test(`${lines(came).join('\n')}\n`)) expect(came).toBe(told)
}

async function printedBy(command: Command, shown: boolean, files: string): Promise<string> {
  const motorwatch = motorwatchIn(command)
  if (motorwatch !== undefined) {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()]
    const code = await main(motorwatch, { stdout, stderr })
    const [out, error] = await Promise.all([stdout, stderr].map((stream) => read(stream.end())))
    if (!/where is (Kafka|S3)\?/.test(error!)) expect(code, error).toBeLessThan(2) // pages are read without servers
    return out!
  }
  const [program, file] = command.words
  if (program === 'cat') return file === undefined ? '' : readFileSync(file, 'utf8') // alone, it is what a terminal is not
  checkCommand(command)
  const factory = shown ? factoryIn(command) : undefined
  if (factory === undefined) return ''
  const child = spawn(process.execPath, ['--import', join(root, 'node_modules/tsx/dist/loader.mjs'), join(root, 'examples/factory.ts'), ...factory], { cwd: files, env: { ...process.env, TSX_TSCONFIG_PATH: join(root, 'tsconfig.json'), ...command.env } })
  const [out, error] = await Promise.all([read(child.stdout), read(child.stderr)])
  expect(error).toBe('')
  return out.replaceAll(/^\S+ \S+  -- .*\n/gm, '') // how far it has come, every five seconds of a slow machine
}

/** `--rules x.json` of a command needs no block of its own, and no other file that it only reads. */
function placeholders({ words }: Command): void {
  for (const [i, word] of words.entries()) {
    const before = words[i - 1] ?? ''
    if (existsSync(word) || word.startsWith('-') || word === 'reference') continue
    if (before === '--rules') writeFileSync(word, '{ "rules": [{ "id": "hot", "when": { "op": "above", "signal": "temperature_coil", "limit": 120 } }] }')
    if (before === '--register') writeFileSync(word, '{ "machines": [{ "id": "M1" }] }')
    if (before === '--input') {
      mkdirSync(dirname(word), { recursive: true })
      writeFileSync(word, '')
    }
  }
}

async function printed(block: Block, shown: boolean, files: string, own: Map<string, unknown>): Promise<string> {
  switch (block.language) {
    case 'ts': {
      if (whyNotRun(block) !== undefined) return ''
      const ran = await runCode(block.code, (value, stated) => { expect(value).toEqual(stated) }, { own })
      const name = fileOf(block)
      if (name !== undefined) own.set(`./${name.replace(/\.ts$/, '.js')}`, ran.exports)
      return ran.printed.join('\n')
    }
    case 'json':
      expect(block.info.startsWith('other: ') ? '' : wrongJson(block.code)).toBe('')
      return ''
    case 'jsonl':
      for (const line of block.code.trimEnd().split('\n')) {
        const reading = decoder().decodeLine(line)
        if (reading._tag === 'Left') throw new Error(`${line}: ${describeRejection(reading.left)}`)
      }
      return ''
    case 'sh': {
      let out = ''
      for (const command of commandsIn(block.code)) {
        placeholders(command)
        out += await printedBy(command, shown, files)
      }
      return out
    }
    default:
      throw new Error(`a block is ts, json, jsonl, sh, text, or has no language, and this one is ${block.language}`)
  }
}

const isRead = ({ language }: Block): boolean => language !== '' && language !== 'text'

describe.each(pages.map((path) => [path, blocksOf(path)] as const).filter(([, blocks]) => blocks.some(isRead)))('%s', (_, blocks) => {
  let files = ''
  const own = new Map<string, unknown>()
  beforeAll(() => { files = mkdtempSync(join(tmpdir(), 'motorwatch-page-')) })
  afterAll(() => { rmSync(files, { recursive: true }) })

  test.each(blocks.filter(isRead).map((block) => [block.line, block.language, block] as const))('line %i, %s', async (_line, _language, block) => {
    const next = blocks[blocks.indexOf(block) + 1]
    const here = process.cwd()
    process.chdir(files)
    try {
      const name = fileOf(block)
      if (name !== undefined) writeFileSync(name, block.code)
      const out = await printed(block, next?.language === 'text', files, own)
      if (next?.language === 'text') expectOutput(out, next.code)
    } finally {
      process.chdir(here)
    }
  })

  test('what is printed stands behind what prints it, and what is not run says why', () => {
    for (const [i, block] of blocks.entries()) if (block.language === 'text') expect(blocks[i - 1]?.language, `line ${block.line}`).toMatch(/^(ts|sh)$/)
    for (const { line, info } of blocks) expect(info, `line ${line}`).toMatch(/^$|^[\w-]+\.\w+$|^(no-run|other): \w.+/)
  })
})

describe('commands within text', () => {
  const commands = pages.flatMap((path) => [...proseOf(path).matchAll(/`((?:[A-Z_]+=\S+ )*(?:npm (?:start --|run |ci|test)|npx |node --)[^`]*)`/g)].map(([, text]) => [path, text!] as const))

  test.each(commands)('%s: %s', (path, text) => {
    const files = mkdtempSync(join(tmpdir(), 'motorwatch-page-'))
    const here = process.cwd()
    process.chdir(files)
    try {
      for (const block of blocksOf(path)) if (fileOf(block) !== undefined) writeFileSync(fileOf(block)!, block.code)
      for (const command of commandsIn(text)) {
        placeholders(command)
        checkCommand(command)
      }
    } finally {
      process.chdir(here)
      rmSync(files, { recursive: true })
    }
  })
})

test('each variable of the environment that is named is one that is read', () => {
  const known = ['src/configuration/from-environment.ts', 'test/seed.ts', ...filesIn('test/servers', '.ts'), ...filesIn('test/page/browser', '.ts')].map(textOf).join('\n')
  const named = new Set(pages.flatMap((path) => [...textOf(path).matchAll(/\bMOTORWATCH_([A-Z0-9_]*[A-Z0-9])\b/g)].map(([, name]) => name!)))
  expect([...named].filter((name) => !new RegExp(`\\b(MOTORWATCH_)?${name.replace(/_FILE$/, '(_FILE)?')}\\b`).test(known))).toEqual([])
})
