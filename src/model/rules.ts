/**
 * Asks for other rules: these, and no others, are in force from its instant on. It is an input like a reading, and is stamped with the timeline's time on arrival.
 * Answered by `RulesChanged`; where its document is refused, by a `Rejected` that says why, and the rules stay as they are.
 */
export interface Rules {
  readonly kind: 'rules'
  /** Epoch milliseconds of event time; set on arrival. */
  readonly time: number
  /** The JSON document of all rules, `{ "rules": [...] }`, that the codec `rulesCodec` takes: plain data, looked into where it takes effect. */
  readonly rules: unknown
  /** Who asks for it, and why. */
  readonly by?: string
  readonly reason?: string
}
