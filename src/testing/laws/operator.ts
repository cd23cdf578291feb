import type { OperatorFunction } from 'rxjs'
import type { Input } from '../../model/index.js'
import type { InOrderOptions } from '../../operators/index.js'
import type { Timeline } from '../../time/index.js'

/** What a law is held against: an operator of yours, made for the timeline that it is handed, as `(time) => tumbling('1m', { key: 'series' }, time)`. */
export type OperatorUnderTest<Out> = (time: Timeline) => OperatorFunction<Input, Out>

/** What stands in front of the operator: `inOrder` with these options; `'own'` where what is tested holds an `inOrder` itself, as a whole pipeline does. */
export type Edge = InOrderOptions | 'own'

export const standardEdge: Edge = { lateness: '5s' }
