import * as E from 'fp-ts/lib/Either.js'
import type { OwnSignals, Rule } from '../rules/index.js'
import type { RuleTest } from '../testing/rule-test.js'
import { parseRuleTests } from '../testing/rule-test-document.js'
import { runRuleTest } from '../testing/run-rule-test.js'
import type { RuleTestResult } from '../testing/run-rule-test.js'
import { readArguments } from './arguments.js'
import { counted } from './counted.js'
import type { Output } from './output.js'
import { readFile } from './read-file.js'
import { rulesOf } from './rules-of.js'
import { A_MODULE_OF_SIGNALS, signalsOf } from './signals-of.js'
import { wrongUse } from './wrong-use.js'

export const testHelp = `motorwatch test: runs rule tests in event time

  motorwatch test RULES TESTS...     RULES: 'reference', or a file { "rules": [...] }
  motorwatch test TESTS...           where the tests have their rules with them
  --signals MODULE                   an ES module of a user's own signals: each export that was made by ownSignal

A file of tests is { "tests": [...] }, with "rules" for all of them where they are not given elsewhere; or one test alone:

  { "name": "hot for half a minute", "given": { "temperature_coil": "10x120 60x121" },
    "expect": [{ "at": "39s", "rule": "hot-coil", "state": "pending" }, { "at": "40s", "rule": "hot-coil", "state": "raised", "margin": 1 }] }

  given     for each sensor its readings, a second apart: 61, 61! (suspect), _ (nothing), 5x61, 60x61+0.5 (each 0.5 more),
            60x61+30/m (30 more a minute); '5s: ' in front: five seconds apart
  state     raised; pending (its delay runs), normal, or unknown
  more      "machine", "stale", "others", "margin", "message": see docs/tasks/test-a-rule.md

Exit code: 0 all passed, 1 some failed, 2 they could not be run.
`

interface Tests {
  readonly file: string
  readonly rules: readonly Rule[] | undefined
  readonly tests: readonly RuleTest[]
}

/** 0 where all tests pass, 1 where one does not. */
export async function testCommand(args: readonly string[], { line, colors }: Output): Promise<number> {
  const { files, options, help } = readArguments(args, { signals: A_MODULE_OF_SIGNALS })
  if (help) {
    line(testHelp.trimEnd())
    return 0
  }
  if (files.length === 0) throw wrongUse('it needs files: rules and tests, or tests that have their rules with them')
  const [first, ...others] = files
  const json = first === 'reference' ? '' : readFile(first!, 'a file of rules, or of rule tests')
  const signals = await signalsOf(options.signals)
  const shared = holdsTests(json) ? undefined : rulesOf(first!, signals)
  const all = (shared === undefined ? files : others).map((file) => testsOf(file, shared, signals))
  if (all.length === 0) throw wrongUse(`${first!} has rules and no tests: name a file of tests behind it`)

  let [passed, failed] = [0, 0]
  for (const { file, rules, tests } of all) {
    line(colors.bold(file))
    for (const [i, test] of tests.entries()) {
      const result = run(file, test, i, { rules, signals })
      if (result.passed) passed++
      else failed++
      const [name, ...difference] = result.text.split('\n')
      line(`  ${result.passed ? colors.green('✓') : colors.red('✗')} ${name}`)
      for (const text of difference) line(`  ${text.startsWith('  - ') ? colors.green(text) : text.startsWith('  + ') ? colors.red(text) : text}`)
    }
  }
  line()
  if (failed > 0) line(`${colors.green('- expected')}  ${colors.red('+ came')}`)
  line(`${counted(passed + failed, 'test')}: ${passed} passed, ${failed} failed`)
  return failed === 0 ? 0 : 1
}

const holdsTests = (json: string): boolean => {
  try {
    const value = JSON.parse(json) as unknown
    return typeof value === 'object' && value !== null && ('tests' in value || 'given' in value)
  } catch {
    return false
  }
}

function testsOf(file: string, shared: readonly Rule[] | undefined, signals: OwnSignals): Tests {
  const parsed = parseRuleTests(readFile(file, 'a file of rule tests'), signals)
  if (E.isLeft(parsed)) throw wrongUse(`${file}: ${parsed.left}`)
  return { file, rules: parsed.right.rules ?? shared, tests: parsed.right.tests }
}

function run(file: string, test: RuleTest, index: number, { rules, signals }: { readonly rules: readonly Rule[] | undefined; readonly signals: OwnSignals }): RuleTestResult {
  const where = `${file}: tests[${index}]${test.name === undefined ? '' : ` '${test.name}'`}`
  if (test.rules === undefined && rules === undefined) throw wrongUse(`${where}: it has no rules: name a file of rules in front, or put them into its field 'rules'`)
  try {
    return runRuleTest(test, rules, { signals })
  } catch (error) {
    throw error instanceof RangeError ? wrongUse(`${where}: ${error.message}`) : error
  }
}
