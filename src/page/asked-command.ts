import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { Command, CommandName } from '../model/index.js'
import { show } from '../model/show.js'

const HOUR = 3_600_000
const MOST = 8 * HOUR

const text = (name: string, most: number): t.Type<string, string, unknown> => {
  const is = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '' && value.length <= most
  return new t.Type(name, is, (value, context) => (is(value) ? t.success(value) : t.failure(value, context)), t.identity)
}

const names: Readonly<Record<CommandName, null>> = { acknowledge: null, shelve: null, unshelve: null, reset: null, 'remove-from-service': null, 'return-to-service': null, relearn: null }

const forTime = new t.Type<number, number, unknown>(
  `milliseconds, more than 0 and at most ${MOST} (8 h)`, t.number.is,
  (value, context) => (typeof value === 'number' && value > 0 && value <= MOST ? t.success(value) : t.failure(value, context)), t.identity)

const name = text('a name of 1 to 200 characters', 200)

/** What a page posts. */
export const AskedCommand = t.exact(t.intersection([
  t.type({ name: t.keyof(names), by: text('who asks, 1 to 80 characters', 80) }),
  t.partial({ machine: name, rule: name, occurrence: text('1 to 500 characters', 500), why: text('1 to 500 characters', 500), for: forTime }),
]))

/**
 * The command that a page asks for, or what is wrong with it: the path, what came, what was expected.
 * @param now event time: a shelf begins there, and lasts an hour where nothing else is asked
 */
export function askedCommand(body: unknown, now: number): E.Either<string, Command> {
  const decoded = AskedCommand.decode(body)
  if (E.isLeft(decoded)) {
    const { context, value } = decoded.left.at(-1)!
    const path = context.map(({ key }) => key).filter((key) => key !== '' && !/^\d+$/.test(key)).join('.')
    const expected = context.at(-1)!.type
    return E.left(`${path === '' ? 'the command' : path}: got ${show(value)}, expected ${path === '' ? 'an object { name, by, machine, ... }' : expected.name}`)
  }
  const { name: what, by, machine, rule, occurrence, why, for: length = HOUR } = decoded.right
  if (machine === undefined && occurrence === undefined) return E.left('machine: got nothing, expected the machine that is meant, or the occurrence of an alarm')
  return E.right({
    kind: 'command', time: now, name: what, by: by.trim(),
    ...(machine === undefined ? {} : { machine }), ...(rule === undefined ? {} : { rule }), ...(occurrence === undefined ? {} : { occurrence }), ...(why === undefined ? {} : { why }),
    ...(what === 'shelve' ? { until: now + length } : {}),
  })
}
