import type { Aggregate } from './aggregate.js'

/** Aggregates by name, told by what does not mention the item: named here, it would be taken for that of the parts. */
type Parts = Readonly<Record<string, Pick<Aggregate<never, unknown, unknown>, 'start'>>>

/** What all parts can be given. */
type ItemOf<P extends Parts> =
  { [Name in keyof P]: P[Name] extends Aggregate<infer In, unknown, unknown> ? (item: In) => void : never }[keyof P] extends (item: infer All) => void ? All : never

type ResultsOf<P extends Parts> = { readonly [Name in keyof P]: P[Name] extends Aggregate<never, unknown, infer Result> ? Result : never }

/**
 * Several aggregates in one pass; the result has their results by name.
 *
 * @example
 * combine({ readings: count(), p95: quantile(0.95), perSecond: slope() })
 */
export function combine<P extends Parts>(parts: P): Aggregate<ItemOf<P>, unknown[], ResultsOf<P>> {
  const names = Object.keys(parts)
  const aggregates = Object.values<unknown>(parts) as readonly Aggregate<ItemOf<P>, unknown, unknown>[]
  return {
    start: () => aggregates.map((aggregate) => aggregate.start()),
    add(state, item, time) {
      for (let i = 0; i < aggregates.length; i++) aggregates[i]!.add(state[i], item, time)
    },
    merge(into, from) {
      for (let i = 0; i < aggregates.length; i++) aggregates[i]!.merge(into[i], from[i])
    },
    result: (state) => Object.fromEntries(names.map((name, i) => [name, aggregates[i]!.result(state[i])])) as ResultsOf<P>,
  }
}
