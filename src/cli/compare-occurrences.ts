import type { Occurrence } from './occurrence.js'

/** The same alarm under one set of rules and under another; at least one of the two has it. */
export interface Compared {
  readonly was?: Occurrence
  readonly is?: Occurrence
}

/** An alarm is the same where rule and machine are, and they stood at one time. In order of time, machine and rule. */
export function compareOccurrences(was: readonly Occurrence[], is: readonly Occurrence[]): readonly Compared[] {
  const alarmOf = ({ raised }: Occurrence): string => JSON.stringify([raised.machine, raised.rule])
  const keys = [...new Set([...was, ...is].map(alarmOf))]
  return keys
    .flatMap((key) => pairs(was.filter((each) => alarmOf(each) === key), is.filter((each) => alarmOf(each) === key)))
    .sort((a, b) => timeOf(a) - timeOf(b) || order(machineOf(a), machineOf(b)) || order(ruleOf(a), ruleOf(b)))
}

function pairs(was: readonly Occurrence[], is: readonly Occurrence[]): readonly Compared[] {
  const found: Compared[] = []
  for (let [i, j] = [0, 0]; i < was.length || j < is.length; ) {
    const [a, b] = [was[i], is[j]]
    if (a !== undefined && b !== undefined && a.raised.time <= b.clearedAt && b.raised.time <= a.clearedAt) {
      found.push({ was: a, is: b })
      i++
      j++
    } else if (b === undefined || (a !== undefined && a.raised.time < b.raised.time)) {
      found.push({ was: a! })
      i++
    } else {
      found.push({ is: b })
      j++
    }
  }
  return found
}

const either = ({ was, is }: Compared): Occurrence => was ?? is!
const timeOf = ({ was, is }: Compared): number => Math.min(was?.raised.time ?? Infinity, is?.raised.time ?? Infinity)
const machineOf = (compared: Compared): string => either(compared).raised.machine
const ruleOf = (compared: Compared): string => either(compared).raised.rule
const order = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1)
