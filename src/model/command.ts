export type CommandName = 'acknowledge' | 'shelve' | 'unshelve' | 'reset' | 'remove-from-service' | 'return-to-service'

/** What an operator asks for. It is an input like a reading, and is stamped with the timeline's time on arrival. */
export interface Command {
  readonly kind: 'command'
  /** Epoch milliseconds of event time; set on arrival. */
  readonly time: number
  readonly name: CommandName
  readonly machine?: string
  readonly rule?: string
  /** The occurrence of the alarm that is meant. */
  readonly occurrence?: string
  readonly by: string
  readonly why?: string
  /** Epoch milliseconds. */
  readonly until?: number
}
