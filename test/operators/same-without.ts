import { expect } from 'vitest'
import type { Input, Reading } from '../../src/model/index.js'
import { keyed, via } from '../../src/operators/index.js'
import type { Behaviour, Key } from '../../src/operators/index.js'
import { outputsOf } from './small-streams.js'

/** That a key is forgotten (`idle`), or never made (`indifferent`), must not be seen in what comes out. */
export const sameWithout = <Out, State extends { wakeAt: number }>(
  part: 'idle' | 'indifferent', behaviour: Behaviour<Reading, Out, State>, key: Key<Reading>, inputs: readonly Input[],
): void => {
  const { [part]: removed, ...without } = behaviour
  if (removed === undefined) return
  const outputs = (each: Behaviour<Reading, Out, State>): readonly Out[] => outputsOf((time) => via('reading', keyed(each, { key }, time)), inputs)
  expect(outputs(behaviour)).toEqual(outputs(without))
}
