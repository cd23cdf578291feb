import { expect, test } from 'vitest'
import { alarmPractice } from '../../src/operators/alarm-practice.js'

test('the numbers that go by the names of the standards', () => {
  expect(alarmPractice).toEqual({
    chattering: { count: 3, within: '1m' },
    fleeting: '1m',
    standing: '24h',
    flood: { above: 10, below: 5, within: '10m' },
    targets: { perDay: 150, flood: 0.01, mix: { low: 0.8, medium: 0.15, high: 0.05 } },
  })
})
