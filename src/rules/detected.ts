import { detectors, parametersOf } from '../detectors/index.js'
import type { Detector, DetectorFacts } from '../detectors/index.js'
import type { Duration } from '../time/index.js'
import { checkedDuration } from './checks.js'
import type { Condition } from './condition.js'
import type { Detected, Signal } from './signal.js'

export interface DetectedOptions<P extends string = string> {
  /** Of each period it is given one sample: the mean over it, weighted by time. */
  readonly every: Duration
  /** Those of its parameters that are not its defaults. */
  readonly params?: Partial<Readonly<Record<P, number>>>
  /** Samples are taken only while this is known to hold, such as `running()`; left out: always. */
  readonly while?: Condition
  /** It learns only from periods all through which this is known to hold; left out: from every sample. Other samples are judged. */
  readonly learn?: Condition
}

/**
 * The score of a detector over signals: 1 at its limit, unknown while it learns and where there is nothing to be judged. `above(detected(wearChart, 'vibration_rotor', { every: '10m', while: running() }), 1)` is a condition.
 * Periods begin at whole multiples of `every`; of a period less than half of which is known there is no sample.
 * Throws a `RangeError` for a parameter that the detector does not have or take, and a number of signals that it does not take.
 *
 * @example
 * import { wearChart } from 'motorwatch/detectors'
 *
 * rule({ id: 'bearing', when: above(detected(wearChart, 'vibration_rotor', { every: '10m', while: running() }), 1), message: '{machine} wears: {reason}' })
 */
export function detected<P extends string>(detector: DetectorFacts<P>, of: Signal | readonly Signal[], { every, params, while: whileHolds, learn }: DetectedOptions<P>): Detected {
  const signal: Detected = {
    op: 'detector', name: detector.name, of: Array.isArray(of) ? (of as readonly Signal[]) : [of as Signal], every: checkedDuration(every),
    ...(params === undefined ? {} : { params: params as Readonly<Record<string, number>> }), ...(whileHolds === undefined ? {} : { while: whileHolds }), ...(learn === undefined ? {} : { learn }),
  }
  const wrong = wrongDetector(signal)
  if (wrong !== undefined) throw new RangeError(wrong.message)
  return signal
}

export function detectorOf({ name }: Pick<Detected, 'name'>): Detector {
  const detector = detectors.get(name)
  if (detector === undefined) throw new RangeError(`there is no detector '${name}': expected one of ${[...detectors.keys()].join(', ')}`)
  return detector
}

/** What is wrong with the parameters, or with how many signals there are. */
export function wrongDetector(signal: Detected): { readonly field: 'params' | 'of'; readonly message: string } | undefined {
  const detector = detectorOf(signal)
  const [least, most] = detector.inputs
  const count = signal.of.length
  if (count < least || count > most) return { field: 'of', message: `${detector.name} takes ${least === most ? least : `${least} to ${most}`} ${most === 1 ? 'signal' : 'signals'}, not ${count}` }
  try {
    parametersOf(detector, signal.params)
    return undefined
  } catch (error) {
    return { field: 'params', message: error instanceof Error ? error.message : String(error) }
  }
}
