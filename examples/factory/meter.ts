/** How fast it goes, and how long it will take. */
export interface Pace {
  /** Readings a second, over the last seconds of the wall clock. */
  readonly rate: number
  /** Milliseconds until progress is 1; absent where that is not known. */
  readonly left?: number
}

/** Looked at with the counts so far, it tells the pace; `now` in milliseconds of the wall clock. */
export function meter(): (readings: number, progress: number | undefined, now: number) => Pace {
  const samples: { readonly at: number; readonly readings: number }[] = []
  let first: { readonly at: number; readonly progress: number } | undefined
  return (readings, progress, now) => {
    while (samples.length > 1 && samples[1]!.at < now - 3000) samples.shift()
    if (samples.length === 0 || now - samples.at(-1)!.at >= 250) samples.push({ at: now, readings })
    const from = samples[0]!
    const rate = now > from.at ? ((readings - from.readings) / (now - from.at)) * 1000 : 0
    if (progress === undefined) return { rate }
    first ??= { at: now, progress }
    const left = ((1 - progress) * (now - first.at)) / (progress - first.progress)
    return now - first.at >= 1000 && left >= 0 && left < Infinity ? { rate, left } : { rate }
  }
}
