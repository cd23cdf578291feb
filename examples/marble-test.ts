// A marble test of a rule: readings in as a diagram, alarms out as one. A frame is a millisecond, and `h 20s c` lets 20 seconds pass.
// node --import tsx examples/marble-test.ts
import { above, alarms, heldFor, only, rule, ruleText } from 'motorwatch'
import { marbles, reading } from 'motorwatch/testing'
import { map, pipe } from 'rxjs'

const hot = rule({ id: 'hot-coil', when: heldFor('30s', above('temperature_coil', 120)) })

/** Under test: a value counts for 20 seconds, then it is stale. Of an alarm the state will do. */
const test = marbles((time) => pipe(alarms([hot], { stale: '20s' }, time), only('alarm'), map(({ state }) => state)))

const input = {
  h: reading('m1', 'temperature_coil', 121),
  c: reading('m1', 'temperature_coil', 120), // at the limit it is not above it
  s: reading('m1', 'temperature_coil', 121, { quality: 'suspect' }),
}
/** An alarm is named by its time, and times are those from 1971 on: every diagram begins a year after frame 0. */
const year = '525600m '
const output = { R: 'raised', L: 'data-lost', C: 'cleared' } as const

const cases = [
  // it is raised when 30 seconds are over, to the millisecond, and waits for no reading
  { name: 'the very moment', in: 'h 15s h 18s', out: '30s R' },
  { name: 'just not', in: 'h 15s h 14997ms c', out: '' },
  // one cool reading, and the 30 seconds begin again with the next hot one, at 10.002 s
  { name: 'begins again', in: 'h 5s c 5s h 15s h 18s', out: '40002ms R' },
  // nothing for 25 seconds: from 20 s on it is unknown, which is not hot, so it begins again at 25.001 s
  { name: 'a gap', in: 'h 25s h 15s h 18s', out: '55001ms R' },
  { name: 'a suspect value', in: 'h 5s s 5s h 15s h 18s', out: '40002ms R' },
  // unknown is not cool either: the alarm stands through ten minutes of silence, marked from 53.002 s on, until a cool value is there
  { name: 'an alarm in a gap', in: 'h 15s h 18s h 10m c', out: '30s R 23001ms L 580s C' },
]

console.log(ruleText(hot))
for (const { name, in: diagram, out } of cases) {
  test.of(year + diagram, input).gives(out === '' ? '' : year + out, output) // throws, and shows both, where it is not so
  console.log(`${name.padEnd(18)} in   ${diagram}\n${''.padEnd(18)} out  ${out === '' ? '(nothing)' : out}`)
}
