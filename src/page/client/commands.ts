import type { AskedView, EventView } from '../view.js'
import { askWho } from './who.js'
import { say } from './words.js'

type Asked = Omit<AskedView, 'by'> & { readonly for?: number }
type Tell = (text: string, how: 'waiting' | 'done' | 'refused') => void

interface Waiting {
  readonly asked: AskedView
  /** The newest event that was there before it was asked. */
  readonly after: number
  readonly tell: Tell
  readonly until: number
}

const PATIENCE = 60_000
let waiting: Waiting[] = []
let newest = 0

/** Asks the pipeline for something, and tells beside the button what has come of it. */
export async function ask(asked: Asked, tell: Tell): Promise<void> {
  const by = await askWho()
  if (by === undefined) return
  const after = newest
  tell(say('asked'), 'waiting')
  const mine: Waiting = { asked: { ...asked, by }, after, tell, until: performance.now() + PATIENCE }
  waiting.push(mine)
  const fail = (why: string): void => {
    waiting = waiting.filter((each) => each !== mine)
    tell(say('notSent', { why }), 'refused')
  }
  try {
    const response = await fetch('/commands', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ ...asked, by }) })
    if (!response.ok) fail(((await response.json()) as { readonly error?: string }).error ?? String(response.status))
  } catch {
    fail(say('lost'))
  }
}

/** Looks for answers among what has happened. */
export function hearAnswers(events: readonly EventView[]): void {
  newest = events[0]?.n ?? 0
  const now = performance.now()
  for (const each of [...waiting]) {
    const answer = events.find((event) => event.is === 'answer' && event.n > each.after && isOf(event.command, each.asked))
    if (answer?.is === 'answer') each.tell(answer.accepted ? say('done') : say('refused', { why: answer.reason ?? '' }), answer.accepted ? 'done' : 'refused')
    else if (now > each.until) each.tell(say('noAnswer'), 'waiting')
    else continue
    waiting = waiting.filter((other) => other !== each)
  }
}

const isOf = (answered: AskedView, asked: AskedView): boolean =>
  answered.name === asked.name && answered.by === asked.by && answered.machine === asked.machine && answered.rule === asked.rule && answered.occurrence === asked.occurrence
