import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { parametersOf } from '../../src/detectors/index.js'
import type { Detector } from '../../src/detectors/index.js'
import { decodeSave, encodeSave } from '../../src/model/save.js'
import { autoregressive } from './gaussian.js'
import { random } from '../random.js'

type Values = readonly number[]

/** Numbers of one machine, one after the other; what comes is the same for the same seed. */
export type Samples = (seed: number) => () => Values

export interface Conforming<State> {
  readonly detector: Detector<string, State>
  /** With which the warm-up is over after 200 samples. */
  readonly params?: Readonly<Record<string, number>>
  /** Left out: `wild` ones, for as many inputs as it must have. */
  readonly samples?: Samples
  /** What it has learned; where it learns nothing, but looks back over samples, why. */
  readonly reference: ((state: State) => unknown) | string
  /** Scores stay as they are when all inputs are changed so; else why not. */
  readonly shift: true | string
  readonly scale: true | string
  /** Also goes by samples that are missing. */
  readonly hearsMissing?: true
}

/** A conforming detector, its state's type seen to. */
export const conforming = <P extends string, State>(detector: Detector<P, State>, of: Omit<Conforming<State>, 'detector'>): Conforming<unknown> =>
  ({ ...of, detector }) as unknown as Conforming<unknown>

/** Autocorrelated and correlated, with a step, spikes and a stretch that stands still. */
export const wild = (inputs: number): Samples => (seed) => {
  const common = autoregressive(0.7, seed)
  const own = Array.from({ length: inputs }, (_, i) => autoregressive(0.3, seed + 1 + i))
  const spikes = Math.floor(97 * random(seed)())
  let i = 0
  let before: Values = []
  return () => {
    const shared = common()
    const values = own.map((next, j) => 20 + (j + 1) * (shared + 0.5 * next()) + (i > 450 ? 2 : 0) + (i % 97 === spikes ? 30 : 0))
    if (i % 400 < 365) before = values
    i += 1
    return before
  }
}

const LENGTH = 700
const PERIOD = 10_000

export function conform(of: Conforming<unknown>): void {
  const { detector, reference, shift, scale, hearsMissing } = of
  const params = parametersOf(detector, of.params)
  const inputs = detector.inputs[0]
  const samplesOf = of.samples ?? wild(inputs)
  const start = (): unknown => detector.start(params, inputs)
  const drawn = (seed: number, length = LENGTH): readonly Values[] => ((next) => Array.from({ length }, () => next()))(samplesOf(seed))
  const scores = (samples: readonly Values[], state = start(), from = 0, learned: readonly boolean[] = []): readonly number[] =>
    samples.map((values, i) => detector.next(state, values, (from + i) * PERIOD, learned[i] ?? true, params))
  const missing = new Array<number>(inputs).fill(NaN)

  const seed = fc.integer({ min: 0, max: 1e9 })
  const cut = fc.integer({ min: 0, max: LENGTH })
  const several = { numRuns: 20 }

  describe(detector.name, () => {
    test('its defaults are within their bounds, and its docs say what it sees, misses and costs, and where it is from', () => {
      expect(parametersOf(detector, Object.fromEntries(Object.entries(detector.parameters).map(([key, parameter]) => [key, parameter.default])))).toEqual(parametersOf(detector))
      for (const text of [detector.sees, detector.misses, detector.falseAlarms, detector.source, ...Object.values(detector.parameters).flatMap(({ unit, about }) => [unit, about])]) expect(text).toMatch(/\S/)
      expect(detector.falseAlarms).not.toContain('TBD')
    })

    property.prop([seed], several)('scores are known after the warm-up, never below 0, and some of them differ', (n) => {
      const after = scores(drawn(n)).slice(200)
      expect(after.some((score) => score === score)).toBe(true)
      expect(after.every((score) => !(score < 0))).toBe(true)
      expect(new Set(after).size).toBeGreaterThan(1)
    })

    property.prop([seed, seed, cut], several)('the score of a sample hangs on it and on those before it', (n, other, at) => {
      const samples = drawn(n)
      const changed = [...samples.slice(0, at), ...drawn(other).slice(at)]
      expect(scores(changed).slice(0, at)).toEqual(scores(samples).slice(0, at))
    })

    property.prop([seed, cut], several)('saved and restored anywhere it goes on as if it had not been', (n, at) => {
      const samples = drawn(n)
      const before = start()
      const first = scores(samples.slice(0, at), before)
      const restored = decodeSave(encodeSave(before))
      expect(restored).toEqual(before)
      expect([...first, ...scores(samples.slice(at), restored, at)]).toEqual(scores(samples))
    })

    property.prop([seed, fc.double({ min: -1000, max: 1000, noNaN: true }), fc.double({ min: 0.01, max: 1000, noNaN: true })], several)(
      `${shift === true ? 'shifted' : 'not shifted'} and ${scale === true ? 'scaled' : 'not scaled'}, samples score the same`, (n, by, times) => {
        const one = scores(drawn(n))
        const changed = scores(drawn(n).map((values) => values.map((x) => (scale === true ? times : 1) * (x + (shift === true ? by : 0)))))
        for (const [i, score] of changed.entries()) {
          if (Number.isFinite(one[i]!) && one[i]! !== 0) expect(Math.abs(score / one[i]! - 1)).toBeLessThan(1e-5)
          else if (one[i] === 0) expect(Math.abs(score)).toBeLessThan(1e-5)
          else expect(score).toBe(one[i])
        }
      })

    for (const [how, why] of [['shift', shift], ['scale', scale]] as const) if (why !== true) test(`it is not indifferent to ${how}: ${why}`, () => { expect(why).toMatch(/\S/) })

    if (hearsMissing !== true)
      property.prop([seed, cut, fc.integer({ min: 0, max: inputs - 1 })], several)('a sample in which a value is missing is passed over', (n, at, gone) => {
        const state = start()
        scores(drawn(n).slice(0, at), state)
        const before = encodeSave(state)
        for (const values of [missing, drawn(n + 1, 1)[0]!.map((x, i) => (i === gone ? NaN : x))]) expect(detector.next(state, values, at * PERIOD, true, params)).toBeNaN()
        expect(encodeSave(state)).toEqual(before)
      })

    if (typeof reference === 'string') test(`it learns nothing: ${reference}`, () => { expect(reference).toMatch(/\S/) })
    else {
      const spans = fc.array(fc.tuple(cut, fc.integer({ min: 1, max: 60 })), { minLength: 1, maxLength: 4 })
      property.prop([seed, spans], several)('of samples that are judged only (suspect, stopped, alarmed) nothing is learned, whatever they are', (n, judgedOnly) => {
        const learned = Array.from({ length: LENGTH }, (_, i) => !judgedOnly.some(([from, length]) => i >= from && i < from + length))
        const [one, other] = [start(), start()]
        const samples = drawn(n)
        for (const [i, values] of samples.entries()) {
          const before = encodeSave(reference(one))
          detector.next(one, values, i * PERIOD, learned[i]!, params)
          detector.next(other, learned[i]! ? values : values.map((x) => 3 * x + 100), i * PERIOD, learned[i]!, params)
          if (!learned[i]!) expect(encodeSave(reference(one))).toEqual(before)
        }
        expect(reference(other)).toEqual(reference(one))
      })

      property.prop([seed], several)('it has learned from what may be learned', (n) => {
        const state = start()
        scores(drawn(n), state)
        expect(reference(state)).not.toEqual(reference(start()))
      })
    }

    test('its state does not grow', () => {
      const state = start()
      const samples = drawn(1, 10_000)
      scores(samples.slice(0, 2000), state)
      const size = encodeSave(state).length
      scores(samples.slice(2000), state, 2000)
      expect(encodeSave(state).length).toBeLessThan(1.2 * size + 100)
    })

    property.prop([seed, seed], several)('two of them keep out of each other', (n, other) => {
      const [one, two] = [start(), start()]
      const others = drawn(other)
      const alone = scores(drawn(n))
      expect(drawn(n).map((values, i) => {
        detector.next(two, others[i]!, i * PERIOD, true, params)
        return detector.next(one, values, i * PERIOD, true, params)
      })).toEqual(alone)
    })

    property.prop([seed], several)('it says why in words and numbers', (n) => {
      const state = start()
      const said = (): string => {
        const why = detector.why(state, params, 'mm/s')
        expect(why).toMatch(/\S/)
        expect(why).not.toMatch(/NaN|undefined|null|\[object|Infinity/)
        return why
      }
      said()
      for (const [i, values] of [missing, ...drawn(n)].entries()) {
        const score = detector.next(state, values, i * PERIOD, true, params)
        const why = said()
        if (score > 1) expect(why).toMatch(/\d/)
        if (score > 1) expect(why).not.toMatch(/^learning/)
      }
    })

    for (const [key, { min, max, whole }] of Object.entries(detector.parameters))
      test(`'${key}' is refused beyond ${min} and ${max}${whole === true ? ', and where it is not whole' : ''}`, () => {
        const beyond = [min - Math.max(1, Math.abs(min)), max + Math.max(1, Math.abs(max)), NaN, ...(whole === true ? [min + 0.5] : [])].filter((value) => value < min || value > max || value !== value || !Number.isInteger(value))
        for (const value of beyond) expect(() => parametersOf(detector, { [key]: value })).toThrow(`${detector.name}: '${key}' is`)
        for (const value of beyond) expect(() => parametersOf(detector, { [key]: value })).toThrow(`from ${min} to ${max}`)
        expect(parametersOf(detector, { [key]: min })[key]).toBe(min)
        expect(parametersOf(detector, { [key]: max })[key]).toBe(max)
      })

    test('a parameter that it does not have is refused', () => {
      expect(() => parametersOf(detector, { nosuch: 1 })).toThrow(`${detector.name} has no parameter 'nosuch': expected one of ${Object.keys(detector.parameters).join(', ')}`)
    })
  })
}
