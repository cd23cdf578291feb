import { keyed, outlook, running, sideBySide, starting, stopped, thresholdBehaviour, via } from 'motorwatch'
import type { Item, Machines, Outlook, Reading, Rule, Timeline, Verdict } from 'motorwatch'
import { stateVerdicts } from 'motorwatch/page'
import type { OperatorFunction } from 'rxjs'

/** How each machine stands, as stages for `adding`: how near it is to its nearest limit, and whether it runs. */
export function howMachinesStand(rules: readonly Rule[], register: { readonly machines?: Machines }, time: Timeline): readonly [OperatorFunction<Item, Outlook>, OperatorFunction<Item, Verdict>] {
  const process = rules.filter((rule) => rule.class !== 'instrument' && rule.class !== 'environment')
  const states = sideBySide<Reading, Verdict>(
    thresholdBehaviour(running(), { ...register, name: stateVerdicts.running }),
    thresholdBehaviour(starting(), { ...register, name: stateVerdicts.starting }),
    thresholdBehaviour(stopped(), { ...register, name: stateVerdicts.stopped }),
  )
  return [via('reading', outlook(process, register, time)), via('reading', keyed(states, { key: 'machine', name: 'machine states' }, time))]
}
