import type { Condition } from '../condition.js'
import { conditionText } from '../text.js'
import { TRUTHS, UNKNOWN } from './judgement.js'
import type { Deciding, Explanation, Judgement } from './judgement.js'

/** A judgement to be filled in. Numbers that change stand in its fields: a variable of a closure would be boxed anew each time. */
export type Node = { -readonly [K in keyof Judgement]: Judgement[K] } & { value: number; limit: number; since: number }

/** `parts`: what it is explained by; by itself where it has none. */
export function newNode(condition: Condition, parts: readonly Judgement[], lasting = parts.some((part) => part.lasting)): Node {
  const node: Node = {
    truth: UNKNOWN,
    margin: NaN,
    wakeAt: Infinity,
    value: NaN,
    limit: NaN,
    since: -Infinity,
    lasting,
    judge: () => undefined,
    deciding: () => parts[0]!.deciding(),
    explain: (): Explanation => ({
      condition: conditionText(condition),
      truth: TRUTHS[node.truth]!,
      margin: node.margin,
      ...factsOf(node.deciding(), parts),
    }),
  }
  return node
}

function factsOf({ value, limit, since }: Deciding, parts: readonly Judgement[]): Partial<Explanation> {
  return { ...(parts.length === 0 ? { value, limit } : { parts: parts.map((part) => part.explain()) }), ...(since === undefined ? {} : { since }) }
}
