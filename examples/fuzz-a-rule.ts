// Fuzzing a rule: readings by the thousand, of which a law must hold, or the fewest that break it are shown. One of the two rules is wrong.
// node --import tsx examples/fuzz-a-rule.ts
import fc from 'fast-check'
import { above, adding, alarms, below, eventTime, formatDuration, heldFor, inOrder, not, rule, ruleText } from 'motorwatch'
import type { Alarm, Reading, Rule } from 'motorwatch'
import { arbitraryReadings, epoch, keysDoNotMeet, reading } from 'motorwatch/testing'
import { from, pipe } from 'rxjs'

const right = rule({ id: 'hot-coil', when: heldFor('30s', above('temperature_coil', 120)) })
const wrong = rule({ id: 'hot-coil', when: heldFor('30s', not(below('temperature_coil', 120))) })

/** The readings in order, and after each what it leads to. */
const replay = (rule: Rule, readings: readonly Reading[]) => {
  const outputs: (Reading | Alarm)[] = []
  from(readings)
    .pipe(eventTime((time) => pipe(inOrder<Reading>({ lateness: 0 }, time), adding(alarms([rule], {}, time)))))
    .subscribe((item) => { if (item.kind === 'reading' || item.kind === 'alarm') outputs.push(item) })
  return outputs
}
const alarmsOf = (rule: Rule, readings: readonly Reading[]) => replay(rule, readings).filter((item) => item.kind === 'alarm')

const streams = (min: number, max: number) => arbitraryReadings({ sensors: ['temperature_coil'], values: fc.integer({ min, max }) })
/** Anything, and then eight hot values of `a`, five seconds apart. */
const endingHot = fc.tuple(streams(20, 200), fc.array(fc.integer({ min: 121, max: 200 }), { minLength: 8, maxLength: 8 })).map(([before, hot]) =>
  [...before, ...hot.map((value, i) => reading('a', 'temperature_coil', value)((before.at(-1)?.time ?? epoch) + 1000 + i * 5000))])

const laws = (rule: Rule) => ({
  'is silent within safe limits': fc.property(streams(20, 120), (readings) => alarmsOf(rule, readings).length === 0),
  'stands 30 s after it got hot, at the latest': fc.property(endingHot, (readings) => {
    const due = readings.at(-8)!.time + 30_000
    return alarmsOf(rule, readings).findLast(({ machine, time }) => machine === 'a' && time <= due)?.status === 'unacknowledged'
  }),
  'machines do not meet': fc.property(streams(20, 200), (readings) => { keysDoNotMeet((time) => alarms([rule], {}, time), readings) }),
  'is cleared by a known cool value alone': fc.property(streams(20, 200), (readings) =>
    replay(rule, readings).every((item, i, all) => {
      if (item.kind === 'reading' || item.state !== 'cleared') return true
      const last = all.findLast((other, j) => j < i && other.kind === 'reading' && other.machine === item.machine) as Reading
      return last.time === item.time && last.quality === 'good' && last.value <= 120
    })),
})

for (const each of [right, wrong]) {
  console.log(ruleText(each))
  for (const [law, property] of Object.entries(laws(each))) {
    const { failed, numRuns, counterexample } = fc.check<[readonly Reading[]]>(property, { numRuns: 500 })
    console.log(failed ? `  BROKEN after ${numRuns} streams: ${law}` : `  ${numRuns} streams: ${law}`)
    for (const { time, machine, sensor, value, quality } of counterexample?.[0] ?? [])
      console.log(`    after ${formatDuration(time - epoch).padEnd(8)} ${machine} ${sensor} ${value}${quality === 'good' ? '' : ` (${quality})`}`)
  }
}
