// What would other rules have said? One recorded file over the rules as they are and as they are edited: which alarms appear, disappear, move.
// node --import tsx examples/replay-edited-rules.ts [readings.jsonl]    (without a file: a simulated hour of two motors, one of them failing)
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { above, below, formatDuration, formatTimestamp, monitor, rule, ruleText, run } from 'motorwatch'
import type { Alarm, Rule } from 'motorwatch'
import { memorySink } from 'motorwatch/sinks/memory'
import { jsonlSource } from 'motorwatch/sources/jsonl'
import { simulatedMachine, writeSimulation } from 'motorwatch/sources/simulator'

const MINUTE = 60_000
const before = [
  rule({ id: 'hot-coil', severity: 'high', when: above('temperature_coil', 90), onDelay: '30s' }),
  rule({ id: 'overload', when: above('current', 40) }),
  rule({ id: 'rough', when: above('vibration_rotor', 2.5) }),
]
const after = [
  rule({ id: 'hot-coil', severity: 'high', when: above('temperature_coil', 80), onDelay: '30s' }),
  rule({ id: 'overload', when: above('current', 40), onDelay: '5s' }),
  rule({ id: 'rough', when: above('vibration_rotor', 1.6), clear: below('vibration_rotor', 1) }),
]

async function record(file: string): Promise<string> {
  const machines = [simulatedMachine('pump', { startDelay: MINUTE }), simulatedMachine('fan', { startDelay: 2 * MINUTE, vibration: 1.3 })]
  const faults = [{ machine: 'pump', fault: 'blocked-cooling', onset: 10 * MINUTE, duration: 50 * MINUTE }] as const
  await writeSimulation({ machines, faults, duration: 60 * MINUTE }, createWriteStream(file))
  return file
}

/** When each alarm was raised: by machine and rule, and of those the first, second, ... */
async function raised(input: string, rules: readonly Rule[]): Promise<ReadonlyMap<string, number>> {
  const sink = memorySink()
  await run({ source: jsonlSource({ input }), pipeline: monitor(rules), sinks: [sink] })
  const times = new Map<string, number>()
  const counts = new Map<string, number>()
  for (const item of sink.items) {
    if (item.kind !== 'alarm') continue
    const { machine, rule, state, time } = item as Alarm
    if (state !== 'raised') continue
    const count = (counts.get(`${machine} ${rule}`) ?? 0) + 1
    counts.set(`${machine} ${rule}`, count)
    times.set(`${machine} ${rule} ${count}`, time)
  }
  return times
}

const folder = mkdtempSync(join(tmpdir(), 'replay-'))
try {
  const file = process.argv[2] ?? await record(join(folder, 'readings.jsonl'))
  const [old, now] = [await raised(file, before), await raised(file, after)]
  for (const [i, each] of before.entries()) console.log(`  ${ruleText(each)}\n> ${ruleText(after[i]!)}`)
  for (const alarm of [...new Set([...old.keys(), ...now.keys()])].sort()) {
    const [was, is] = [old.get(alarm), now.get(alarm)]
    const change = was === undefined ? 'appears' : is === undefined ? 'disappears' : was === is ? 'stays' : `${formatDuration(Math.abs(is - was))} ${is < was ? 'earlier' : 'later'}`
    console.log([alarm.padEnd(20), ...[was, is].map((time) => (time === undefined ? '-' : formatTimestamp(time)).padEnd(24)), change].join('  '))
  }
} finally {
  rmSync(folder, { recursive: true })
}
