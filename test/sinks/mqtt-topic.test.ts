import { expect, test } from 'vitest'
import { topicOf } from '../../src/sinks/mqtt/topic.js'
import { alarm } from './notify/alarms.js'

test('what stands in the topic is one level, whatever is in a name', () => {
  expect(topicOf('plant/{machine}/{severity}/{rule}', false)(alarm('raised', 1, { machine: 'hall 1/#+', rule: 'hot' }))).toBe('plant/hall%201%2F%23%2B/high/hot')
})

test.each([
  ['plant/{motor}', false, 'topic: got {motor}, expected one of {machine}, {rule}, {class}, {severity}'],
  ['plant/+', false, 'without + and #'],
  ['plant/{machine}', true, 'expected {machine} and {rule} in it'],
  ['plant/{machine}/{rule}/{severity}', true, 'and no {severity}'],
])('%s, retained %s, is refused', (template, retain, words) => {
  expect(() => topicOf(template, retain)).toThrow(words)
})
