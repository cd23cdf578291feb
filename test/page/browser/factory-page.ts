import { above, adding, below, heldFor, keyed, machines, monitor, rule, run, running, sideBySide, starting, stopped, thresholdBehaviour, via } from 'motorwatch'
import type { Input, Item, Output, Pipeline, Reading, Source, Verdict } from 'motorwatch'
import { pageSink, plant, servePage, stateVerdicts } from 'motorwatch/page'
import type { Page, PageOptions } from 'motorwatch/page'
import { memoryInbox, withCommands } from 'motorwatch/sources/commands'
import { simulatedMachines, simulatedNameplate, simulator } from 'motorwatch/sources/simulator'
import type { FaultPlan } from 'motorwatch/sources/simulator'
import { pipe } from 'rxjs'

export interface FactoryPage {
  readonly page: Page
  readonly seen: PageOptions['plant']
  /** The run: it goes on until it is stopped. */
  stop(): Promise<void>
}

/** A simulated factory of three, whose voltage and current have limits that they are beyond all day, and one bearing that wears: as the page sees it. */
export async function factoryPage(options: Partial<PageOptions> = {}, { speed = 30, faults = [] }: { readonly speed?: number; readonly faults?: readonly FaultPlan[] } = {}): Promise<FactoryPage> {
  const simulated = simulatedMachines(3, 1)
  const register = machines(...simulated.map((machine) => ({ id: machine.id, nameplate: simulatedNameplate(machine) })))
  const ids = simulated.map(({ id }) => id)
  const rules = [
    rule({ id: 'voltage-present', severity: 'medium', machines: [ids[0]!], when: heldFor('5s', above('voltage', 300)) }),
    rule({ id: 'winding-warm', severity: 'high', machines: [ids[1]!], when: above('temperature_coil', 1), latched: true }),
    rule({ id: 'too-dry', severity: 'low', machines: [ids[2]!], when: below('humidity_env', 99) }),
  ]
  const states = sideBySide<Reading, Verdict>(...([[running(), stateVerdicts.running], [starting(), stateVerdicts.starting], [stopped(), stateVerdicts.stopped]] as const).map(([condition, name]) => thresholdBehaviour(condition, { machines: register, name })))
  const pipeline: Pipeline<Input, Output> = (time) => pipe(monitor(rules, { machines: register })(time), adding(via('reading', keyed(states, { key: 'machine', name: 'states' }, time))))
  const seen = plant({ rules, machines: register })
  const inbox = memoryInbox()
  const page = await servePage({ plant: seen, about: { title: 'test factory', mode: 'simulation', speed, zone: 'Asia/Jakarta' }, port: 0, command: (command) => inbox.put(command), ...options })
  const stop = new AbortController()
  const done = run<Input, Output>({
    source: withCommands(simulator({ machines: simulated, seed: 1, faults, speed }) as Source<Item> as Source<Input>, inbox), pipeline, sinks: [pageSink(seen)], signal: stop.signal, onBatch: (batch) => { seen.batch(batch) },
  })
  return {
    page, seen,
    async stop() {
      stop.abort()
      await done
      await page.close()
    },
  }
}
