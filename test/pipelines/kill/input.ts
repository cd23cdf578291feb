import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { encodeReading } from 'motorwatch/model'
import { simulatedMachines, startSimulation, stepSimulation } from 'motorwatch/sources/simulator'
import type { FaultPlan } from 'motorwatch/sources/simulator'
import { random } from '../../random.js'

export const LATENESS = 5_000

/** A value that no instrument shows. */
export const IMPLAUSIBLE = -300

interface Waiting {
  readonly key: number
  readonly tie: number
  readonly line: string
}

/**
 * Lines of text and their times, in time order, shuffled: each comes at most `LATENESS` behind any before it, and a third of them as late as that allows.
 * `push` returns what may leave before a reading of this time, `end` the rest.
 */
export function shuffler(next: () => number): { push(time: number, line: string): void; before(time: number): string; end(): string } {
  let waiting: Waiting[] = []
  const leave = (time: number): string => {
    const leaving = waiting.filter(({ key }) => key < time).sort((a, b) => a.key - b.key || a.tie - b.tie)
    waiting = waiting.filter(({ key }) => key >= time)
    return leaving.map(({ line }) => `${line}\n`).join('')
  }
  return {
    push(time, line) {
      const way = Math.floor(3 * next())
      waiting.push({ key: time + (way === 0 ? 0 : way === 1 ? LATENESS : Math.floor(next() * LATENESS)), tie: next(), line })
    },
    before: leave,
    end: () => leave(Infinity),
  }
}

const MINUTE = 60_000

/** Each machine's bearing wears out once, and once it is overloaded; both are repaired. */
const faultsOf = (machines: readonly { readonly id: string }[]): readonly FaultPlan[] =>
  machines.flatMap(({ id: machine }, i) => [
    { machine, fault: 'bearing-wear', onset: (2 + 4 * i) * MINUTE, duration: 5 * MINUTE, magnitude: 9, repairAfter: 3 * MINUTE },
    { machine, fault: 'overload', onset: (20 + 4 * i) * MINUTE, duration: 5 * MINUTE, magnitude: 1.6, repairAfter: 3 * MINUTE },
  ])

/**
 * Writes a file of `count` simulated readings of 20 machines with faults, one in 1,000 of them implausible, and one in 500 twice; shuffled.
 * Returns how many implausible ones and how many copies it holds.
 */
export async function writeSimulated(path: string, count: number, seed: number): Promise<{ readonly implausible: number; readonly copies: number }> {
  const next = random(seed)
  const { push, before, end } = shuffler(next)
  const machines = simulatedMachines(20, seed)
  const state = startSimulation({ machines, faults: faultsOf(machines), seed })
  const file = createWriteStream(path)
  let [written, implausible, copies] = [0, 0, 0]
  let text = ''
  while (written < count) {
    text += before(state.time)
    if (text.length > 1_000_000) {
      if (!file.write(text)) await once(file, 'drain')
      text = ''
    }
    for (const item of stepSimulation(state)) {
      if (item.kind !== 'reading' || written === count) continue
      written++
      const wrong = next() < 1 / 1_000
      const line = encodeReading(wrong ? { ...item, value: IMPLAUSIBLE } : item)
      push(item.time, line)
      if (wrong) implausible++
      if (next() < 1 / 500) {
        push(item.time, line)
        copies++
      }
    }
  }
  file.end(text + end())
  await once(file, 'finish')
  return { implausible, copies }
}
