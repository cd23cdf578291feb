import { formatDuration } from '../time/index.js'
import type { Series, SeriesReading } from './series.js'

type Place = SeriesReading | undefined

/**
 * The shortest text that `readSeries` reads as exactly this series. Throws a `RangeError` for one without places, and for a value that is not finite.
 *
 * @example
 * showSeries({ every: 1000, readings: [61, 62, 63, 63].map((value) => ({ value, suspect: false })) }) // '3x61+1 63'
 */
export function showSeries({ every, readings }: Series): string {
  if (readings.length === 0) throw new RangeError('a series has at least one place')
  for (const place of readings) if (place !== undefined && !Number.isFinite(place.value)) throw new RangeError(`${place.value} is not a finite number`)
  const words = shortest(readings)
  return `${every === 1000 ? '' : `${formatDuration(every)}: `}${words.join(' ')}`
}

/** Words of the least length in all, found from the end. Where a run is cut, it is at its last place at the most: that may begin the next one. */
function shortest(places: readonly Place[]): readonly string[] {
  const { same, rising } = runs(places)
  const lengths = new Float64Array(places.length + 1)
  const best: { readonly word: string; readonly to: number }[] = []
  for (let from = places.length - 1; from >= 0; from--) {
    lengths[from] = Infinity
    const consider = (to: number, word: string): void => {
      const length = word.length + 1 + lengths[to]!
      if (length >= lengths[from]!) return
      lengths[from] = length
      best[from] = { word, to }
    }
    const place = places[from]
    consider(from + 1, valueText(place))
    for (const count of [same[from]!, same[from]! - 1]) if (count > 1) consider(from + count, `${count}x${valueText(place)}`)
    for (const count of [rising[from]!, rising[from]! - 1]) if (count > 1) consider(from + count, rampText(count, place!, places[from + 1]!))
  }
  const words: string[] = []
  for (let at = 0; at < places.length; at = best[at]!.to) words.push(best[at]!.word)
  return words
}

const numberText = (value: number): string => (Object.is(value, -0) ? '-0' : String(value))

const valueText = (place: Place): string => (place === undefined ? '_' : `${numberText(place.value)}${place.suspect ? '!' : ''}`)

const rampText = (count: number, { value, suspect }: SeriesReading, next: SeriesReading): string => {
  const step = (millionths(next.value) - millionths(value)) / 1e6
  return `${count}x${numberText(value)}${step > 0 ? '+' : ''}${step}${suspect ? '!' : ''}`
}

/** The value as a whole number of millionths; NaN where it is none, or so large or small that it has another text than its digits. */
const millionths = (value: number): number => {
  const whole = Math.round(value * 1e6)
  return Math.abs(whole) <= 1e12 && whole / 1e6 === value && !Object.is(value, -0) && !String(value).includes('e') ? whole : NaN
}

/** From each place on: how many are the same, and how many rise or fall by the same step. */
function runs(places: readonly Place[]): { readonly same: readonly number[]; readonly rising: readonly number[] } {
  const same: number[] = []
  const rising: number[] = []
  const steps: number[] = []
  for (let i = places.length - 1; i >= 0; i--) {
    const [place, next] = [places[i], places[i + 1]]
    const last = i === places.length - 1
    same[i] = !last && place?.suspect === next?.suspect && Object.is(place?.value, next?.value) ? same[i + 1]! + 1 : 1
    const step = place !== undefined && next !== undefined && place.suspect === next.suspect ? millionths(next.value) - millionths(place.value) : NaN
    const written = step / 1e6
    steps[i] = step === 0 || String(written).includes('e') ? NaN : step
    rising[i] = Number.isNaN(steps[i]) ? 1 : steps[i + 1] === steps[i] ? rising[i + 1]! + 1 : 2
  }
  return { same, rising }
}
