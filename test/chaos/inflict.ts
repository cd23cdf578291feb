import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from './faults.js'
import type { Member, Site } from './site.js'
import type { Workers } from '../servers/kafka/workers.js'

export const WORKERS = 3

/** Does it, and makes it good again. Resolves to what it did, in words. */
export async function inflict({ what, to, which, during }: Fault, { members }: Site, workers: Workers): Promise<string> {
  if (to === 'worker') {
    const one = which % WORKERS
    if (what === 'kill') {
      await workers.kill(one)
      await sleep(during / 4)
      workers.start(one)
    } else {
      workers.pause(one)
      await sleep(during)
      workers.goOn(one)
    }
    return `${what} worker ${one + 1}`
  }
  const those = members.filter(({ is }) => is === to)
  const member = those[which % those.length]!
  await (what === 'kill' || what === 'pause' ? onServer(what, member, during) : onNetwork(what, member, during))
  return `${what} ${member.name}`
}

async function onServer(what: 'kill' | 'pause', { server }: Member, during: number): Promise<void> {
  if (what === 'kill') {
    await server.kill('SIGKILL')
    await sleep(during)
    await server.restart()
  } else {
    await server.kill('SIGSTOP')
    await sleep(during)
    await server.kill('SIGCONT')
  }
}

async function onNetwork(what: Exclude<Fault['what'], 'kill' | 'pause'>, { proxy }: Member, during: number): Promise<void> {
  const { listen, upstream } = proxy
  if (what === 'cut') {
    await proxy.update({ enabled: false, listen, upstream })
    await sleep(during)
    await proxy.update({ enabled: true, listen, upstream })
    return
  }
  const toxic = await proxy.addToxic(what === 'slow'
    ? { type: 'latency', name: 'slow', stream: 'downstream', toxicity: 1, attributes: { latency: 400, jitter: 300 } }
    : { type: 'reset_peer', name: 'reset', stream: 'downstream', toxicity: 1, attributes: { timeout: 50 } })
  await sleep(during)
  await toxic.remove()
}
