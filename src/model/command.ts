export type CommandName = 'acknowledge' | 'shelve' | 'unshelve' | 'reset' | 'remove-from-service' | 'return-to-service' | 'relearn'

/**
 * What an operator asks for: of one alarm (`occurrence`, or `rule` and `machine`), of all of a machine, or of all of an area.
 * `relearn`, as after a repair: the detectors of the rules meant forget what they have learned of the machine, and what stands under them is closed.
 * It is an input like a reading, and is stamped with the timeline's time on arrival. Each is answered: see `Answer`.
 */
export interface Command {
  readonly kind: 'command'
  /** Epoch milliseconds of event time; set on arrival. */
  readonly time: number
  readonly name: CommandName
  readonly machine?: string
  /** All machines of this area. */
  readonly area?: string
  readonly rule?: string
  /** The occurrence of the alarm that is meant. */
  readonly occurrence?: string
  readonly by: string
  readonly why?: string
  /** Of `shelve`: epoch milliseconds. */
  readonly until?: number
}
