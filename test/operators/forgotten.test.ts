import { describe, expect, test } from 'vitest'
import type { Input, Reading } from '../../src/model/index.js'
import { epoch } from '../../src/testing/index.js'
import { line } from '../../src/testing/laws/line.js'
import { operatorsUnderTest } from '../laws/operators.js'

const at = (seconds: number, sensor: string, value: number): Reading => ({ kind: 'reading', time: epoch + seconds * 1000, machine: 'm', sensor, value, quality: 'good' })
const tick = (seconds: number): Input => ({ kind: 'tick', time: epoch + seconds * 1000 })
/** Well for a while, and then silent. */
const heard = Array.from({ length: 40 }, (_, i) => [at(i, 'temperature_coil', 40 + (i % 3)), at(i, 'vibration_rotor', 1)]).flat()
const day = 86_400

describe('a machine on which nothing stands, and that has fallen silent, is forgotten', () => {
  const forgetting = operatorsUnderTest.filter(({ exceptions, ordered }) => exceptions?.eviction === undefined && ordered !== true)
  test.each(forgetting.map((each) => [each.variant === undefined ? each.name : `${each.name}, ${each.variant}`, each] as const))('%s', (_, { op }) => {
    const saved = (inputs: readonly Input[], until: number): number => {
      const part = line(op, 'none')
      for (const item of [tick(0), ...inputs, tick(until), tick(until + 1)]) part.push(item)
      expect(part.errors).toEqual([])
      return part.time.save().length
    }
    expect(saved(heard, 2 * day)).toBe(saved([], 2 * day))
  })
})
