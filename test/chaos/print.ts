import type { Result } from './chaos.js'

/** For people. */
export function print({ stores, ...told }: Result): void {
  console.table(stores.filter(({ what, lost }) => lost > 0 || !what.startsWith('journal')).map(({ what, expected, lost, duplicated }) => ({ what, expected, lost, duplicated })))
  for (const { what, examples } of stores) for (const example of examples) console.log(`${what}: ${example}`)
  console.log(told)
}
