import { randomBytes } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import type { Change } from './view.js'

export interface FeedOptions {
  /** The whole state, and what has changed since this was asked. */
  readonly all: () => Readonly<Record<string, unknown>>
  readonly changes: () => Omit<Change, 'full'>
  /** Milliseconds after which a connection is closed that has taken nothing of what waits for it; left out: a minute. */
  readonly silence?: number
}

/** Server-sent events to any number of pages, in the same order for all. */
export interface Feed {
  /** Sends what has changed. A page that is slow gets nothing now, and the whole state once it has caught up: what waits for it is bounded, however long it takes. */
  flush(): void
  /** `lastId`: of the last event that the page has had; where that is remembered it gets what came behind it, else the whole state. One that has gone silent is closed: a browser that is awake again comes back by itself. */
  join(response: ServerResponse, lastId: string | undefined): void
  readonly pages: number
  close(): void
}

/** What is remembered for pages that come back, and how much may wait in a socket, bytes. */
const REMEMBERED = { events: 600, bytes: 4_000_000 }
const SLOW = 1_000_000
const SILENCE = 60_000

interface Page {
  readonly response: ServerResponse
  behind: boolean
}

export function feed({ all, changes, silence = SILENCE }: FeedOptions): Feed {
  /** Numbers of another server, or of this one before it was started again, mean nothing here. */
  const epoch = randomBytes(6).toString('hex')
  const pages = new Set<Page>()
  let ring: { readonly n: number; readonly text: string }[] = []
  let bytes = 0
  let n = 0

  const event = (number: number, change: unknown): string => `id: ${epoch}-${number}\ndata: ${JSON.stringify(change)}\n\n`
  const whole = (page: Page): void => {
    page.behind = false
    page.response.write(event(n, { full: true, set: all(), drop: [] } satisfies Change))
  }

  const flush = (): void => {
    const { set, drop } = changes()
    n++
    const text = event(n, { set, drop } satisfies Change)
    ring.push({ n, text })
    bytes += text.length
    let forgotten = 0
    while (ring.length - forgotten > REMEMBERED.events || bytes > REMEMBERED.bytes) bytes -= ring[forgotten++]!.text.length
    if (forgotten > 0) ring = ring.slice(forgotten)
    for (const page of pages) {
      const waiting = page.response.writableLength
      if (page.behind) {
        if (waiting === 0) whole(page)
      } else if (waiting > SLOW) page.behind = true
      else page.response.write(text)
    }
  }

  return {
    flush,
    join(response, lastId) {
      flush()
      const page: Page = { response, behind: false }
      pages.add(page)
      response.on('close', () => { pages.delete(page) }).setTimeout(silence)
      const [from, number] = lastId?.split('-') ?? []
      const last = from === epoch && /^\d+$/.test(number ?? '') ? Number(number) : NaN
      const first = ring[0]?.n ?? Infinity
      response.write('retry: 1000\n\n')
      if (last >= first - 1 && last <= n) for (const each of ring) { if (each.n > last) response.write(each.text) }
      else whole(page)
    },
    get pages() {
      return pages.size
    },
    close() {
      for (const { response } of pages) response.end()
      pages.clear()
    },
  }
}
