import { expect, test } from 'vitest'
import { assertEqual } from '../../bench/monitor.js'

test('the loop that the benchmark compares with makes what the monitor makes', () => {
  expect(() => { assertEqual(20, 100) }).not.toThrow()
})
