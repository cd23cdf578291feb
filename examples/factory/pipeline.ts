import { adding, announce, monitor, spikes, via } from 'motorwatch'
import type { Announcement, Input, MonitorOptions, Outlook, Output, Pipeline, Rule, Verdict } from 'motorwatch'
import { pipe } from 'rxjs'
import { howMachinesStand } from './how-machines-stand.js'

export interface FactoryOptions extends MonitorOptions {
  /** Watch for sensors that give spikes: sensible where readings come each second or so, and good values do not jump. */
  readonly spikes?: boolean
}

/** The monitor, and behind it stages of our own: how each machine stands, and sensors that give spikes. */
export function factoryPipeline(rules: readonly Rule[], { spikes: watchSpikes = false, ...options }: FactoryOptions): Pipeline<Input, Output | Outlook> {
  const register = { ...(options.machines === undefined ? {} : { machines: options.machines }) }
  return (time) =>
    pipe(
      monitor(rules, options)(time),
      adding(
        ...howMachinesStand(rules, register, time),
        ...(watchSpikes ? [via('reading', pipe(spikes({}, time), announce(spiky, { name: 'announce spikes' }, time)))] : []),
      ),
    )
}

function spiky({ machine, condition, truth }: Verdict): Announcement {
  const sensor = condition.slice(condition.indexOf(' ') + 1)
  return {
    rule: `spikes-${sensor}`,
    severity: 'low',
    class: 'instrument',
    sensor,
    message: `${machine}: ${sensor} ${truth === true ? 'gives single values far off its others: loose contact?' : 'gives no more spikes'}`,
  }
}
