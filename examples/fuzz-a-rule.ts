// Fuzzing a rule: six properties over readings by the thousand; what breaks one is shown as a rule test to paste. One of the two rules is wrong.
// node --import tsx examples/fuzz-a-rule.ts
import { above, below, heldFor, not, rule } from 'motorwatch'
import { fuzzRule, runRuleTest } from 'motorwatch/testing'

const right = rule({ id: 'hot-coil', when: heldFor('30s', above('temperature_coil', 120)), offDelay: '10s' })
const wrong = rule({ id: 'hot-coil', when: heldFor('30s', not(below('temperature_coil', 120))), offDelay: '10s' })

for (const each of [right, wrong]) {
  const { results, text } = fuzzRule(each, { sensors: { temperature_coil: { safe: [20, 120], outside: [121, 200], worse: 'higher' } }, numRuns: 500, seed: 1 })
  console.log(text)
  // The least that broke it, kept as a test: the wrong rule fails it, the right one does not.
  for (const { test } of results) {
    if (test === undefined) continue
    console.log(`\nthe right rule: ${runRuleTest({ ...test, rules: [right] }).passed ? 'passes' : 'fails'}; the wrong rule: ${runRuleTest(test).text}`)
  }
}
