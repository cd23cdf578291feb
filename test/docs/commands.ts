import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseOptions } from '../../examples/factory/options.js'
import { root } from './blocks.js'

/** One command of a shell: what is set in front of it, and its words. */
export interface Command {
  readonly env: Readonly<Record<string, string>>
  readonly words: readonly string[]
}

const WORD = /'[^']*'|"[^"]*"|&&|\|\||[|;]|#.*|[^\s'"|;#&]+/y

/** The commands of a block: comments left out, `&&` and `|` apart. */
export function commandsIn(code: string): readonly Command[] {
  return code.replace(/\\\n/g, ' ').split('\n').flatMap((line) => {
    const commands: string[][] = [[]]
    let space = true
    for (let at = 0; at < line.length; ) {
      if (/\s/.test(line[at]!)) {
        space = true
        at++
        continue
      }
      WORD.lastIndex = at
      const [word] = WORD.exec(line) ?? []
      if (word === undefined) throw new Error(`cannot read this shell: ${line}`)
      at += word.length
      const words = commands.at(-1)!
      if (word.startsWith('#') && space) break
      else if (['&&', '||', '|', ';'].includes(word)) commands.push([])
      else {
        const text = /^['"]/.test(word) ? word.slice(1, -1) : word
        if (space) words.push(text)
        else words.push(`${words.pop()}${text}`)
      }
      space = false
    }
    return commands.filter((words) => words.length > 0).map(asCommand)
  })
}

function asCommand(all: readonly string[]): Command {
  const first = all.findIndex((word) => !/^[A-Z][A-Z_0-9]*=/.test(word))
  const set = first < 0 ? all : all.slice(0, first)
  return { env: Object.fromEntries(set.map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)])), words: first < 0 ? [] : all.slice(first) }
}

/** The words behind `motorwatch`, where the command is that. */
export function motorwatchIn({ words }: Command): readonly string[] | undefined {
  const text = words.join(' ')
  const front = ['npx motorwatch', 'npm run -s motorwatch --', 'npm run motorwatch --'].find((each) => text === each || text.startsWith(`${each} `))
  return front === undefined ? undefined : words.slice(front.split(' ').length)
}

/** The options of the factory, where the command is that. */
export function factoryIn({ words }: Command): readonly string[] | undefined {
  if (words[0] === 'npm' && words[1] === 'start') return words.slice(words[2] === '--' ? 3 : 2)
  const at = words.indexOf('examples/factory.ts')
  return words[0] === 'node' && at > 0 ? words.slice(at + 1) : undefined
}

/** What is none of ours, and is not looked into. */
const others = ['cat', 'cd', 'curl', 'docker', 'export', 'git', 'kill', 'mkdir', 'mosquitto_pub', 'zcat']

const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly scripts: Readonly<Record<string, string>> }

const servers = { MOTORWATCH_KAFKA_BROKERS: 'localhost:9092' }

/** Throws where a command is not known, or is given what it does not take. Files are looked for in the working directory. */
export function checkCommand(command: Command): void {
  const { env, words } = command
  const [program = '', ...args] = words
  if (motorwatchIn(command) !== undefined) return
  const options = factoryIn(command)
  if (options !== undefined) {
    const onServers = words.some((word) => word.startsWith('--env-file') || ['--feed', '--page', '--until', '--dry-run', '--rewind', '--repair'].includes(word))
    parseOptions(options, false, { ...(onServers ? servers : {}), ...env })
  } else if (program === '' || others.includes(program)) return
  else if (program === 'npm' && ['ci', 'install', 'test'].includes(args[0] ?? '')) return
  else if (program === 'npm' && args[0] === 'run') checkScript(args.slice(1))
  else if (program === 'npx' && args[0] === 'vitest') for (const path of args.filter((arg) => arg.includes('/'))) checkFile(path)
  else if (program === 'npx' && args[0] === 'tsx') checkFile(args[1] ?? '')
  else if (program === 'node') checkFile(args.find((arg) => /\.[jt]s$/.test(arg)) ?? '')
  else checkFile(program)
}

function checkFile(path: string): void {
  if (path === '' || !(existsSync(join(root, path)) || existsSync(path))) throw new Error(`there is no such file or program: ${path}`)
}

/** An option must stand somewhere in the file that the script runs. */
function checkScript([name = '', ...args]: readonly string[]): void {
  const script = scripts[name]
  if (script === undefined) throw new Error(`there is no script '${name}'`)
  const file = /[\w./-]+\.[jt]s\b/.exec(script)?.[0]
  const text = file === undefined ? '' : readFileSync(join(root, file.replace(/^build\//, '').replace(/\.js$/, '.ts')), 'utf8')
  for (const [, option] of args.flatMap((arg) => [...arg.matchAll(/^--([a-z-]+)/g)])) if (!new RegExp(`\\b${option}\\b`).test(text)) throw new Error(`npm run ${name}: nothing is said of --${option} in ${file}`)
}
