import { fc, test } from '@fast-check/vitest'
import { map, pipe } from 'rxjs'
import { describe, expect } from 'vitest'
import type { Alarm } from '../../src/model/index.js'
import { inhibited } from '../../src/operators/inhibited.js'
import type { Inhibition } from '../../src/operators/inhibited.js'
import { alarmStreams, allEnded, outputsOf, reordered, stays, transition } from './alarm-streams.js'
import type { AlarmStream } from './alarm-streams.js'

interface Passed {
  readonly at: number
  readonly id: string
  readonly by: string | undefined
}

const passed = (rules: readonly Inhibition[], stream: AlarmStream): readonly Passed[] =>
  outputsOf((time) => pipe(inhibited(rules, time), map(({ id, inhibitedBy }) => ({ at: time.now(), id, by: inhibitedBy }))), stream)

const streams = alarmStreams([0, 0, 0, 1, 1, 2, 3, 5], { machines: ['a', 'b'] })

/** Chains, a circle, several causes of one effect, matchers of all kinds. */
const rules: readonly Inhibition[] = [
  { source: { rule: 'lost' }, targets: [{ rule: 'hot' }, { severity: 'medium' }], within: '3s' },
  { source: { severity: 'critical' }, targets: [{ class: 'thermal', rule: 'hot' }, { rule: 'lost' }], within: '1s' },
  { source: { rule: 'loud', severity: 'medium' }, targets: [{ rule: 'fire' }] },
  { source: { rule: 'hot' }, targets: [{ rule: 'loud' }, { class: 'electrical' }], within: '5s' },
]

/** The pairs of these rules, by name, and within how many milliseconds. */
const pairs: readonly (readonly [cause: string, effect: string, within: number])[] = [
  ['lost', 'hot', 3000], ['lost', 'loud', 3000], ['fire', 'hot', 1000], ['fire', 'lost', 1000], ['loud', 'fire', 0], ['hot', 'loud', 5000],
]

/** From the definitions, looking at everything for everything: what becomes of one occurrence. */
function fate(raise: Alarm, { alarms, time }: AlarmStream): readonly Passed[] {
  const endOf = ({ occurrence }: Alarm): number => alarms.find((each) => each.occurrence === occurrence && ['cleared', 'closed'].includes(each.state))?.time ?? Infinity
  const its = alarms.filter(({ occurrence }) => occurrence === raise.occurrence)
  const mine = pairs.filter(([, effect]) => effect === raise.rule)
  const causeAt = (at: number, age: number): Alarm | undefined => alarms
    .filter(({ machine, rule, state }) => state === 'raised' && machine === raise.machine && mine.some(([cause, , within]) => cause === rule && age <= within))
    .filter((each) => each.time <= at && endOf(each) > at)
    .sort((a, b) => a.time - b.time || (a.occurrence < b.occurrence ? -1 : 1))[0]
  const patience = Math.max(0, ...mine.map(([, , within]) => within))
  const instants = [...new Set([raise, ...alarms].map(({ time: at }) => at))].filter((at) => at >= raise.time && at <= raise.time + patience).sort((a, b) => a - b)
  const decided = instants.find((at) => causeAt(at, at - raise.time) !== undefined)
  if (decided === undefined) return its.map(({ id, time: at }) => ({ at: Math.min(time, Math.max(at, raise.time + patience)), id, by: undefined }))
  let by = causeAt(decided, decided - raise.time)
  const out: Passed[] = []
  for (const at of [...new Set(alarms.map((each) => each.time))].filter((each) => each >= decided)) {
    for (const each of its.filter((one) => (at === decided ? one.time <= at : one.time === at))) out.push({ at, id: each.id, by: by?.occurrence })
    if (endOf(raise) <= at) return out
    if (by !== undefined && endOf(by) <= at) {
      by = causeAt(at, 0)
      if (by === undefined) out.push({ at, id: raise.id, by: undefined })
    }
  }
  return out
}

const sorted = (all: readonly Passed[]): readonly string[] => all.map((each) => JSON.stringify(each)).sort()

/** Names an alarm in a table: rule, state and seconds. */
const alarm = (rule: string, state: Alarm['state'], seconds: number, raised = seconds): Alarm => transition('m', rule, state, seconds * 1000, raised * 1000)
const told = (rule: readonly Inhibition[], alarms: readonly Alarm[], seconds = 20): readonly string[] =>
  passed(rule, { alarms, time: seconds * 1000 }).map(({ at, id, by }) => `${at / 1000}: ${id.replaceAll('/m/', ' ')}${by === undefined ? '' : ` by ${by.replace('/m/', ' ')}`}`)
const lost: readonly Inhibition[] = [{ source: { rule: 'lost' }, targets: [{ rule: 'hot' }], within: '5s' }]

describe('inhibited', () => {
  test.prop([streams], { numRuns: 500 })('is what the definitions say', (stream) => {
    const seen = passed(rules, stream)
    const raises = stream.alarms.filter(({ state }) => state === 'raised')
    expect(sorted(seen)).toEqual(sorted(raises.flatMap((raise) => fate(raise, stream))))
    for (const raise of raises) expect(seen.filter(({ id }) => id.startsWith(`${raise.occurrence}/`))).toEqual(fate(raise, stream))
  })

  test.prop([streams, fc.constantFrom(rules, lost, [])])('drops nothing, and changes nothing but the mark', (stream, these) => {
    const ids = (alarms: readonly Alarm[]): readonly string[] => [...new Set(alarms.map((each) => JSON.stringify(each)))].sort()
    expect(ids(outputsOf((time) => pipe(inhibited(these, time), map(({ inhibitedBy: _, ...rest }) => rest)), stream))).toEqual(ids(stream.alarms))
  })

  test.prop([streams])('does not look at the order within an instant', (stream) => {
    for (const other of reordered(stream)) expect(passed(rules, other)).toEqual(passed(rules, stream))
  })

  test.prop([streams])('keeps nothing of what is over', (stream) => {
    expect(stays((time) => inhibited(rules, time), allEnded(stream), 5)).toBe(0)
  })

  test.each<[string, readonly Alarm[], readonly string[]]>([
    ['an effect behind its cause', [alarm('lost', 'raised', 1), alarm('hot', 'raised', 3), alarm('hot', 'cleared', 4, 3)], ['1: lost 1000/raised', '3: hot 3000/raised by lost 1000', '4: hot 3000/cleared by lost 1000']],
    ['an effect as long in front of it as may be', [alarm('hot', 'raised', 1), alarm('lost', 'raised', 6)], ['6: lost 6000/raised', '6: hot 1000/raised by lost 6000']],
    ['one that is longer in front of it', [alarm('hot', 'raised', 1), alarm('lost', 'raised', 7), alarm('hot', 'cleared', 8, 1)], ['6: hot 1000/raised', '7: lost 7000/raised', '8: hot 1000/cleared']],
    ['one that is over before its cause comes', [alarm('hot', 'raised', 1), alarm('hot', 'cleared', 2, 1), alarm('lost', 'raised', 3)], ['3: lost 3000/raised', '3: hot 1000/raised by lost 3000', '3: hot 1000/cleared by lost 3000']],
    ['both end in one instant', [alarm('lost', 'raised', 1), alarm('hot', 'raised', 2), alarm('lost', 'cleared', 9, 1), alarm('hot', 'cleared', 9, 2)],
      ['1: lost 1000/raised', '2: hot 2000/raised by lost 1000', '9: hot 2000/cleared by lost 1000', '9: lost 1000/cleared']],
    ['one that outlives its cause', [alarm('lost', 'raised', 1), alarm('hot', 'raised', 2), alarm('lost', 'cleared', 9, 1), alarm('hot', 'cleared', 10, 2)],
      ['1: lost 1000/raised', '2: hot 2000/raised by lost 1000', '9: lost 1000/cleared', '9: hot 2000/raised', '10: hot 2000/cleared']],
    ['what is held when the data end', [alarm('hot', 'raised', 18)], ['20: hot 18000/raised']],
  ])('%s', (_, alarms, expected) => {
    expect(told(lost, alarms)).toEqual(expected)
  })

  test('an alarm of another machine explains nothing', () => {
    const stream = { alarms: [transition('n', 'lost', 'raised', 0, 0), transition('m', 'hot', 'raised', 0, 0)], time: 9000 }
    expect(passed(lost, stream).map(({ by }) => by)).toEqual([undefined, undefined])
  })

  test('alarms that are all cause and effect by one line do not hide each other', () => {
    expect(told([{ source: { class: 'thermal' }, targets: [{ class: 'thermal' }] }], [alarm('hot', 'raised', 1), alarm('loud', 'raised', 2)])).toEqual(['1: hot 1000/raised', '2: loud 2000/raised'])
  })
})
