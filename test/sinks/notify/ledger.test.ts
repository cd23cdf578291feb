import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import type { Alarm } from '../../../src/model/index.js'
import { attempted, caughtUp, notificationOf, repeatAt, settled, take } from '../../../src/sinks/notify/ledger.js'
import type { Active, Mark } from '../../../src/sinks/notify/ledger.js'
import { alarm } from './alarms.js'

const none: Active = { pending: [] }
const pendingOf = ({ pending }: Active): readonly string[] => pending.map(({ alarm: { state, raisedAt }, missed }) => `${state} ${raisedAt / 1_000}${missed > 0 ? ` +${missed}` : ''}`)
const all = (mark: Mark, alarms: readonly Alarm[], from: Active = none): Active => alarms.reduce((active, next) => take(mark, active, next), from)
/** Told of what is pending, and it was acknowledged. */
const tell = (mark: Mark, active: Active, at = 0) => settled(attempted(mark, notificationOf(mark, active)!), active, notificationOf(mark, active)!, at)
const at = (raisedAt: number): Partial<Alarm> => ({ raisedAt: raisedAt * 1_000 })

describe('what is to be told', () => {
  test('is a raise, an escalation and an end; not an acknowledgement, lost data, or the end of what was not told', () => {
    const first = tell({}, all({}, [alarm('raised', 1)]))
    expect(first.mark).toMatchObject({ told: { id: 'hot/M1/1000/raised', firing: true }, owes: 'hot/M1/1000' })
    expect(pendingOf(all(first.mark, [alarm('acknowledged', 2, at(1)), alarm('data-lost', 3, at(1))], first.active))).toEqual([])
    expect(pendingOf(all(first.mark, [alarm('escalated', 4, at(1))], first.active))).toEqual(['escalated 1'])
    expect(pendingOf(all(first.mark, [alarm('cleared', 4, at(1)), alarm('acknowledged', 5, { ...at(1), status: 'normal' })], first.active))).toEqual(['cleared 1'])
    expect(all({}, [alarm('cleared', 4, at(1)), alarm('shelved', 5, { raisedAt: NaN, occurrence: 'hot/M1' })])).toEqual(none)
  })

  test('is over where it is latched and reset, and not before', () => {
    const { mark, active } = tell({}, all({}, [alarm('raised', 1)]))
    const cleared = all(mark, [alarm('cleared', 2, { ...at(1), status: 'latched-unacknowledged' })], active)
    expect(pendingOf(cleared)).toEqual([])
    expect(pendingOf(all(mark, [alarm('reset', 3, at(1))], cleared))).toEqual(['reset 1'])
  })

  test('is nothing where another alarm explains it, until it outlives that', () => {
    const hushed = all({}, [alarm('raised', 1, { inhibitedBy: 'x' })])
    expect(hushed).toEqual(none)
    expect(pendingOf(all({}, [alarm('raised', 1)], hushed))).toEqual(['raised 1'])
  })

  test('comes to where it has come: over, once, with how many there were before', () => {
    const alarms = [alarm('raised', 1), alarm('cleared', 2, at(1)), alarm('raised', 3), alarm('cleared', 4, at(3)), alarm('raised', 5), alarm('escalated', 6, at(5)), alarm('cleared', 7, at(5))]
    expect([1, 2, 3, 4, 5, 6, 7].map((n) => pendingOf(all({}, alarms.slice(0, n))).join())).toEqual(['raised 1', 'cleared 1', 'raised 3 +1', 'cleared 3 +1', 'raised 5 +2', 'escalated 5 +2', 'cleared 5 +2'])
  })

  test('is the end first, where it was told that it is firing, or may have been', () => {
    const mark = attempted({}, notificationOf({}, all({}, [alarm('raised', 1)]))!)
    const later = all(mark, [alarm('raised', 1), alarm('cleared', 2, at(1)), alarm('raised', 3), alarm('cleared', 4, at(3)), alarm('raised', 5)])
    expect(pendingOf(later)).toEqual(['cleared 1', 'raised 5 +1'])
    const next = tell(mark, later)
    expect([pendingOf(next.active), next.mark.owes]).toEqual([['raised 5 +1'], undefined])
  })

  test('is shelved as an end, and announced again; ended meanwhile, it is told once', () => {
    const { mark, active } = tell({}, all({}, [alarm('raised', 1)]))
    const again = all(mark, [alarm('shelved', 2, at(1)), alarm('unshelved', 3, at(1))], active)
    expect(pendingOf(again)).toEqual(['shelved 1', 'unshelved 1'])
    expect(pendingOf(all(mark, [alarm('cleared', 4, at(1))], again))).toEqual(['cleared 1'])
  })

  test('of what came while a message was on its way is not lost', () => {
    const raised = all({}, [alarm('raised', 1)])
    const sent = notificationOf({}, raised)!
    const mark = attempted({}, sent)
    const meanwhile = all(mark, [alarm('cleared', 2, at(1)), alarm('raised', 3)], raised)
    expect(pendingOf(settled(mark, meanwhile, sent, 0).active)).toEqual(['cleared 1', 'raised 3'])
  })
})

test('what stands unacknowledged is repeated, each time under another key', () => {
  const first = tell({}, all({}, [alarm('raised', 1)]), 10_000)
  expect(repeatAt(first.mark, first.active, 500)).toBe(10_500)
  const second = tell(first.mark, first.active, 10_600)
  expect([notificationOf(first.mark, first.active)!.key, notificationOf(second.mark, second.active)!.key]).toEqual(['hot/M1/1000/raised/repeat-1', 'hot/M1/1000/raised/repeat-2'])
  expect(repeatAt(second.mark, second.active, 500)).toBe(11_100)
  const known = all(second.mark, [alarm('acknowledged', 2, at(1))], second.active)
  expect(repeatAt(second.mark, known, 500)).toBe(Infinity)
  expect(repeatAt(second.mark, all(second.mark, [alarm('escalated', 3, at(1))], known), 500)).toBe(Infinity)
})

/** Any life of one alarm. */
const lives = fc.array(fc.record({ escalated: fc.boolean(), acknowledged: fc.boolean(), shelved: fc.boolean() }), { minLength: 1, maxLength: 4 }).map((occurrences) => {
  let time = 0
  return occurrences.flatMap(({ escalated, acknowledged, shelved }): readonly Alarm[] => {
    const raised = ++time
    const then = (state: Alarm['state']): Alarm => alarm(state, ++time, at(raised))
    return [alarm('raised', raised), ...(acknowledged ? [then('acknowledged')] : []), ...(escalated ? [then('escalated')] : []), ...(shelved ? [then('shelved'), then('unshelved')] : []), then('cleared')]
  })
})

interface Told { mark: Mark; active: Active; keys: readonly string[] }

const told = ({ mark, active, keys }: Told): Told => {
  const notification = notificationOf(mark, active)
  if (notification === undefined || active.pending.length === 0) return { mark, active, keys }
  return told({ ...settled(attempted(mark, notification), active, notification, 0), keys: [...keys, notification.key] })
}

property.prop([lives, fc.nat(), fc.nat()])('killed anywhere, and read again from any checkpoint before, the same is told, once', (alarms, kill, checkpoint) => {
  const run = (from: Told, which: readonly Alarm[]): Told => which.reduce((state, next) => told({ ...state, active: take(state.mark, state.active, next) }), from)
  const fresh: Told = { mark: {}, active: none, keys: [] }
  const killedAt = kill % (alarms.length + 1)
  const savedAt = checkpoint % (killedAt + 1)
  const saved = run(fresh, alarms.slice(0, savedAt))
  const killed = run(fresh, alarms.slice(0, killedAt))
  const restored: Told = { mark: killed.mark, active: caughtUp(killed.mark, saved.active), keys: killed.keys }
  const after = run(told(restored), alarms.slice(savedAt))
  expect(after.keys).toEqual(run(fresh, alarms).keys)
  expect(after.active).toEqual(none)
})

property.prop([lives, fc.array(fc.boolean())])('a target that answers now and then is told the end of all that it was told is firing, and at most two things wait', (alarms, answers) => {
  let state: Told = { mark: {}, active: none, keys: [] }
  for (const [i, next] of alarms.entries()) {
    state = { ...state, active: take(state.mark, state.active, next) }
    expect(state.active.pending.length).toBeLessThanOrEqual(2)
    if (answers[i] === true) state = told(state)
  }
  const { keys, mark, active } = told(state)
  const open = new Set<string>()
  for (const key of keys) {
    const occurrence = key.split('/').slice(0, 3).join('/')
    if (/cleared|shelved\/|closed/.test(key) && !key.includes('unshelved')) open.delete(occurrence)
    else open.add(occurrence)
  }
  expect([...open]).toEqual([])
  expect(new Set(keys).size).toBe(keys.length)
  expect(mark).toMatchObject({ told: { firing: false } })
  expect(active).toEqual(none)
})
