import { adding, announce, keyed, monitor, outlook, running, sideBySide, spikes, starting, stopped, thresholdBehaviour, via } from 'motorwatch'
import type { Announcement, Input, MonitorOptions, Outlook, Output, Pipeline, Reading, Rule, Verdict } from 'motorwatch'
import { stateVerdicts } from 'motorwatch/page'
import { pipe } from 'rxjs'

export interface FactoryOptions extends MonitorOptions {
  /** Watch for sensors that give spikes: sensible where readings come each second or so, and good values do not jump. */
  readonly spikes?: boolean
}

/** The monitor, and behind it stages of our own: how each machine stands, and sensors that give spikes. */
export function factoryPipeline(rules: readonly Rule[], { spikes: watchSpikes = false, ...options }: FactoryOptions): Pipeline<Input, Output | Outlook> {
  const process = rules.filter((rule) => rule.class !== 'instrument' && rule.class !== 'environment')
  const register = { ...(options.machines === undefined ? {} : { machines: options.machines }) }
  const states = sideBySide<Reading, Verdict>(
    thresholdBehaviour(running(), { ...register, name: stateVerdicts.running }),
    thresholdBehaviour(starting(), { ...register, name: stateVerdicts.starting }),
    thresholdBehaviour(stopped(), { ...register, name: stateVerdicts.stopped }),
  )
  return (time) =>
    pipe(
      monitor(rules, options)(time),
      adding(
        via('reading', outlook(process, register, time)),
        via('reading', keyed(states, { key: 'machine', name: 'machine states' }, time)),
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
