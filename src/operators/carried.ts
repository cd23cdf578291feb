import type { RuleInForce } from '../rules/exchange.js'
import type { Frame, Judge } from '../rules/index.js'

/** Rules that are ready to be judged, and where in a frame's memory each keeps what it remembers: some of it together with others that began with it. */
export interface Built {
  readonly judged: Judge
  readonly inForce: readonly RuleInForce[]
  readonly memory: readonly (readonly number[])[]
}

/** Which of the rules before each of these was; -1: it is new. */
export const before = (from: Built, to: Built): readonly number[] => to.inForce.map((each) => from.inForce.indexOf(each))

/** A sensor of which nothing is known has the value NaN, and was heard at -Infinity; one that is asked for its silence is silent from the exchange on. */
export function carried(from: Built, to: Built): (frame: Frame, now: number) => Frame {
  const series = to.judged.series.map(({ sensor, birth }) => from.judged.series.findIndex((other) => other.sensor === sensor && other.birth === birth))
  const was = before(from, to)
  return (frame, now) => {
    const next = to.judged.frame(frame.machine, frame.since)
    const heard = frame.since === frame.since
    series.forEach((index, i) => {
      if (index >= 0) {
        next.values[i] = frame.values[index]!
        next.times[i] = frame.times[index]!
      } else if (heard && to.judged.series[i]!.silence) next.times[i] = now
    })
    was.forEach((rule, i) => {
      if (rule < 0) return
      const places = to.memory[i]!
      for (const [n, place] of from.memory[rule]!.entries()) if (frame.memory[place] !== undefined) next.memory[places[n]!] = frame.memory[place]
    })
    return next
  }
}
