import { pipe } from 'rxjs'
import type { Input, Nameplate, Output, Verdict } from '../model/index.js'
import { adding, alarms, announce, anomalies, clocks, deadman, fuse, inOrder, instruments, plausible, stuck, tumbling, via } from '../operators/index.js'
import type { Announcement, InOrderOptions } from '../operators/index.js'
import type { Rule } from '../rules/index.js'
import { formatDuration } from '../time/index.js'
import type { Duration, Pipeline } from '../time/index.js'

export interface MonitorOptions extends Partial<InOrderOptions> {
  /** By machine: they widen what its instruments can plausibly show. */
  readonly nameplates?: ReadonlyMap<string, Nameplate>
  /** Of the summaries of each series; left out: 1 minute. */
  readonly window?: Duration
  /** A sensor's last value is unknown after this long; left out: 1 minute. */
  readonly stale?: Duration
  /** A sensor that is not heard of for this long is missing; left out: 2 minutes. */
  readonly silent?: Duration
  /** A sensor that shows the very same value for this long is stuck; left out: 10 minutes. */
  readonly stuck?: Duration
  /** Machines that are missed even where they were never heard of. */
  readonly expect?: readonly string[]
}

/**
 * The assembled motor pipeline, from readings in any order to alarms: order, plausibility, summaries, snapshots, anomalies, and the alarms of the rules,
 * of the instruments, of what is missing or stuck, and of wrong clocks. It is made of the public operators alone; put stages of your own behind it:
 * `(time) => pipe(monitor(rules)(time), adding(mine(time)))`.
 *
 * Lateness is 5 seconds where it is not given, and `ahead` as long as that: so no single wrong stamp makes another reading late.
 */
export function monitor(rules: readonly Rule[], options: MonitorOptions = {}): Pipeline<Input, Output> {
  const { lateness = '5s', ahead = lateness, nameplates, stale = '1m', expect, ...order } = options
  return (time) =>
    pipe(
      inOrder<Input>({ ...order, lateness, ahead }, time),
      plausible<Input>(nameplates === undefined ? {} : { nameplates }),
      adding(
        via('reading', tumbling(options.window ?? '1m', { key: 'series' }, time)),
        via('reading', fuse({ stale }, time)),
        via('reading', anomalies(rules)),
        alarms(rules, { stale }, time),
        via('reading', instruments(rules, {}, time)),
        pipe(deadman(options.silent ?? '2m', { key: 'series' }, time), announce(missing, { name: 'announce missing sensors' }, time)),
        pipe(deadman(options.silent ?? '2m', { key: 'machine', ...(expect === undefined ? {} : { expect }) }, time), announce(silent, { name: 'announce silent machines' }, time)),
        via('reading', pipe(stuck(options.stuck ?? '10m', {}, time), announce(frozen, { name: 'announce stuck sensors' }, time))),
        pipe(clocks({}, time), announce(clock, { name: 'announce clocks' }, time)),
      ),
    )
}

const sensorOf = ({ condition }: Verdict): string => condition.slice(condition.indexOf(' ') + 1)

const missing = (verdict: Verdict): Announcement => {
  const sensor = sensorOf(verdict)
  return {
    rule: `missing-${sensor}`,
    severity: 'low',
    class: 'instrument',
    sensor,
    message: `${verdict.machine}: ${sensor} is ${verdict.truth === true ? 'missing: nothing was heard of it' : 'back'}`,
  }
}

const silent = ({ machine, truth }: Verdict): Announcement => ({
  rule: 'silent',
  severity: 'high',
  class: 'communication',
  message: `${machine} is ${truth === true ? 'silent: nothing was heard of any of its sensors' : 'heard again'}`,
})

const frozen = (verdict: Verdict): Announcement => {
  const sensor = sensorOf(verdict)
  return {
    rule: `stuck-${sensor}`,
    severity: 'low',
    class: 'instrument',
    sensor,
    message: `${verdict.machine}: ${sensor} ${verdict.truth === true ? 'shows the very same value all the time: stuck?' : 'moves again'}`,
  }
}

const clock = ({ machine, truth, margin }: Verdict): Announcement => ({
  rule: 'clock',
  severity: 'medium',
  class: 'communication',
  message:
    truth === true
      ? `${machine}: its clock is wrong by ${formatDuration(Math.abs(margin))} or more (${margin < 0 ? 'behind' : 'ahead'}), and its readings are rejected`
      : `${machine}: its clock is right again`,
})
