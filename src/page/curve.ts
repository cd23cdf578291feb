/** How fine a curve is kept, and how long: so many stretches of so many milliseconds. */
export interface Tier {
  readonly width: number
  readonly count: number
}

/** 15 minutes, 2 hours, 12 hours. */
export const tiers: readonly Tier[] = [{ width: 2_000, count: 450 }, { width: 20_000, count: 360 }, { width: 120_000, count: 360 }]

/** One series over time, thinned: of each stretch the least and the greatest value. */
export interface Curve {
  /** A value; times may go back within what is kept, and what is older is passed over. */
  add(time: number, value: number): void
  /** A reading that is not drawn, and that there was one. */
  addSuspect(time: number): void
  /** Oldest first; stretches of which nothing was heard are left out. */
  read(): { readonly time: number[]; readonly low: (number | null)[]; readonly high: (number | null)[]; readonly suspect: number[] }
}

/**
 * A ring of stretches that lie on the grid of the epoch. Memory is taken at once and never grows: 17 bytes a stretch.
 */
export function curve({ width, count }: Tier): Curve {
  const starts = new Float64Array(count).fill(NaN)
  const lows = new Float32Array(count)
  const highs = new Float32Array(count)
  const suspects = new Uint8Array(count)
  let newest = -Infinity

  /** -1: it is too old to be kept. */
  const place = (time: number): number => {
    const stretch = Math.floor(time / width)
    if (stretch <= newest - count) return -1
    const i = ((stretch % count) + count) % count
    if (starts[i] !== stretch) {
      starts[i] = stretch
      lows[i] = Infinity
      highs[i] = -Infinity
      suspects[i] = 0
    }
    if (stretch > newest) newest = stretch
    return i
  }

  return {
    add(time, value) {
      const i = place(time)
      if (i < 0) return
      if (value < lows[i]!) lows[i] = value
      if (value > highs[i]!) highs[i] = value
    },
    addSuspect(time) {
      const i = place(time)
      if (i >= 0) suspects[i] = 1
    },
    read() {
      const time: number[] = []
      const low: (number | null)[] = []
      const high: (number | null)[] = []
      const suspect: number[] = []
      if (newest === -Infinity) return { time, low, high, suspect }
      for (let stretch = newest - count + 1; stretch <= newest; stretch++) {
        const i = ((stretch % count) + count) % count
        if (starts[i] !== stretch) continue
        time.push(stretch * width)
        low.push(lows[i]! === Infinity ? null : figures(lows[i]!))
        high.push(highs[i]! === -Infinity ? null : figures(highs[i]!))
        if (suspects[i] === 1) suspect.push(stretch * width)
      }
      return { time, low, high, suspect }
    },
  }
}

const figures = (value: number): number => Number(value.toPrecision(6))
