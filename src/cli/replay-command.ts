import { filter, map, pipe } from 'rxjs'
import type { OperatorFunction } from 'rxjs'
import { formatTimestamp } from '../model/index.js'
import type { Alarm, Item } from '../model/index.js'
import { adding, alarms } from '../operators/index.js'
import { ruleText } from '../rules/index.js'
import type { JudgeOptions, Rule } from '../rules/index.js'
import { formatDuration } from '../time/index.js'
import type { Timeline } from '../time/index.js'
import { readArguments } from './arguments.js'
import { compareOccurrences } from './compare-occurrences.js'
import type { Compared } from './compare-occurrences.js'
import { counted } from './counted.js'
import { A_FILE_OF_MACHINES, machinesOf } from './machines-of.js'
import { occurrences } from './occurrence.js'
import type { Occurrence } from './occurrence.js'
import type { Output } from './output.js'
import { readText, recorded, tally } from './recorded.js'
import { RECORDING_USAGE, recordingHelp, recordingOf, recordingOptions } from './recording.js'
import { A_FILE_OF_RULES, rulesOf } from './rules-of.js'
import { A_MODULE_OF_SIGNALS, signalsOf } from './signals-of.js'
import { wrongUse } from './wrong-use.js'

export const replayHelp = `motorwatch replay: what two sets of rules would have raised over recorded readings, side by side

  motorwatch replay FILE --rules RULES --against RULES [--machines FILE] ${RECORDING_USAGE} [--signals MODULE]

${recordingHelp.file}
  --rules     the rules as they are: a file { "rules": [...] }, or 'reference', 'nameplate' or 'learned'
  --against   those that they are compared with: the edited ones
  --machines  a register { "machines": [{ "id": "M1", "nameplate": { "ratedCurrent": 20 } }] }, for '$ratedCurrent' in rules,
              and for what the instruments of a machine can show
${recordingHelp.options}
  --signals   an ES module of a user's own signals: each export that was made by ownSignal

Each alarm that was raised, when, and the value against its limit; and how the second set differs from the first: appears, disappears,
earlier or later by how much. It is the same alarm where rule and machine are, and it stood at one time under both.
Exit code: 0 whatever differs, 1 it failed, 2 wrong options or files.
`

/** An alarm of one of the two sets of rules. */
interface Told extends Item {
  readonly kind: 'was' | 'is'
  readonly alarm: Alarm
}

/** 0, whatever differs. */
export async function replayCommand(args: readonly string[], { line, colors }: Output): Promise<number> {
  const { files, options, help } = readArguments(args, { rules: A_FILE_OF_RULES, against: A_FILE_OF_RULES, machines: A_FILE_OF_MACHINES, signals: A_MODULE_OF_SIGNALS, ...recordingOptions })
  if (help) {
    line(replayHelp.trimEnd())
    return 0
  }
  const recording = recordingOf(files, 'replays', options)
  const { rules, against } = options
  if (rules === undefined || against === undefined) throw wrongUse(`it needs --${rules === undefined ? 'rules' : 'against'}: ${A_FILE_OF_RULES}`)
  const signals = await signalsOf(options.signals)
  const [before, after] = [rulesOf(rules, signals), rulesOf(against, signals)]
  const machines = machinesOf(options.machines)
  const judging = { signals, ...(machines === undefined ? {} : { machines }) }
  const read = await recorded<Told>(recording, (time) => pipe(adding<Item, [Told, Told]>(told('was', before, judging, time), told('is', after, judging, time)), filter(({ kind }) => kind !== 'reading')), machines)
  const of = (kind: Told['kind']): readonly Occurrence[] => occurrences(read.items.filter((item): item is Told => item.kind === kind).map(({ alarm }) => alarm))
  const compared = compareOccurrences(of('was'), of('is'))

  for (const text of changes(before, after)) line(text.startsWith('-') ? colors.red(text) : colors.green(text))
  const rows = compared.map((each) => {
    const { machine, rule } = (each.was ?? each.is!).raised
    return [machine, rule, shown(each.was), shown(each.is), difference(each)]
  })
  const table = [['machine', 'rule', `--rules ${rules}`, `--against ${against}`, ''], ...rows]
  const widths = table[0]!.map((_, i) => Math.max(...table.map((row) => row[i]!.length)))
  if (compared.length > 0) {
    for (const [i, row] of table.entries()) {
      const text = row.map((cell, j) => cell.padEnd(widths[j]!)).join('  ').trimEnd()
      line(i === 0 ? colors.bold(text) : row[4] === 'stays' ? colors.dim(text) : text)
    }
    line()
  }
  line(summary(compared))
  if (machines === undefined && /"\$/.test(JSON.stringify([before, after]))) line(colors.yellow('the rules name parameters of machines, and no machine is known: what compares with them is unknown; give a register with --machines'))
  line(readText(read))
  return 0
}

const told = (kind: Told['kind'], rules: readonly Rule[], judging: JudgeOptions, time: Timeline): OperatorFunction<Item, Told> =>
  pipe(alarms(rules, { name: kind, ...judging }, time), filter((item: Item): item is Alarm => item.kind === 'alarm'), map((alarm) => ({ kind, alarm })))

/** The rules that are not the same, as they are and as they were. */
function changes(before: readonly Rule[], after: readonly Rule[]): readonly string[] {
  const ids = [...new Set([...before, ...after].map(({ id }) => id))]
  return ids.flatMap((id) => {
    const [a, b] = [before, after].map((rules) => rules.find((rule) => rule.id === id))
    if (JSON.stringify(a) === JSON.stringify(b)) return []
    return [...(a === undefined ? [] : [`- ${ruleText(a)}`]), ...(b === undefined ? [] : [`+ ${ruleText(b)}`])]
  })
}

const number = (value: number): string => String(Number(value.toPrecision(6)))

function shown(occurrence: Occurrence | undefined): string {
  if (occurrence === undefined) return '-'
  const { time, value, limit, unit } = occurrence.raised
  const beyond = value - limit
  const margin = Number.isFinite(beyond) ? `  ${number(value)} against ${number(limit)}${unit === undefined ? '' : ` ${unit}`} (${beyond > 0 ? '+' : ''}${number(beyond)})` : ''
  return `${formatTimestamp(time)}${margin}`
}

function difference({ was, is }: Compared): string {
  if (was === undefined) return 'appears'
  if (is === undefined) return 'disappears'
  const by = is.raised.time - was.raised.time
  return by === 0 ? 'stays' : `${formatDuration(Math.abs(by))} ${by < 0 ? 'earlier' : 'later'}`
}

function summary(compared: readonly Compared[]): string {
  if (compared.length === 0) return 'neither raises an alarm'
  const words = compared.map((each) => difference(each).split(' ').at(-1)!)
  return `${counted(compared.length, 'alarm')}: ${tally(words)}`
}
