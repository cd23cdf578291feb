import { fc, test } from '@fast-check/vitest'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect } from 'vitest'
import { isOpen, start, statusOf, step } from '../../src/alarms/index.js'
import type { AlarmEvent, AlarmPolicy, AlarmStep, AlarmTransition, LifeCycle } from '../../src/alarms/index.js'
import { modelled, shownBy, startModel } from './life-cycle-model.js'
import type { Model } from './life-cycle-model.js'

const HOUR = 3_600_000
const plain: AlarmPolicy = { latched: false, shelveCap: 8 * HOUR }
const latching: AlarmPolicy = { ...plain, latched: true }

const must = (life: LifeCycle, event: AlarmEvent, policy: AlarmPolicy, now: number): LifeCycle => {
  const done = step(life, event, policy, now)
  if (E.isLeft(done)) throw new Error(`${event.kind}: ${done.left}`)
  return done.right.life
}
/** Events at one second each, from 0 on. */
const after = (policy: AlarmPolicy, ...events: readonly AlarmEvent[]): LifeCycle => events.reduce((life, event, i) => must(life, event, policy, i * 1000), start())
const tell = ({ state, status }: AlarmTransition): string => `${state} ${status}`

const raise = { kind: 'raise' } as const
const clear = { kind: 'clear' } as const
const acknowledge = { kind: 'acknowledge' } as const
const shelve = { kind: 'shelve' } as const
const suppress = { kind: 'suppress' } as const
const remove = { kind: 'remove-from-service' } as const

const events = {
  raise,
  clear,
  escalate: { kind: 'escalate', level: 1 },
  'data-lost': { kind: 'data-lost' },
  'data-back': { kind: 'data-back' },
  acknowledge,
  reset: { kind: 'reset' },
  shelve,
  unshelve: { kind: 'unshelve' },
  'shelf-time-out': { kind: 'shelf-time-out' },
  suppress,
  unsuppress: { kind: 'unsuppress' },
  'remove-from-service': remove,
  'return-to-service': { kind: 'return-to-service' },
  close: { kind: 'close', reason: 'the rule was removed' },
} as const satisfies Readonly<Record<AlarmEvent['kind'], AlarmEvent>>

const holds = 'no: its condition holds already'
const holdsNot = 'no: its condition does not hold'
const hasData = 'no: it has data'
const latchesNot = 'no: it is not one that latches'
const notShelved = 'no: it is not shelved'
const notSuppressed = 'no: it is not suppressed'
const inService = 'no: it is in service'
const shelvedUntil = 'it is shelved until 28800000'

/** What is the same in all states but for those that say otherwise. `-`: done, and nothing to tell. */
const anywhere = { 'data-back': hasData, unshelve: notShelved, 'shelf-time-out': notShelved, unsuppress: notSuppressed, 'return-to-service': inService }
const ends = { shelve: 'shelved shelved', suppress: 'suppressed suppressed', 'remove-from-service': 'removed-from-service out-of-service', close: 'closed normal' }
const nothingOpen = { clear: holdsNot, escalate: holdsNot, 'data-lost': holdsNot, 'data-back': holdsNot }
const standing = { raise: holds, escalate: 'escalated unacknowledged', reset: 'no: its condition still holds' }

type Cells = Readonly<Record<AlarmEvent['kind'], string>>

/** Hand-written: each state by each event, at 10 s, where the shelf is over at 8 h. */
const table: readonly { readonly from: string; readonly policy: AlarmPolicy; readonly life: LifeCycle; readonly cells: Cells }[] = [
  {
    from: 'normal', policy: plain, life: start(),
    cells: { ...anywhere, ...ends, ...nothingOpen, raise: 'raised unacknowledged', acknowledge: 'no: there is nothing to acknowledge', reset: latchesNot, close: '-' },
  },
  {
    from: 'unacknowledged', policy: plain, life: after(plain, raise),
    cells: { ...anywhere, ...ends, ...standing, clear: 'cleared returned', 'data-lost': 'data-lost unacknowledged', acknowledge: 'acknowledged acknowledged', reset: latchesNot },
  },
  {
    from: 'acknowledged', policy: plain, life: after(plain, raise, acknowledge),
    cells: { ...anywhere, ...ends, ...standing, clear: 'cleared normal', 'data-lost': 'data-lost acknowledged', acknowledge: 'no: it is acknowledged already', reset: latchesNot },
  },
  {
    from: 'returned', policy: plain, life: after(plain, raise, clear),
    cells: { ...anywhere, ...ends, ...nothingOpen, raise: 'raised unacknowledged', acknowledge: 'acknowledged normal', reset: latchesNot },
  },
  {
    from: 'latching, normal', policy: latching, life: start(),
    cells: { ...anywhere, ...ends, ...nothingOpen, raise: 'raised unacknowledged', acknowledge: 'no: there is nothing to acknowledge', reset: 'no: there is nothing to reset', close: '-' },
  },
  {
    from: 'latching, unacknowledged', policy: latching, life: after(latching, raise),
    cells: { ...anywhere, ...ends, ...standing, clear: 'cleared latched-unacknowledged', 'data-lost': 'data-lost unacknowledged', acknowledge: 'acknowledged acknowledged' },
  },
  {
    from: 'latching, acknowledged', policy: latching, life: after(latching, raise, acknowledge),
    cells: { ...anywhere, ...ends, ...standing, clear: 'cleared latched', 'data-lost': 'data-lost acknowledged', acknowledge: 'no: it is acknowledged already' },
  },
  {
    from: 'latched-unacknowledged', policy: latching, life: after(latching, raise, clear),
    cells: { ...anywhere, ...ends, ...nothingOpen, raise: 'closed normal, raised unacknowledged', acknowledge: 'acknowledged latched', reset: 'no: it must be acknowledged first' },
  },
  {
    from: 'latched', policy: latching, life: after(latching, raise, clear, acknowledge),
    cells: { ...anywhere, ...ends, ...nothingOpen, raise: 'closed normal, raised unacknowledged', acknowledge: 'no: it is acknowledged already', reset: 'reset normal' },
  },
  {
    from: 'shelved', policy: plain, life: after(plain, shelve),
    cells: {
      ...anywhere, ...ends, ...nothingOpen, raise: '-', acknowledge: `no: ${shelvedUntil}`, reset: latchesNot,
      shelve: 'no: it is shelved already, until 28800000', unshelve: 'unshelved normal', 'shelf-time-out': `no: ${shelvedUntil}`,
    },
  },
  {
    from: 'shelved, and a raise is remembered', policy: plain, life: after(plain, shelve, raise),
    cells: {
      ...anywhere, ...ends, raise: holds, clear: '-', escalate: '-', 'data-lost': '-', acknowledge: `no: ${shelvedUntil}`, reset: latchesNot,
      shelve: 'no: it is shelved already, until 28800000', unshelve: 'unshelved normal, raised unacknowledged', 'shelf-time-out': `no: ${shelvedUntil}`,
    },
  },
  {
    from: 'shelved, acknowledged', policy: plain, life: after(plain, raise, acknowledge, { ...shelve, until: 8 * HOUR }),
    cells: {
      ...anywhere, ...ends, raise: holds, clear: 'cleared shelved', escalate: '-', 'data-lost': '-', acknowledge: `no: ${shelvedUntil}`, reset: latchesNot,
      shelve: 'no: it is shelved already, until 28800000', unshelve: 'unshelved unacknowledged', 'shelf-time-out': `no: ${shelvedUntil}`,
    },
  },
  {
    from: 'shelved, latched', policy: latching, life: after(latching, raise, clear, acknowledge, { ...shelve, until: 8 * HOUR }),
    cells: {
      ...anywhere, ...ends, ...nothingOpen, raise: 'closed shelved', acknowledge: `no: ${shelvedUntil}`, reset: `no: ${shelvedUntil}`,
      shelve: 'no: it is shelved already, until 28800000', unshelve: 'unshelved latched-unacknowledged', 'shelf-time-out': `no: ${shelvedUntil}`,
    },
  },
  {
    from: 'suppressed', policy: plain, life: after(plain, suppress),
    cells: {
      ...anywhere, ...ends, ...nothingOpen, raise: '-', acknowledge: 'no: it is suppressed by design', reset: latchesNot, shelve: 'shelved suppressed',
      suppress: 'no: it is suppressed already', unsuppress: 'unsuppressed normal',
    },
  },
  {
    from: 'suppressed, unacknowledged', policy: plain, life: after(plain, raise, suppress),
    cells: {
      ...anywhere, ...ends, raise: holds, clear: 'cleared suppressed', escalate: '-', 'data-lost': '-', acknowledge: 'no: it is suppressed by design', reset: latchesNot, shelve: 'shelved suppressed',
      suppress: 'no: it is suppressed already', unsuppress: 'unsuppressed unacknowledged',
    },
  },
  {
    from: 'out-of-service', policy: plain, life: after(plain, remove),
    cells: {
      ...anywhere, ...ends, ...nothingOpen, raise: '-', acknowledge: 'no: it is out of service', reset: latchesNot, shelve: 'shelved out-of-service', suppress: 'suppressed out-of-service',
      'remove-from-service': 'no: it is out of service already', 'return-to-service': 'returned-to-service normal',
    },
  },
  {
    from: 'out-of-service, and a raise is remembered', policy: latching, life: after(latching, remove, raise),
    cells: {
      ...anywhere, ...ends, raise: holds, clear: '-', escalate: '-', 'data-lost': '-', acknowledge: 'no: it is out of service', reset: 'no: it is out of service', shelve: 'shelved out-of-service',
      suppress: 'suppressed out-of-service', 'remove-from-service': 'no: it is out of service already', 'return-to-service': 'returned-to-service normal, raised unacknowledged',
    },
  },
]

describe.each(table)('$from', ({ from, policy, life, cells }) => {
  test('is what it is called', () => {
    expect(statusOf(life, policy)).toBe(/shelved|suppressed|out-of-service/.exec(from)?.[0] ?? from.replace('latching, ', ''))
  })

  test.each(Object.entries(cells))('%s: %s', (kind, cell) => {
    const before = structuredClone(life)
    const done = step(life, events[kind as AlarmEvent['kind']], policy, 10_000)
    expect(life).toEqual(before)
    const seen = E.isLeft(done) ? `no: ${done.left}` : done.right.transitions.length === 0 ? '-' : done.right.transitions.map(tell).join(', ')
    expect(seen).toBe(cell)
    if (E.isRight(done) && done.right.transitions.length > 0) expect(done.right.transitions.at(-1)?.status).toBe(statusOf(done.right.life, policy))
  })
})

describe('the life cycle', () => {
  test('a raise of what has returned is a new occurrence, and the older one can no longer be acknowledged', () => {
    const again = after(plain, raise, clear, raise)
    expect(again).toMatchObject({ raisedAt: 2000, acknowledged: false })
    expect(step(again, { ...acknowledge, occurrence: 0 }, plain, 3000)).toEqual(E.left('this is not its present occurrence'))
    expect(must(again, { ...acknowledge, occurrence: 2000 }, plain, 3000).acknowledged).toBe(true)
    expect(step(start(), { ...acknowledge, occurrence: 0 }, plain, 3000)).toEqual(E.left('no occurrence of it is open'))
  })

  test('a level is announced again in the same occurrence, and never goes down', () => {
    const second = after(plain, raise, acknowledge, { kind: 'escalate', level: 2 })
    expect(second).toMatchObject({ raisedAt: 0, acknowledged: false, level: 2 })
    expect(step(second, { kind: 'escalate', level: 1 }, plain, 9000)).toEqual(E.left('level 2 is reached already, and the level never goes down'))
    expect(after(plain, { kind: 'raise', level: 2 }, clear, raise).level).toBe(0)
  })

  test('data that are lost mark it, once, until they are back', () => {
    const marked = after(plain, raise, { kind: 'data-lost' })
    expect(marked.noData).toBe(true)
    expect(step(marked, { kind: 'data-lost' }, plain, 9000)).toEqual(E.left('it is marked as without data already'))
    expect(after(plain, raise, { kind: 'data-lost' }, { kind: 'data-back' }).noData).toBe(false)
    expect(after(plain, raise, { kind: 'data-lost' }, clear).noData).toBe(false)
  })

  test('a shelf is cut to the cap, and ends at its very moment, not before', () => {
    const until = (asked?: number): number => after(plain, asked === undefined ? shelve : { ...shelve, until: asked }).shelvedUntil
    expect([until(), until(Infinity), until(9 * HOUR), until(8 * HOUR), until(5000)]).toEqual([8 * HOUR, 8 * HOUR, 8 * HOUR, 8 * HOUR, 5000])
    const shelved = after(plain, { ...shelve, until: 5000 })
    expect(step(shelved, { kind: 'shelf-time-out' }, plain, 4999)).toEqual(E.left('it is shelved until 5000'))
    expect(must(shelved, { kind: 'shelf-time-out' }, plain, 5000).shelvedUntil).toBe(Infinity)
  })

  test.each([0, -1, 5000, NaN, -Infinity])('a shelf until %d, at 5000, is refused', (until) => {
    expect(step(start(), { ...shelve, until }, plain, 5000)).toEqual(E.left(`until must lie in the future, and ${until} does not`))
  })

  test('the three silences overlap, and the one that counts most is shown', () => {
    const order: readonly AlarmEvent[] = [raise, shelve, suppress, remove, events.unshelve, events['return-to-service'], events.unsuppress]
    const shown = order.map((_, i) => statusOf(after(plain, ...order.slice(0, i + 1)), plain))
    expect(shown).toEqual(['unacknowledged', 'shelved', 'suppressed', 'out-of-service', 'out-of-service', 'suppressed', 'unacknowledged'])
  })

  test('what escalates in silence is announced afterwards at that level', () => {
    const done = step(after(plain, raise, acknowledge, suppress, { kind: 'escalate', level: 2 }), events.unsuppress, plain, 9000)
    expect(E.isRight(done) && done.right.transitions).toMatchObject([{ state: 'unsuppressed', status: 'unacknowledged', level: 2, raisedAt: 0 }])
  })

  test('begins normal, in service, with nothing told of it', () => {
    expect(start()).toEqual({
      standing: false, raisedAt: NaN, acknowledged: false, level: 0, noData: false, shelvedUntil: Infinity, suppressed: false, outOfService: false, at: -Infinity, nth: 0,
    })
  })

  test('what is told of one time is numbered from 0 on', () => {
    const told = (life: LifeCycle, event: AlarmEvent, now: number) => {
      const done = step(life, event, latching, now)
      return E.isRight(done) ? done.right.transitions.map(({ state, nth, why }) => ({ state, nth, ...(why === undefined ? {} : { why }) })) : done.left
    }
    const latched = after(latching, raise, clear)
    expect(told(latched, raise, 1000)).toEqual([{ state: 'closed', nth: 1, why: 'it was raised again' }, { state: 'raised', nth: 2 }])
    expect(told(latched, raise, 1001)).toEqual([{ state: 'closed', nth: 0, why: 'it was raised again' }, { state: 'raised', nth: 1 }])
  })

  test('what is told says that there are no data, but for the end of the condition', () => {
    const noData = (events: readonly AlarmEvent[], event: AlarmEvent, policy = plain) => {
      const done = step(after(policy, ...events), event, policy, 9000)
      return E.isRight(done) && done.right.transitions.map((one) => one.noData)
    }
    expect(noData([], raise)).toEqual([false])
    expect(noData([raise], events['data-lost'])).toEqual([true])
    expect(noData([raise], acknowledge)).toEqual([false])
    expect(noData([raise, events['data-lost']], acknowledge)).toEqual([true])
    expect(noData([raise, events['data-lost']], events.close)).toEqual([true])
    expect(noData([raise, acknowledge, events['data-lost']], clear)).toEqual([false])
  })

  test('a shelf tells how long it lasts; a time that the wire carries is told as there', () => {
    const shelved = (until: number, now: number) => step(start(), { ...shelve, until }, plain, now)
    expect(E.map(({ transitions }: AlarmStep) => transitions)(shelved(5000, 0))).toMatchObject(E.right([{ state: 'shelved', until: 5000 }]))
    const first = Date.parse('1971-01-01T00:00:00Z')
    const end = Date.parse('9999-12-31T23:59:59.999Z')
    const refused = (time: number) => E.mapLeft((why: string) => /until must lie in the future, and (.*) does not/.exec(why)?.[1])(shelved(time, time))
    expect([first - 1, first, end, end + 1].map(refused)).toEqual([`${first - 1}`, '1971-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z', `${end + 1}`].map((text) => E.left(text)))
  })

  test('a rule that is removed leaves nothing, and says why', () => {
    const done = step(after(plain, raise, { kind: 'escalate', level: 1 }), events.close, plain, 9000)
    expect(E.isRight(done) && done.right.transitions).toMatchObject([{ state: 'closed', status: 'normal', raisedAt: 0, level: 1, why: 'the rule was removed' }])
    expect(E.isRight(done) && done.right.life).toEqual({ ...start(), at: 9000, nth: 0 })
  })
})

/** The life cycle under test, and what it has told. */
interface Real {
  readonly policy: AlarmPolicy
  life: LifeCycle
  readonly ids: string[]
}

const anyEvent: fc.Arbitrary<AlarmEvent> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('raise' as const), level: fc.nat(2) }) },
  { weight: 4, arbitrary: fc.constant(clear) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('escalate' as const), level: fc.nat(3) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('shelve' as const), until: fc.constantFrom(-1, 1, 3, 9 * HOUR, Infinity) }) },
  { weight: 1, arbitrary: fc.constant(events.close) },
  { weight: 16, arbitrary: fc.constantFrom(...Object.values(events).filter(({ kind }) => !['raise', 'clear', 'escalate', 'shelve', 'close'].includes(kind))) },
)

const mayRaise: readonly string[] = ['raise', 'unshelve', 'shelf-time-out', 'unsuppress', 'return-to-service'] satisfies readonly AlarmEvent['kind'][]

/** One event, some time after the one before. Of one time there is one raise, as a rule is judged once an instant. */
const commandOf = (made: AlarmEvent, wait: number, older: boolean): fc.Command<Model, Real> => ({
  check: () => true,
  run: (model, real) => {
    model.now += wait + (wait === 0 && model.now === model.raisedAt && mayRaise.includes(made.kind) ? 1 : 0)
    const timed: AlarmEvent = made.kind === 'shelve' ? { ...made, until: model.now + made.until! } : made
    const event: AlarmEvent = older && made.kind === 'acknowledge' ? { ...timed, occurrence: model.now - 7 } : timed
    const expected = modelled(model, event)
    const done = step(real.life, event, real.policy, model.now)
    expect(E.isLeft(done) ? 'refused' : done.right.transitions.map(tell)).toEqual(expected ?? 'refused')
    if (E.isLeft(done)) expect(done.left).toMatch(/^\w.{5,}$/)
    else {
      real.life = done.right.life
      real.ids.push(...done.right.transitions.map(({ raisedAt, state, nth }) => (state === 'raised' || state === 'cleared' ? `${raisedAt} ${state}` : `${raisedAt} ${state} ${model.now} ${nth}`)))
    }
    expect(new Set(real.ids).size).toBe(real.ids.length)
    expect(statusOf(real.life, real.policy)).toBe(shownBy(model))
    const { life } = real
    expect(isOpen(life) ? { level: life.level, noData: life.noData, raisedAt: life.raisedAt } : 'none')
      .toEqual(model.inner === 'normal' ? 'none' : { level: model.level, noData: model.noData, raisedAt: model.raisedAt })
    expect(structuredClone(life)).toEqual(life)
  },
  toString: () => `${wait} ms on: ${JSON.stringify(made)}${older ? ' of an older one' : ''}`,
})

test.prop([
  fc.boolean(),
  fc.commands([fc.tuple(anyEvent, fc.nat(2), fc.boolean()).map(([event, wait, older]) => commandOf(event, wait, older))], { maxCommands: 40 }),
], { numRuns: 10_000 })('is what the model says, after any events', (latched, commands) => {
  fc.modelRun(() => ({ model: startModel(latched), real: { policy: { latched, shelveCap: 8 * HOUR }, life: start(), ids: [] } }), commands)
})
