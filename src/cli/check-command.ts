import { checkRules } from '../rules/index.js'
import { readArguments } from './arguments.js'
import { counted } from './counted.js'
import { A_FILE_OF_MACHINES, machinesOf } from './machines-of.js'
import type { Output } from './output.js'
import { rulesOf } from './rules-of.js'
import { A_MODULE_OF_SIGNALS, signalsOf } from './signals-of.js'
import { wrongUse } from './wrong-use.js'

export const checkHelp = `motorwatch check: what is wrong with rules, one line each

  motorwatch check RULES... [--machines FILE] [--signals MODULE]

  RULES        files { "rules": [...] }, or 'reference', 'nameplate' or 'learned'
  --machines   a register { "machines": [{ "id": "M1", "nameplate": { "ratedCurrent": 20 } }] }: do they have the sensors and the parameters?
  --signals    an ES module of a user's own signals: each export that was made by ownSignal

Exit code: 0 nothing, 1 something is wrong, 2 they could not be read.
`

/** 0 where nothing is wrong with the rules, 1 where something is. */
export async function checkCommand(args: readonly string[], { line, colors }: Output): Promise<number> {
  const { files, options, help } = readArguments(args, { machines: A_FILE_OF_MACHINES, signals: A_MODULE_OF_SIGNALS })
  if (help) {
    line(checkHelp.trimEnd())
    return 0
  }
  if (files.length === 0) throw wrongUse('it needs a file of rules')
  const signals = await signalsOf(options.signals)
  const machines = machinesOf(options.machines)
  let wrong = 0
  for (const file of files) {
    const rules = rulesOf(file, signals)
    const problems = checkRules(rules, machines === undefined ? {} : { machines })
    wrong += problems.length
    line(`${colors.bold(file)}: ${counted(rules.length, 'rule')}, ${problems.length === 0 ? 'nothing is wrong' : counted(problems.length, 'problem')}`)
    for (const { problem, text } of problems) line(`  ${text}  ${colors.dim(`(${problem})`)}`)
  }
  return wrong === 0 ? 0 : 1
}
