import { from, pipe } from 'rxjs'
import type { OperatorFunction } from 'rxjs'
import type { Input, Item, Reading, Tick } from '../model/index.js'
import { inOrder } from '../operators/index.js'
import { eventTime } from '../time/index.js'
import type { Timeline } from '../time/index.js'

/** All that an operator makes of inputs in order of time, up to the end of the last instant. Throws what it throws. */
export function replay<Out>(operator: (time: Timeline) => OperatorFunction<Item, Out>, inputs: readonly (Reading | Tick)[]): readonly Out[] {
  const outputs: Out[] = []
  let failure: { readonly error: unknown } | undefined
  from(inputs)
    .pipe(eventTime<Input, Out>((time) => pipe(inOrder<Input>({ lateness: 0 }, time), operator(time))))
    .subscribe({
      next: (output) => {
        outputs.push(output)
      },
      error: (error: unknown) => {
        failure = { error }
      },
    })
  if (failure !== undefined) throw failure.error
  return outputs
}
