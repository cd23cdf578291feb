import { spawn } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { decodeSave } from 'motorwatch/time'
import { expect } from 'vitest'
import type { Moment } from './kill-at.js'
import type { Work } from './worker.js'

const root = join(import.meta.dirname, '../../..')

/** `outside`: another process, this one, kills it, up to 50 ms after it has told that so much is read. */
export interface Kill {
  readonly moment: Moment | 'outside'
  /** Part of the input. */
  readonly after: number
}

interface Ran {
  readonly signal: NodeJS.Signals | null
  readonly progress: number
  /** The number of the first line that it read; absent: it was killed before. */
  readonly first: number | undefined
  /** How far it was ahead of its pace at most, milliseconds; -Infinity where it told nothing. */
  readonly ahead: number
  readonly killed: string | undefined
  readonly done: { readonly ended: boolean; readonly resumed: boolean; readonly batches: number } | undefined
  readonly error: string
}

/** Runs one worker to its end. */
export function work(options: Omit<Work, 'kill'>, kill?: Kill): Promise<Ran> {
  const given: Work = { ...options, ...(kill === undefined || kill.moment === 'outside' ? {} : { kill: { moment: kill.moment, after: kill.after } }) }
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'worker.ts'), JSON.stringify(given)], { cwd: root })
    let progress = 0
    let first: number | undefined
    let ahead = -Infinity
    let killed: string | undefined
    let done: Ran['done']
    let error = ''
    let rest = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        if (line.startsWith('progress ')) progress = Number(line.slice(9))
        if (line.startsWith('first ')) first = Number(line.slice(6))
        if (line.startsWith('ahead ')) ahead = Math.max(ahead, Number(line.slice(6)))
        if (line.startsWith('killed ')) killed = line.slice(7)
        if (line.startsWith('done ')) done = JSON.parse(line.slice(5)) as Ran['done']
      }
      if (kill?.moment !== 'outside' || progress < kill.after || killed !== undefined) return
      killed = 'outside'
      setTimeout(() => child.kill('SIGKILL'), Math.random() * 50)
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => (error += text))
    child.on('error', reject).on('close', (_, signal) => { resolve({ signal, progress, first, ahead, killed, done, error }) })
  })
}

/** A timer may wake a millisecond early. */
const EARLY = 2

/**
 * Runs workers one after the other, each killed and the last one not, and holds that each kill has come in the middle of the run and of what it was meant for,
 * that each run has read on from the checkpoint that it found, and that none was ahead of its pace.
 */
export async function disturbed(options: Omit<Work, 'kill'>, kills: readonly Kill[]): Promise<void> {
  const goOn = async (kill?: Kill): Promise<Ran> => {
    const line = await nextLine(options.dir)
    const ran = await work(options, kill)
    expect(ran.first ?? line, ran.error).toBe(line)
    expect(ran.ahead, ran.error).toBeLessThanOrEqual(EARLY)
    return ran
  }
  for (const kill of kills) {
    const { signal, progress, killed, done, error } = await goOn(kill)
    const what = `${JSON.stringify(kill)}: ${error}`
    expect({ signal, killed, done }, what).toEqual({ signal: 'SIGKILL', killed: kill.moment, done: undefined })
    expect(progress, what).toBeGreaterThanOrEqual(kill.after)
    expect(progress, what).toBeLessThan(1)
    expect(await traces(options.dir), what).toMatchObject(tracesOf[kill.moment])
  }
  expect(await nextLine(options.dir)).toBeGreaterThan(1)
  const last = await goOn()
  expect(last, last.error).toMatchObject({ signal: null, done: { ended: true, resumed: true } })
  expect(last.done?.batches).toBeGreaterThan(0)
  expect(await traces(options.dir)).toEqual({ checkpoint: false, object: false, line: false })
}

/** The line after those that the newest checkpoint has taken in; 1 where there is none, or none of them were. */
async function nextLine(dir: string): Promise<number> {
  const names = await readdir(join(dir, 'checkpoints')).catch(() => [])
  const newest = names.filter((name) => name.endsWith('.save')).sort().at(-1)
  if (newest === undefined) return 1
  const { position } = decodeSave(await readFile(join(dir, 'checkpoints', newest))) as { readonly position?: { readonly line: number } }
  return position?.line ?? 1
}

/** What a kill leaves behind in the middle of a checkpoint, an object or a line: `half`, `whole` or not there. */
const tracesOf: Readonly<Record<Kill['moment'], object>> = {
  'checkpoint half written': { checkpoint: 'half' },
  'checkpoint not yet renamed': { checkpoint: 'whole' },
  'checkpoint just renamed': { checkpoint: false },
  'object half written': { object: 'half' },
  'object not yet renamed': { object: 'whole' },
  'object just renamed': { object: false },
  'line half written': { line: 'half' },
  anywhere: {},
  outside: {},
}

async function traces(dir: string): Promise<Record<'checkpoint' | 'object' | 'line', 'half' | 'whole' | false>> {
  const checkpoints = join(dir, 'checkpoints')
  const names = (await readdir(checkpoints)).sort()
  const newest = names.findLast((name) => name.endsWith('.save'))
  const temporary = names.find((name) => name.endsWith('.tmp'))
  const object = (await readdir(join(dir, 'lake'), { recursive: true })).find((name) => name.endsWith('.tmp'))
  const torn = async (name: string): Promise<boolean> => !/(^|\n)$/.test(await readFile(join(dir, name), 'utf8'))
  const lines = await Promise.all(['alarms.jsonl', 'summaries.jsonl', 'rejected.jsonl'].map(torn))
  return {
    checkpoint: temporary !== undefined && (newest === undefined || temporary > newest) && (await wholeness(join(checkpoints, temporary), isWholeSave)),
    object: object !== undefined && (await wholeness(join(dir, 'lake', object), isWholeParquet)),
    line: lines.includes(true) && 'half',
  }
}

const wholeness = async (path: string, isWhole: (bytes: Buffer) => boolean): Promise<'half' | 'whole'> => (isWhole(await readFile(path)) ? 'whole' : 'half')

/** Parquet ends as it begins. */
const isWholeParquet = (bytes: Buffer): boolean => bytes.subarray(0, 4).toString() === 'PAR1' && bytes.subarray(-4).toString() === 'PAR1'

const isWholeSave = (bytes: Buffer): boolean => {
  try {
    return decodeSave(bytes) !== undefined
  } catch {
    return false
  }
}
