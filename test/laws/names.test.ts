import { Subject } from 'rxjs'
import { describe, expect, test, vi } from 'vitest'
import type { Input } from '../../src/model/index.js'
import { alarmMeasures, alarms, announce, countWindow, flood, hopping, session, sliding, threshold, tumbling } from '../../src/operators/index.js'
import { above } from '../../src/rules/index.js'
import type { OperatorUnderTest } from '../../src/testing/index.js'
import { Timeline } from '../../src/time/index.js'
import { operatorsUnderTest } from './operators.js'

/** The names under which an operator keeps its state on a timeline. */
function placesOf(op: OperatorUnderTest<unknown>): readonly string[] {
  const time = new Timeline()
  const place = vi.spyOn(time, 'place')
  op(time)(new Subject<Input>()).subscribe().unsubscribe()
  return place.mock.calls.map(([name]) => name)
}

/** They keep nothing, or only what the operators handed to them keep. */
const without = ['adding', 'addressed', 'alarmPractice', 'only', 'plausible', 'replacing', 'via', 'keyed', 'sideBySide', 'threshold']

describe('in a checkpoint, the state of an operator goes by its name', () => {
  const kept = operatorsUnderTest.filter(({ name }) => !without.includes(name))
  test.each([...new Set(kept.map(({ name }) => name))])('%s', (name) => {
    for (const { op } of kept.filter((each) => each.name === name)) expect(placesOf(op).some((place) => place === name || place.startsWith(`${name} `))).toBe(true)
  })

  test.each([
    ['countWindow', (time: Timeline) => countWindow(3, { key: 'series', name: 'mine' }, time)],
    ['hopping', (time: Timeline) => hopping('2s', '1s', { key: 'series', name: 'mine' }, time)],
    ['sliding', (time: Timeline) => sliding('2s', { key: 'series', name: 'mine' }, time)],
    ['alarmMeasures', (time: Timeline) => alarmMeasures({ name: 'mine' }, time)],
    ['alarms', (time: Timeline) => alarms([], { name: 'mine' }, time)],
    ['announce', (time: Timeline) => announce(() => ({ rule: 'r', severity: 'low', class: 'thermal', message: '' }), { name: 'mine' }, time)],
    ['flood', (time: Timeline) => flood({ name: 'mine' }, time)],
    ['session', (time: Timeline) => session('2s', { key: 'series', name: 'mine' }, time)],
    ['threshold', (time: Timeline) => threshold(above('x', 1), { name: 'mine' }, time)],
    ['tumbling', (time: Timeline) => tumbling('2s', { key: 'series', name: 'mine' }, time)],
  ] as const)('%s: or by that which it is given', (_, op) => {
    expect(placesOf(op as OperatorUnderTest<unknown>)).toContain('mine')
  })

  test('a threshold goes by the text of its condition', () => {
    expect(placesOf((time) => threshold(above('x', 1), {}, time) as unknown as ReturnType<OperatorUnderTest<unknown>>)).toEqual(['threshold(x above 1)'])
  })
})
