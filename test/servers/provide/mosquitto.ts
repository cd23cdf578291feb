import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { notFound } from './run-tool.js'

/** Where Debian puts it, which is in the path of root alone: looked at only where there is a path at all. */
const SYSTEM = '/usr/sbin'

/** @returns the program, which is that of the system: no package registry has it */
export async function provideMosquitto(): Promise<string> {
  const path = (process.env['PATH'] ?? '').split(delimiter)
  const folders = path.some((folder) => folder === '/usr/bin') ? [...path, SYSTEM] : path
  const found = folders.map((folder) => join(folder, 'mosquitto')).find((file) => existsSync(file))
  if (found === undefined) throw notFound('mosquitto')
  return found
}
