import { writeFileSync } from 'node:fs'
import { pipe, tap } from 'rxjs'
import { formatTimestamp } from '../model/index.js'
import type { Alarm, Item, Reading } from '../model/index.js'
import { alarms } from '../operators/index.js'
import { formatDuration } from '../time/index.js'
import { readArguments } from './arguments.js'
import { counted } from './counted.js'
import { A_FILE_OF_MACHINES, machinesOf } from './machines-of.js'
import { occurrences } from './occurrence.js'
import type { Output } from './output.js'
import { readText, recorded } from './recorded.js'
import { RECORDING_USAGE, recordingHelp, recordingOf, recordingOptions } from './recording.js'
import { A_FILE_OF_RULES, rulesOf } from './rules-of.js'
import { scoreAlarms } from './score-alarms.js'
import { A_MODULE_OF_SIGNALS, signalsOf } from './signals-of.js'
import { A_FILE_OF_TRUTH, truthOf } from './truth-of.js'
import { wrongUse } from './wrong-use.js'

export const evaluateHelp = `motorwatch evaluate: how early rules find what really was the matter, and how often they cry wolf

  motorwatch evaluate FILE --rules RULES --truth TRUTH [--svg PICTURE]
                      [--machines FILE] ${RECORDING_USAGE} [--signals MODULE]

${recordingHelp.file}
  --rules     a file { "rules": [...] }, or 'reference', 'nameplate' or 'learned'
  --truth     what really was the matter:
              { "events": [{ "machine": "M1", "from": "2026-01-12T06:00:00Z", "to": "2026-01-20T10:00:00Z", "what": "bearing" }] };
              'to' is when it should have been known at the latest, the failure or the repair. An empty list: all was well
  --svg       draws the events with what found them: the signal, the rule's value against its limit, and every alarm (it needs the package echarts)
  --machines  a register { "machines": [...] }, for '$ratedCurrent' in rules, and what was learned
${recordingHelp.options}
  --signals   an ES module of a user's own signals: each export that was made by ownSignal

An alarm that is raised from 'from' to 'to' of an event of its machine is for it; all others are false.
Lead is the time from the first of them to 'to'.
Recall: events found, of all. Precision: events found, of those and the false alarms. Events outside --from and --until are left out.
Exit code: 0 whatever comes out, 1 it failed, 2 wrong options or files.
`

/** 0, whatever comes out. */
export async function evaluateCommand(args: readonly string[], { line, colors }: Output): Promise<number> {
  const { files, options, help } = readArguments(args, { rules: A_FILE_OF_RULES, truth: A_FILE_OF_TRUTH, svg: 'a file for the picture', machines: A_FILE_OF_MACHINES, signals: A_MODULE_OF_SIGNALS, ...recordingOptions })
  if (help) {
    line(evaluateHelp.trimEnd())
    return 0
  }
  const recording = recordingOf(files, 'evaluates', options)
  if (options.rules === undefined) throw wrongUse(`it needs --rules: ${A_FILE_OF_RULES}`)
  if (options.truth === undefined) throw wrongUse(`it needs --truth: ${A_FILE_OF_TRUTH}`)
  if (options.svg !== undefined && recording.input === '-') throw wrongUse('--svg reads the readings twice: name a file, not standard input')
  const draw = options.svg === undefined ? undefined : await (await import('./evaluation-picture.js')).pictureMaker()
  const { from = -Infinity, until = Infinity } = recording.range
  const truth = truthOf(options.truth).filter((event) => event.to > from && event.from < until)
  const signals = await signalsOf(options.signals)
  const rules = rulesOf(options.rules, signals)
  const machines = machinesOf(options.machines)
  const judging = { signals, ...(machines === undefined ? {} : { machines }) }

  const heard = new Map<string, { readonly from: number; readonly to: number }>()
  const listen = (item: Item): void => {
    if (item.kind !== 'reading') return
    const { machine, time } = item as Reading
    heard.set(machine, { from: heard.get(machine)?.from ?? time, to: time })
  }
  const read = await recorded<Alarm>(recording, (time) => pipe(tap(listen), alarms(rules, judging, time)), machines)
  const scored = scoreAlarms(truth, occurrences(read.items.filter((item): item is Alarm => item.kind === 'alarm')))
  const { events, falseAlarms, recall, precision } = scored

  for (const { machine, from, to, what = 'event', first, again } of events) {
    const head = `${machine}  ${what}, ${formatTimestamp(from)} to ${formatTimestamp(to)}: `
    if (first === undefined) line(`${head}${colors.red(heard.has(machine) ? 'not found' : 'not found: nothing was heard of the machine')}`)
    else line(`${head}${colors.green(`found by ${first.raised.rule}`)} ${formatDuration(to - first.raised.time)} before its end, ${percent((to - first.raised.time) / (to - from))} of it left${again === 0 ? '' : `, and again ${counted(again, 'time')}`}`)
  }
  const alike = new Map<string, { readonly raised: Alarm; more: number }>()
  for (const { raised } of falseAlarms) {
    const key = JSON.stringify([raised.machine, raised.rule])
    const known = alike.get(key)
    if (known === undefined) alike.set(key, { raised, more: 0 })
    else known.more++
  }
  for (const { raised: { machine, rule, time, message }, more } of alike.values()) {
    line(`${machine}  ${colors.yellow('false')}: ${rule}, ${formatTimestamp(time)}${more === 0 ? '' : ` and ${counted(more, 'time')} more`}: ${message}`)
  }
  const days = [...heard.values()].reduce((sum, { from, to }) => sum + to - from, 0) / 86_400_000
  const leads = events.flatMap(({ first, to }) => (first === undefined ? [] : [to - first.raised.time])).sort((a, b) => a - b)
  if (events.length + falseAlarms.length > 0) line()
  line(`${events.length === 0 ? 'no events' : `${leads.length} of ${counted(events.length, 'event')} found (recall ${percent(recall)})`}, ${counted(falseAlarms.length, 'false alarm')} in ${days.toFixed(1)} machine-days (${(falseAlarms.length / days).toFixed(3)} a machine-day)${Number.isNaN(precision) ? '' : `, precision ${percent(precision)}`}${leads.length === 0 ? '' : `, median lead ${formatDuration(leads[Math.floor(leads.length / 2)]!)}`}`)
  line(readText(read))
  if (draw !== undefined) {
    writeFileSync(options.svg!, await draw({ recording, rules, scored, heard, judging }))
    line(`drawn: ${options.svg}`)
  }
  return 0
}

const percent = (part: number): string => `${Math.round(100 * part)} %`
