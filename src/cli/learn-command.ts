import { existsSync, writeFileSync } from 'node:fs'
import { learning } from '../operators/index.js'
import type { Learnt } from '../operators/index.js'
import { detectorsIn, machines, machinesDocument } from '../rules/index.js'
import type { Learned, Machine } from '../rules/index.js'
import { readArguments } from './arguments.js'
import { counted } from './counted.js'
import { A_FILE_OF_MACHINES, machinesOf } from './machines-of.js'
import type { Output } from './output.js'
import { readText, recorded } from './recorded.js'
import { RECORDING_USAGE, recordingHelp, recordingOf, recordingOptions } from './recording.js'
import { A_FILE_OF_RULES, rulesOf } from './rules-of.js'
import { A_MODULE_OF_SIGNALS, signalsOf } from './signals-of.js'
import { wrongUse } from './wrong-use.js'

export const learnHelp = `motorwatch learn: what the detectors of rules learn of each machine from recorded readings, as a register of machines

  motorwatch learn FILE --rules RULES --out MACHINES [--frozen]
                   [--machines FILE] ${RECORDING_USAGE} [--signals MODULE]

${recordingHelp.file}.
              They should be of a time when all was well
  --rules     a file { "rules": [...] }, or 'learned': every detector in them learns
  --out       the register is written here, with what was learned under each machine; it must not be there yet
  --frozen    from now on they learn nothing more
  --machines  a register to begin with: nameplates for '$ratedCurrent' in rules, and what was learned before, which is gone on from
${recordingHelp.options}
  --signals   an ES module of a user's own signals: each export that was made by ownSignal

What was learned is shown in words. The register is given to monitor(rules, { machines: parseMachines(text) }), or to replay and learn by --machines;
it fits rules with the same detectors only.
Exit code: 0 something was learned, 1 nothing was (or it failed), 2 wrong options or files.
`

/** 0 where something was learned. */
export async function learnCommand(args: readonly string[], { line, colors }: Output): Promise<number> {
  const frozen = args.includes('--frozen')
  const { files, options, help } = readArguments(args.filter((arg) => arg !== '--frozen'), { rules: A_FILE_OF_RULES, out: 'a file that is not there yet', machines: A_FILE_OF_MACHINES, signals: A_MODULE_OF_SIGNALS, ...recordingOptions })
  if (help) {
    line(learnHelp.trimEnd())
    return 0
  }
  const recording = recordingOf(files, 'learns from', options)
  const { rules: name, out } = options
  if (name === undefined) throw wrongUse(`it needs --rules: ${A_FILE_OF_RULES}`)
  if (out === undefined) throw wrongUse('it needs --out: where the register is written')
  if (existsSync(out)) throw wrongUse(`--out ${out}: it is there already; name another file, or delete it`)
  const signals = await signalsOf(options.signals)
  const rules = rulesOf(name, signals)
  if (!rules.some((rule) => detectorsIn(rule).length > 0)) throw wrongUse(`--rules ${name}: no rule has a detector, so there is nothing to learn; 'learned' has`)
  const known = machinesOf(options.machines)
  const read = await recorded<Learnt>(recording, (time) => learning(rules, { signals, ...(known === undefined ? {} : { machines: known }) }, time), known)
  const learnt = read.items.filter((item): item is Learnt => item.kind === 'learned')

  const register = new Map<string, Machine>(known ?? [])
  for (const [machine, of] of byMachine(learnt)) {
    const learned: Record<string, Learned> = { ...register.get(machine)?.learned }
    line(colors.bold(machine))
    for (const { detector, state, ready, why } of of) {
      learned[detector] = { state, ...(frozen ? { frozen } : {}) }
      const text = `  ${detector}: ${why}`
      line(ready ? text : colors.dim(text))
    }
    register.set(machine, { ...(register.get(machine) ?? { id: machine }), learned })
  }
  line(readText(read))
  if (learnt.length === 0) {
    line('nothing was learned: no machine has the sensors of these rules')
    return 1
  }
  writeFileSync(out, `${machinesDocument(machines(...register.values()))}\n`, { flag: 'wx' })
  const unknown = learnt.filter(({ ready }) => !ready).length
  line(`${counted(learnt.length, 'detector')} of ${counted(byMachine(learnt).size, 'machine')} written to ${out}${unknown === 0 ? '' : `; ${unknown} of them know no score yet`}`)
  return 0
}

function byMachine(learnt: readonly Learnt[]): ReadonlyMap<string, readonly Learnt[]> {
  const map = new Map<string, Learnt[]>()
  for (const each of learnt) map.set(each.machine, [...(map.get(each.machine) ?? []), each])
  return map
}
