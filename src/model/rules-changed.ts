/** Other rules are in force from `time` on. Told too where they are the same as before. */
export interface RulesChanged {
  readonly kind: 'rules-changed'
  /** Epoch milliseconds. */
  readonly time: number
  /** Ids of rules that were not there before, in the order of the new rules. */
  readonly added: readonly string[]
  /** Ids of rules that are there no more, in the order of those before. */
  readonly removed: readonly string[]
  /** Ids that were there before, of rules that say something else now; in the order of the new rules. */
  readonly changed: readonly string[]
  readonly unchanged: readonly string[]
  /** Who asked for it, and why. */
  readonly by?: string
  readonly reason?: string
}
