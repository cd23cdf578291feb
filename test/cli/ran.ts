import { Writable } from 'node:stream'
import { main } from '../../src/cli/main.js'

/** What the command says and its exit code, with the folder's name left out. */
export async function ranIn(folder: string, args: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly error: string }> {
  const texts = ['', '']
  const stream = (i: number) => new Writable({ write: (chunk: Buffer, _encoding, done) => { texts[i] += chunk.toString(); done() } })
  const code = await main(args, { stdout: stream(0), stderr: stream(1) })
  const [out, error] = texts.map((text) => text.replaceAll(`${folder}/`, ''))
  return { code, out: out!, error: error! }
}
