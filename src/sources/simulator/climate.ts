const day = 86_400_000

/** A stretch of warm days: nothing is wrong with any machine. */
export interface HeatWave {
  /** Milliseconds after the start of the simulation. */
  readonly from: number
  /** Milliseconds; two days where absent. */
  readonly duration?: number
  /** K; 8 where absent. */
  readonly rise?: number
}

/** Where the day stands, from -1 (coldest, 03:00 UTC) to 1 (warmest, 15:00 UTC). */
export function dailyCycle(time: number): number {
  return Math.sin(2 * Math.PI * (time / day - 9 / 24))
}

/** The extra warmth of a heat wave, K, `since` milliseconds after the simulation's start: it comes and goes over an eighth of its length each. */
export function heatWaveRise(wave: HeatWave, since: number): number {
  const duration = wave.duration ?? 2 * day
  const edge = duration / 8
  const part = Math.min((since - wave.from) / edge, (wave.from + duration - since) / edge)
  return (wave.rise ?? 8) * Math.min(1, Math.max(0, part))
}

/** degC: the mean of the day, its swing with the daily cycle, and a heat wave's rise. */
export function ambientTemperature(mean: number, swing: number, cycle: number, heatWave: number): number {
  return mean + swing * cycle + heatWave
}

/** %: lowest when the day is warmest. */
export function ambientHumidity(mean: number, swing: number, cycle: number): number {
  return mean - swing * cycle
}
