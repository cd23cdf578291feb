import { describe, expect, test } from 'vitest'
import type { Alarm } from '../../../src/model/index.js'
import { agenda } from '../../../src/sinks/notify/agenda.js'
import type { Next } from '../../../src/sinks/notify/agenda.js'
import { attempted, settled, take } from '../../../src/sinks/notify/ledger.js'
import type { Active, Mark } from '../../../src/sinks/notify/ledger.js'
import type { NotifyOptions } from '../../../src/sinks/notify/options.js'
import { quietHours } from '../../../src/sinks/notify/quiet-hours.js'
import { alarmKey } from '../../../src/sinks/notify/standing.js'
import { alarm } from './alarms.js'

const MINUTE = 60_000
const at = (raisedAt: number): Partial<Alarm> => ({ raisedAt: raisedAt * 1_000 })

/** Everything that is told up to `end`, by a target that answers at once: when, and what. */
function told(options: NotifyOptions, alarms: readonly (readonly [number, Alarm])[], end: number): readonly string[] {
  const plan = agenda(options)
  const [marks, active] = [new Map<string, Mark>(), new Map<string, Active>()]
  const lines: string[] = []
  const next = (now: number): Next => plan.next(active, (key) => marks.get(key) ?? {}, now, false)
  let now = 0
  const runTo = (limit: number): void => {
    for (;;) {
      const what = next(now)
      if ('message' in what) {
        const { message: { notifications }, group } = what
        lines.push(`${now / MINUTE}: ${notifications.map(({ status, repeat, alarm: { machine, rule } }) => `${machine} ${rule} ${repeat > 0 ? `again ${repeat}` : status}`).join(', ')}`)
        const pending = notifications.map((notification) => {
          const key = alarmKey(notification.alarm)
          const { mark, active: left } = settled(attempted(marks.get(key) ?? {}, notification), active.get(key)!, notification, now)
          marks.set(key, mark)
          active.set(key, left)
          return left.pending.length
        })
        plan.told(group, now, pending.some((count) => count > 0))
      } else if (what.at > limit) break
      else now = what.at
    }
    now = limit
  }
  for (const [when, each] of alarms) {
    runTo(when * MINUTE)
    const key = alarmKey(each)
    active.set(key, take(marks.get(key) ?? {}, active.get(key) ?? { pending: [] }, each))
  }
  runTo(end * MINUTE)
  return lines
}

test('without a group each is told by itself, at once, and again after the repeat interval until it is over', () => {
  const alarms = [[1, alarm('raised', 1)], [1, alarm('raised', 1, { machine: 'M2' })], [5, alarm('cleared', 5, { ...at(1), machine: 'M2' })]] as const
  expect(told({ repeat: '10m' }, alarms, 25)).toEqual(['1: M1 hot firing', '1: M2 hot firing', '5: M2 hot resolved', '11: M1 hot again 1', '21: M1 hot again 2'])
  expect(told({}, alarms.slice(0, 1), 24 * 60)).toEqual(['1: M1 hot firing', ...[1, 2, 3, 4, 5].map((n) => `${1 + n * 240}: M1 hot again ${n}`)])
  expect(told({ repeat: Infinity }, alarms.slice(0, 1), 24 * 60)).toEqual(['1: M1 hot firing'])
})

test('a group waits for what comes along, and then for its interval; another group does not wait for it', () => {
  const alarms = [
    [1, alarm('raised', 1)], [1.25, alarm('raised', 2, { rule: 'worn' })], [1.25, alarm('raised', 2, { machine: 'M2' })],
    [1.9, alarm('cleared', 3, at(1))], [3, alarm('cleared', 4, { ...at(2), rule: 'worn' })], [20, alarm('raised', 20)],
  ] as const
  expect(told({ group: { by: ['machine'] } }, alarms, 30)).toEqual(['1.5: M1 hot firing, M1 worn firing', '1.75: M2 hot firing', '6.5: M1 hot resolved, M1 worn resolved', '20.5: M1 hot firing'])
  expect(told({ group: { by: [], wait: '1m', interval: '2m' } }, alarms, 30)[0]).toBe('2: M2 hot firing, M1 worn firing, M1 hot resolved')
})

test('an end that is owed and a new raise go out one behind the other', () => {
  expect(told({ group: { by: ['machine'] } }, [[1, alarm('raised', 1)], [2, alarm('cleared', 2, at(1))], [3, alarm('raised', 3)]], 30)).toEqual(['1.5: M1 hot firing', '6.5: M1 hot resolved', '6.5: M1 hot firing'])
})

describe('quiet hours', () => {
  const zone = 'Asia/Jakarta' // UTC+7: 00:00 UTC is 07:00
  test('hold back what is not urgent, repeats too, until they are over', () => {
    const quiet = { from: '08:00', to: '09:30', zone }
    const alarms = [[70, alarm('raised', 1)], [75, alarm('raised', 2, { machine: 'M2', severity: 'critical' })], [80, alarm('raised', 3, { machine: 'M3' })], [85, alarm('cleared', 4, { ...at(3), machine: 'M3' })]] as const
    expect(told({ quiet }, alarms, 200)).toEqual(['75: M2 hot firing', '150: M1 hot firing', '150: M3 hot resolved'])
    expect(told({ quiet, repeat: '30m' }, [[50, alarm('raised', 1)]], 200)).toEqual(['50: M1 hot firing', '150: M1 hot again 1', '180: M1 hot again 2'])
    expect(told({ quiet: { ...quiet, urgent: ['high'] } }, alarms.slice(0, 1), 200)).toEqual(['70: M1 hot firing'])
  })

  const quietFrom = (from: string, to: string, zone: string, begin: number, minutes: number): readonly number[] => {
    const isQuiet = quietHours({ from, to, zone })
    return Array.from({ length: minutes }, (_, i) => i).filter((i) => isQuiet(begin + i * MINUTE, 'high'))
  }

  test('are those of the clock on the wall, in the nights when it is put on and back', () => {
    // Berlin, 2026-03-29: 02:00 is 03:00. From 22:00 to 06:00 are seven hours.
    expect(quietFrom('22:00', '06:00', 'Europe/Berlin', Date.UTC(2026, 2, 28, 12), 24 * 60)).toHaveLength(7 * 60)
    // 2026-10-25: 03:00 is 02:00. Nine hours.
    expect(quietFrom('22:00', '06:00', 'Europe/Berlin', Date.UTC(2026, 9, 24, 12), 24 * 60)).toHaveLength(9 * 60)
    // 02:30 is not there: over at 03:00, which is 01:00 UTC.
    expect(quietFrom('01:00', '02:30', 'Europe/Berlin', Date.UTC(2026, 2, 29, 0), 120)).toEqual(Array.from({ length: 60 }, (_, i) => i))
    // The hour from 02:00 comes twice.
    expect(quietFrom('02:00', '03:00', 'Europe/Berlin', Date.UTC(2026, 9, 24, 22), 6 * 60)).toHaveLength(120)
  })

  test.each([
    [{ from: '22', to: '06:00', zone }, 'quiet.from: got "22", expected a time of day such as \'22:00\''],
    [{ from: '22:00', to: '24:00', zone }, 'quiet.to: got "24:00"'],
    [{ from: '22:00', to: '22:00', zone }, 'for both from and to'],
    [{ from: '22:00', to: '06:00', zone: 'Jakarta' }, 'quiet.zone: got "Jakarta", expected an IANA name such as \'Asia/Jakarta\''],
  ])('%j is refused', (quiet, words) => {
    expect(() => agenda({ quiet })).toThrow(words)
  })
})
