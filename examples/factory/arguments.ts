import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { didYouMean } from './did-you-mean.js'
import { WrongOption } from './wrong-option.js'

const names = {
  input: { type: 'string' },
  rules: { type: 'string' },
  register: { type: 'string' },
  speed: { type: 'string' },
  duration: { type: 'string' },
  machines: { type: 'string' },
  out: { type: 'string' },
  report: { type: 'string' },
  seed: { type: 'string' },
  until: { type: 'string' },
  port: { type: 'string' },
  host: { type: 'string' },
  zone: { type: 'string' },
  'no-web': { type: 'boolean' },
  page: { type: 'boolean' },
  feed: { type: 'boolean' },
  rewind: { type: 'string' },
  repair: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  'print-config': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

type Switch = 'help' | 'page' | 'feed' | 'print-config' | 'repair' | 'dry-run' | 'no-web'
export type Option = Exclude<keyof typeof names, Switch>

export type Given = { readonly [K in Option]?: string | undefined } & { readonly [K in Switch]?: boolean | undefined }

export const expected: Readonly<Record<Option, string>> = {
  input: 'expected a file, a folder, or - for standard input',
  rules: "expected 'reference' or a file of rules",
  register: 'expected a file of machines as JSON, { "machines": [{ "id": "M1", "nameplate": { "ratedCurrent": 20 } }] }',
  speed: "expected 'max', or a number above 0: 60 is a minute a second",
  duration: "expected a length of time above 0, such as '90s', '10m' or '1h30m'",
  machines: 'expected a whole number from 1 to 1000',
  seed: 'expected a whole number, 0 or more',
  out: 'expected a directory',
  report: 'expected a file',
  until: "expected 'caught-up'",
  rewind: "expected 'committed', 'earliest', 'latest', or a time such as 2026-01-05T06:00:00Z",
  port: 'expected a number from 1 to 65535, or 0 for one that is free',
  host: 'expected an address of this machine, such as 0.0.0.0',
  zone: 'expected an IANA name, such as Asia/Jakarta',
}

/** The options as they were given, each at most once and none empty. Throws `WrongOption`. */
export function readArguments(args: readonly string[]): Given {
  const { values, positionals, tokens } = parsed(args)
  const [word] = positionals
  if (word !== undefined) throw new WrongOption(`'${word}' is not an option${existsSync(word) ? `: to read it, write --input ${word}` : ': all options begin with --'}`)
  const options = tokens.filter((token) => token.kind === 'option')
  for (const { name } of options) {
    const given = options.filter((option) => option.name === name)
    const as = given.flatMap(({ value }) => value ?? []).join(', ')
    if (given.length > 1) throw new WrongOption(`--${name} is given ${given.length} times${as === '' ? '' : ` (${as})`}: give it once`)
  }
  for (const [name, value] of Object.entries(values)) if (value === '') throw new WrongOption(`--${name} is empty: ${expected[name as Option]}`)
  return values
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: negativesJoined(args), options: names, allowPositionals: true, tokens: true })
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const name = /'(?:-\w, )?(-[^' =]*)/.exec(message)?.[1] ?? ''
    if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION')
      throw new WrongOption(`there is no option ${name}${didYouMean(name.replace(/^-+/, ''), Object.keys(names), (near) => `--${near}`)}`)
    throw new WrongOption(['--help', '--page', '--feed', '--print-config', '--repair', '--dry-run', '--no-web'].includes(name) ? `${name} takes no value` : `${name} needs a value: ${expected[name.slice(2) as Option]}`)
  }
}

/** `parseArgs` takes the -1 of `--speed -1` for an option. */
function negativesJoined(args: readonly string[]): string[] {
  const joined: string[] = []
  for (const arg of args) {
    const before = joined.at(-1) ?? ''
    if (/^-[\d.]/.test(arg) && /^--[^=]+$/.test(before)) joined.splice(-1, 1, `${before}=${arg}`)
    else joined.push(arg)
  }
  return joined
}
