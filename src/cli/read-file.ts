import { readFileSync } from 'node:fs'
import { wrongUse } from './wrong-use.js'

/** The text of a file that was named as an argument. */
export function readFile(path: string, what: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw wrongUse(`${path}: ${code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : message}; expected ${what}`)
  }
}
