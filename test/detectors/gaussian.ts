import { random } from '../random.js'

/** Independent, of mean 0 and deviation 1, by Marsaglia's polar method. */
export function gaussian(seed: number): () => number {
  const next = random(seed)
  let spare = NaN
  return () => {
    if (spare === spare) {
      const kept = spare
      spare = NaN
      return kept
    }
    for (;;) {
      const u = 2 * next() - 1
      const v = 2 * next() - 1
      const s = u * u + v * v
      if (s >= 1 || s === 0) continue
      const factor = Math.sqrt((-2 * Math.log(s)) / s)
      spare = v * factor
      return u * factor
    }
  }
}

/** Autoregressive of order 1, stationary, of mean 0 and deviation 1; phi 0: independent. */
export function autoregressive(phi: number, seed: number): () => number {
  const noise = gaussian(seed)
  const part = Math.sqrt(1 - phi * phi)
  let x = noise()
  return () => {
    const now = x
    x = phi * x + part * noise()
    return now
  }
}
