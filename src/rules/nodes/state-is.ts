import type { State } from '../condition.js'
import { RUNNING, STARTING, STOPPED } from './counters.js'
import { truthOf } from './judgement.js'
import type { Judgement } from './judgement.js'
import { newNode } from './node.js'
import type { Reader } from './reader.js'

const NUMBERS = { stopped: STOPPED, starting: STARTING, running: RUNNING } as const

/** Whether the machine is in this state. */
export function stateIs(condition: State, state: Reader): Judgement {
  const wanted = NUMBERS[condition.is]
  const { is: _, op: __, ...fields } = condition
  const node = newNode(condition, [], true)
  node.judge = (frame, now) => {
    const is = (node.value = state.read(frame, now))
    node.margin = 0.5 - Math.abs(is - wanted)
    node.truth = truthOf(node.margin, true)
    node.wakeAt = state.wakeAt
  }
  node.deciding = () => ({ signal: { op: 'machineState', ...fields }, value: node.value, limit: wanted })
  return node
}
