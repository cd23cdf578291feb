import { parseArgs } from 'node:util'
import { closestMatch } from 'leven'
import { wrongUse } from './wrong-use.js'

export interface Arguments<Name extends string> {
  readonly help: boolean
  readonly files: readonly string[]
  readonly options: Readonly<Partial<Record<Name, string>>>
}

/** Reads the arguments of a command: files, and options each of which has a value, told in `expected`. */
export function readArguments<Name extends string>(args: readonly string[], expected: Readonly<Record<Name, string>>): Arguments<Name> {
  const names = Object.keys(expected) as Name[]
  const options = { ...Object.fromEntries(names.map((name) => [name, { type: 'string' }] as const)), help: { type: 'boolean', short: 'h' } } as const
  const { values, positionals } = parsed(() => parseArgs({ args: [...args], options, allowPositionals: true }), names, expected)
  const { help, ...given } = values as Readonly<Record<string, string | true>>
  for (const [name, value] of Object.entries(given)) if (value === '') throw wrongUse(`--${name} is empty: expected ${expected[name as Name]}`)
  return { help: help === true, files: positionals, options: given as Arguments<Name>['options'] }
}

function parsed<T>(parse: () => T, names: readonly string[], expected: Readonly<Record<string, string>>): T {
  try {
    return parse()
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const name = /'(?:-\w, )?(-[^' =]*)/.exec(message)?.[1] ?? ''
    if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') throw wrongUse(`there is no option ${name}${didYouMean(name.replace(/^-+/, ''), [...names, 'help'], '--')}`)
    throw wrongUse(name === '--help' || name === '-h' ? `${name} takes no value` : `${name} needs a value: expected ${expected[name.slice(2)] ?? 'one'}`)
  }
}

/** Where a word is a letter or two away from one that there is, or begins like it. */
export function didYouMean(word: string, known: readonly string[], before = ''): string {
  const found = known.find((each) => word.length > 1 && each.startsWith(word)) ?? closestMatch(word, known, { maxDistance: 3 })
  return found === undefined ? '' : `: did you mean ${before}${found}?`
}
