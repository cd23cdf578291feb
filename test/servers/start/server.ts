/** A real server, of this process: when this process ends, it ends. */
export interface Server {
  readonly name: string
  /** Host and port. */
  readonly address: string
  /** Of the process that runs, or has run last. */
  readonly pid: number
  /** The path of what it has printed. */
  readonly log: string
  /** Sends a signal (SIGKILL), and waits until the process is gone where the signal ends it. */
  kill(signal?: NodeJS.Signals): Promise<void>
  /** Starts it again on the same port and data, killed before if it still runs; resolves when it answers. */
  restart(): Promise<void>
  /** Ends it, and removes its data. */
  stop(): Promise<void>
}
