import { request } from 'node:http'
import type { ClientRequest } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { AlarmView, Change, EventView, MachineView, PulseView } from '../../src/page/index.js'

/** What a page has been told, folded as a browser does. */
export interface PageEvents {
  readonly pulse: PulseView | undefined
  readonly alarms: readonly AlarmView[]
  readonly machines: readonly MachineView[]
  readonly events: readonly EventView[]
  /** Rejects with `what`, and with what was told last, where it does not come to that in time. */
  until(what: string, is: () => boolean, milliseconds?: number): Promise<void>
  /** As a button does; the status and the words of the answer. */
  post(command: Readonly<Record<string, unknown>>): Promise<readonly [status: number, body: string]>
  close(): void
}

export function pageEvents(url: string): PageEvents {
  const { host, hostname, port } = new URL(url)
  let entries = new Map<string, unknown>()
  const of = <T>(prefix: string): readonly T[] => [...entries].filter(([key]) => key.startsWith(prefix)).map(([, value]) => value as T)
  let rest = ''
  const listening: ClientRequest = request({ hostname, port, path: '/events', agent: false }, (response) => {
    response.setEncoding('utf8').on('data', (chunk: string) => {
      const parts = (rest + chunk).split('\n\n')
      rest = parts.pop()!
      for (const part of parts) {
        const data = /^data: (.*)$/m.exec(part)?.[1]
        if (data === undefined) continue
        const { full, set, drop } = JSON.parse(data) as Change
        if (full === true) entries = new Map()
        for (const [key, value] of Object.entries(set)) entries.set(key, value)
        for (const key of drop) entries.delete(key)
      }
    })
  })
  listening.on('error', () => undefined).end()

  const events: PageEvents = {
    get pulse() { return entries.get('pulse') as PulseView | undefined },
    get alarms() { return of<AlarmView>('alarm ') },
    get machines() { return of<MachineView>('machine ') },
    get events() { return of<EventView>('event ') },
    async until(what, is, milliseconds = 60_000) {
      for (const end = Date.now() + milliseconds; !is(); await sleep(100))
        if (Date.now() > end) throw new Error(`the page has not come to that: ${what}; it has told ${JSON.stringify({ pulse: events.pulse, alarms: events.alarms.map(({ machine, rule, status }) => [machine, rule, status]), machines: events.machines.map(({ id, state, nearest }) => [id, state, nearest?.rule]), events: events.events.length })}`)
    },
    post: (command) => new Promise((resolve, reject) => {
      request({ hostname, port, path: '/commands', method: 'POST', headers: { 'content-type': 'application/json', origin: `http://${host}` }, agent: false }, (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (chunk: string) => { text += chunk }).once('end', () => { resolve([response.statusCode!, text]) })
      }).once('error', reject).end(JSON.stringify(command))
    }),
    close() { listening.destroy() },
  }
  return events
}
