import { existsSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { duration, parseRules, reference } from 'motorwatch'
import type { Duration, Rule } from 'motorwatch'

/** What was asked for, with nothing left open. */
export interface Options {
  /** Absent: simulate. */
  readonly input?: string
  /** Absent: those made for the simulated machines. */
  readonly rules?: { readonly name: string; readonly rules: readonly Rule[] }
  /** Event seconds a second. */
  readonly speed: number | 'max'
  /** Milliseconds of event time; absent: endless, or to the end of the input. */
  readonly duration?: number
  readonly machines: number
  readonly seed: number
  readonly out?: string
  readonly report?: string
}

/** An option that is wrong, in words for the one who gave it. */
export class WrongOption extends Error {}

const names = {
  input: { type: 'string' },
  rules: { type: 'string' },
  speed: { type: 'string' },
  duration: { type: 'string' },
  machines: { type: 'string' },
  out: { type: 'string' },
  report: { type: 'string' },
  seed: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

/** `terminal`: whether a person looks on; a simulation for a pipe ends by itself, after an hour of event time. Throws `WrongOption`. */
export function parseOptions(args: readonly string[], terminal: boolean): Options | 'help' {
  const given = read(args)
  if (given.help === true) return 'help'
  for (const [name, value] of Object.entries(given)) if (value === '') throw new WrongOption(`--${name} is empty: ${expected[name] ?? 'give it a value'}`)
  const { input, out, report } = given
  if (input !== undefined) {
    for (const name of ['duration', 'machines', 'seed'] as const)
      if (given[name] !== undefined) throw new WrongOption(`--${name} is for the simulation, and --input is read to its end: leave one of them out`)
    if (input !== '-' && !existsSync(input)) throw new WrongOption(`--input ${input}: there is no such file or folder`)
  }
  const span = given.duration === undefined ? (terminal || input !== undefined ? undefined : 3_600_000) : durationOf(given.duration)
  const rules = given.rules === undefined ? (input === undefined ? undefined : rulesOf('reference')) : rulesOf(given.rules)
  return {
    ...(input === undefined ? {} : { input }),
    ...(rules === undefined ? {} : { rules }),
    speed: given.speed === undefined ? (input === undefined ? 60 : 'max') : speedOf(given.speed),
    ...(span === undefined ? {} : { duration: span }),
    machines: given.machines === undefined ? 5 : wholeNumber('machines', given.machines, 1, 1000),
    seed: given.seed === undefined ? 1 : wholeNumber('seed', given.seed, 0, Number.MAX_SAFE_INTEGER),
    ...(out === undefined ? {} : { out }),
    ...(report === undefined ? {} : { report }),
  }
}

const expected: Readonly<Record<string, string>> = {
  input: 'expected a file, a folder, or - for standard input',
  rules: "expected 'reference' or a file of rules",
  speed: "expected 'max', or a number above 0: 60 is a minute a second",
  duration: "expected a length of time above 0, such as '90s', '10m' or '1h30m'",
  machines: 'expected a whole number from 1 to 1000',
  seed: 'expected a whole number, 0 or more',
  out: 'expected a directory',
  report: 'expected a file',
}

type Given = { readonly [K in Exclude<keyof typeof names, 'help'>]?: string | undefined } & { readonly help?: boolean | undefined }

function read(args: readonly string[]): Given {
  try {
    return parseArgs({ args: args.slice(), options: names, strict: true }).values
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const name = /'(?:-\w, )?(-[^' =]*)/.exec(message)?.[1] ?? ''
    if (code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL') {
      const word = args.find((arg, i) => !arg.startsWith('-') && !(args[i - 1] ?? '').startsWith('--')) ?? ''
      throw new WrongOption(`'${word}' is not an option${existsSync(word) ? `: to read it, write --input ${word}` : ': all options begin with --'}`)
    }
    if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
      const known = nearest(name)
      throw new WrongOption(`there is no option ${name}${known === undefined ? '' : `: did you mean --${known}?`}`)
    }
    throw new WrongOption(name === '--help' ? '--help takes no value' : `${name} needs a value: ${expected[name.slice(2)] ?? 'give it one'}`)
  }
}

/** The option that begins like this one, or differs by a letter or two. */
function nearest(name: string): string | undefined {
  const word = name.replace(/^-+/, '')
  const near = Object.keys(names).map((option) => ({ option, edits: word !== '' && option.startsWith(word) ? 0 : distance(word, option) }))
  const [best] = near.sort((a, b) => a.edits - b.edits)
  return best !== undefined && best.edits <= 2 ? best.option : undefined
}

/** Levenshtein's. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)))
    row = next
  }
  return row[b.length]!
}

function rulesOf(name: string): NonNullable<Options['rules']> {
  if (name === 'reference') return { name, rules: reference }
  let json: string
  try {
    json = readFileSync(name, 'utf8')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : message
    throw new WrongOption(`--rules ${name}: ${why}; ${expected['rules']}`)
  }
  const parsed = parseRules(json)
  if (parsed._tag === 'Left') throw new WrongOption(`--rules ${name}: ${parsed.left}`)
  return { name, rules: parsed.right }
}

function speedOf(text: string): number | 'max' {
  if (text === 'max') return text
  const speed = Number(text)
  if (!(speed > 0 && speed < Infinity)) throw new WrongOption(`--speed ${text}: ${expected['speed']}`)
  return speed
}

function durationOf(text: string): number {
  try {
    const span = duration(text as Duration)
    if (span > 0) return span
  } catch {
    // told below
  }
  throw new WrongOption(`--duration ${text}: ${expected['duration']}`)
}

function wholeNumber(name: string, text: string, low: number, high: number): number {
  const number = /^\d+$/.test(text) ? Number(text) : NaN
  if (!(number >= low && number <= high)) throw new WrongOption(`--${name} ${text}: ${expected[name]}`)
  return number
}
