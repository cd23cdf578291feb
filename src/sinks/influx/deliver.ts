import type { Answer, Ask } from './connection.js'
import { persist } from './persist.js'
import type { Patience } from './persist.js'
import { wrongTarget } from './target.js'
import type { Target } from './target.js'

/** A line that the server will never take, and why, in its words. */
export interface RefusedLine {
  /** Its place among the lines. */
  readonly index: number
  readonly reason: string
}

/** With 5,000 lines a request InfluxDB is at its fastest. */
const LINES = 5_000

export const writePath = ({ org, bucket }: Target): string =>
  `/api/v2/write?org=${encodeURIComponent(org)}&bucket=${encodeURIComponent(bucket)}&precision=ns`

/**
 * Writes lines. When it has resolved, all of them are on the server's disk, but for those that it returns, in order.
 * What is refused in part is cut in halves until the refused lines stand alone, and all else has been taken with 204: a batch that was refused may be stored in part, or not at all.
 * Rejects where nothing is taken: for a wrong token, org or bucket, and where `patience` ends; the lines may be stored in part then, and writing them again is safe.
 */
export async function deliver(lines: readonly string[], target: Target, ask: Ask, patience: Patience): Promise<readonly RefusedLine[]> {
  const path = writePath(target)
  const send = async (from: number, to: number): Promise<readonly RefusedLine[]> => {
    const count = to - from
    const body = lines.slice(from, to).join('\n')
    const answer = await persist(`taken ${count.toLocaleString('en')} ${count === 1 ? 'line' : 'lines'}`, signal => ask('POST', path, body, signal), patience)
    if (answer.status === 204) return []
    if (!isRefusal(answer)) throw wrongTarget(target, answer)
    if (count === 1 || isRefusedWhole(answer, count)) {
      const reason = answer.message === '' ? `status ${answer.status}` : answer.message
      return Array.from({ length: count }, (_, i) => ({ index: from + i, reason }))
    }
    const middle = from + Math.ceil(count / 2)
    return [...await send(from, middle), ...await send(middle, to)]
  }
  const refused: RefusedLine[] = []
  for (let from = 0; from < lines.length; from += LINES) for (const one of await send(from, Math.min(from + LINES, lines.length))) refused.push(one)
  return refused
}

/** 413: too large, which half of it may not be. */
const isRefusal = ({ status }: Answer): boolean => status === 400 || status === 413 || status === 422

/** It counts what it has left out of what it could read: where that is all, no half would fare better. */
const isRefusedWhole = ({ status, message }: Answer, count: number): boolean => status === 422 && Number(/\bdropped=(\d+)/.exec(message)?.[1]) === count
