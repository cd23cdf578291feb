import { adding, anomalies, inOrder, nameplatesOf, plausible, via } from 'motorwatch'
import type { Input, InOrderOptions, Machines, Outlook, Output, Pipeline, Rule } from 'motorwatch'
import { pipe } from 'rxjs'
import { howMachinesStand } from './how-machines-stand.js'

/** For a page whose alarms are made elsewhere: what `factoryPipeline` makes of readings, without alarms and summaries. */
export const watchedPipeline = (rules: readonly Rule[], { machines, ...order }: Pick<InOrderOptions, 'source' | 'sources'> & { readonly machines?: Machines }): Pipeline<Input, Output | Outlook> => {
  const register = machines === undefined ? {} : { machines }
  return (time) => pipe(
    inOrder<Input>({ ...order, lateness: '5s', ahead: '5s' }, time),
    plausible<Input>(machines === undefined ? {} : { nameplates: nameplatesOf(machines) }),
    adding(via('reading', anomalies(rules, register, time)), ...howMachinesStand(rules, register, time)),
  )
}
