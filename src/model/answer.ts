import type { Command } from './command.js'

/** What has come of a command, one for each machine that it concerns. None is passed over in silence. */
export interface Answer {
  readonly kind: 'answer'
  /** Epoch milliseconds. */
  readonly time: number
  /** Absent: the command names none that is known. */
  readonly machine?: string
  /** As it was asked; its `machine` is filled in where it named an occurrence or an area. */
  readonly command: Command
  /** Done for at least one of the alarms that are meant. */
  readonly accepted: boolean
  /** Why not, in plain words. */
  readonly reason?: string
  /** The ids of the transitions that it has caused. */
  readonly transitions: readonly string[]
}
