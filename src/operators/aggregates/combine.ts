import type { Aggregate } from './aggregate.js'

/**
 * Several aggregates in one pass; the result has their results by name.
 *
 * @example
 * combine({ readings: count(), p95: quantile(0.95), perSecond: slope() })
 */
export function combine<In, Results extends object>(
  parts: { readonly [Name in keyof Results]: Aggregate<In, unknown, Results[Name]> },
): Aggregate<In, unknown[], Results> {
  const names = Object.keys(parts)
  const aggregates = Object.values<Aggregate<In, unknown, unknown>>(parts)
  return {
    start: () => aggregates.map((aggregate) => aggregate.start()),
    add(state, item, time) {
      for (let i = 0; i < aggregates.length; i++) aggregates[i]!.add(state[i], item, time)
    },
    merge(into, from) {
      for (let i = 0; i < aggregates.length; i++) aggregates[i]!.merge(into[i], from[i])
    },
    result: (state) => Object.fromEntries(names.map((name, i) => [name, aggregates[i]!.result(state[i])])) as Results,
  }
}
