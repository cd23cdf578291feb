import type { Command } from '../../model/index.js'

/** Where the commands of operators wait until a pipeline takes them in, in the order in which they came. */
export interface Inbox {
  /** Resolves when it is safe; rejects where it could not be kept, and then it is not handed over. */
  put(command: Command): Promise<void>
  /** Those behind the first `n`. */
  behind(n: number): readonly Command[]
  /** Calls back whenever another one has come, until the function that is returned is called. */
  onPut(listener: () => void): () => void
}

/** Of this process alone: commands are gone with it. A run that goes on by a checkpoint of another process counts on from there. */
export function memoryInbox(): Inbox {
  const commands: Command[] = []
  const listeners = new Set<() => void>()
  let before: number | undefined
  return {
    async put(command) {
      commands.push(command)
      for (const listener of listeners) listener()
    },
    behind(n) {
      // What an earlier process has handed over is not here.
      before ??= n
      return commands.slice(n - before)
    },
    onPut(listener) {
      listeners.add(listener)
      return () => { listeners.delete(listener) }
    },
  }
}
