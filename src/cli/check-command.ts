import { checkRules } from '../rules/index.js'
import { readArguments } from './arguments.js'
import { counted } from './counted.js'
import type { Output } from './output.js'
import { rulesOf } from './rules-of.js'
import { wrongUse } from './wrong-use.js'

export const checkHelp = `motorwatch check: what is wrong with rules, one line each

  motorwatch check RULES...     files { "rules": [...] }, or 'reference'

Exit code: 0 nothing, 1 something is wrong, 2 they could not be read.
`

/** 0 where nothing is wrong with the rules, 1 where something is. */
export async function checkCommand(args: readonly string[], { line, colors }: Output): Promise<number> {
  const { files, help } = readArguments(args, {})
  if (help) {
    line(checkHelp.trimEnd())
    return 0
  }
  if (files.length === 0) throw wrongUse('it needs a file of rules')
  let wrong = 0
  for (const file of files) {
    const rules = rulesOf(file)
    const problems = checkRules(rules)
    wrong += problems.length
    line(`${colors.bold(file)}: ${counted(rules.length, 'rule')}, ${problems.length === 0 ? 'nothing is wrong' : counted(problems.length, 'problem')}`)
    for (const { problem, text } of problems) line(`  ${text}  ${colors.dim(`(${problem})`)}`)
  }
  return wrong === 0 ? 0 : 1
}
