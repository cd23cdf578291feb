import * as E from 'fp-ts/lib/Either.js'
import { open, readFile } from 'node:fs/promises'
import { CommandCodec } from '../../model/index.js'
import type { Command } from '../../model/index.js'
import { memoryInbox } from './inbox.js'
import type { Inbox } from './inbox.js'

/**
 * An inbox in a file of JSON lines: a command is on the disk before `put` resolves, and is there after a kill. A last line without its end was never answered, and is cut off.
 * Rejects where a line is no command: nothing is passed over.
 */
export async function fileInbox(path: string): Promise<Inbox & { close(): Promise<void> }> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  const kept = memoryInbox()
  kept.behind(0)
  for (const [i, line] of whole.split('\n').slice(0, -1).entries()) await kept.put(decoded(line, `${path}:${i + 1}`))
  const file = await open(path, 'a')
  await file.truncate(Buffer.byteLength(whole))
  let last: Promise<unknown> = Promise.resolve()
  let length = Buffer.byteLength(whole)

  const append = async (command: Command): Promise<void> => {
    const line = Buffer.from(`${JSON.stringify(CommandCodec.encode(command))}\n`)
    try {
      await file.appendFile(line)
      await file.sync()
    } catch (error) {
      // Half of a line, or one that was refused, must not stand in front of the next.
      await file.truncate(length).catch(() => undefined)
      throw error
    }
    length += line.length
    await kept.put(command)
  }
  return {
    ...kept,
    put(command) {
      const done = last.then(() => append(command))
      last = done.catch(() => undefined)
      return done
    },
    async close() {
      await last
      await file.close()
    },
  }
}

function decoded(line: string, where: string): Command {
  const result = E.tryCatch(() => JSON.parse(line) as unknown, () => 'it is no JSON')
  const command = E.isRight(result) ? CommandCodec.decode(result.right) : undefined
  if (command === undefined || E.isLeft(command)) throw new Error(`inbox of commands: ${where} is no command of ours: mend the line, or take it out`)
  return command.right
}
