import type { RuleTest } from './rule-test.js'

/**
 * A rule test as JSON, a line for each sensor and each expectation: to be kept in a file of its own, and run by `motorwatch test FILE`.
 *
 * @example
 * ruleTestText({ rules: [hot], given: { temperature_coil: '30s: 121 121' }, expect: [{ at: '30s', rule: 'hot', state: 'raised' }] })
 */
export function ruleTestText({ name, rules, machine, stale, given, others, expect }: RuleTest): string {
  const line = (value: unknown): string => JSON.stringify(value, null, 1).replace(/\n */g, ' ')
  const lines = (open: string, close: string, each: readonly string[]): string => (each.length === 0 ? `${open}${close}` : `${open}\n${each.map((one) => `    ${one}`).join(',\n')}\n  ${close}`)
  const fields: readonly (readonly [string, string | undefined])[] = [
    ['name', name === undefined ? undefined : line(name)],
    ['rules', rules === undefined ? undefined : lines('[', ']', rules.map(line))],
    ['machine', machine === undefined ? undefined : line(machine)],
    ['stale', stale === undefined ? undefined : line(stale)],
    ['given', lines('{', '}', Object.entries(given).map(([sensor, series]) => `${line(sensor)}: ${line(series)}`))],
    ['others', others === undefined ? undefined : lines('{', '}', Object.entries(others).map(([other, theirs]) => `${line(other)}: ${line(theirs)}`))],
    ['expect', lines('[', ']', expect.map(line))],
  ]
  return `{\n${fields.flatMap(([field, value]) => (value === undefined ? [] : [`  "${field}": ${value}`])).join(',\n')}\n}`
}
