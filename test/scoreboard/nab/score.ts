/** One file of the benchmark: its rows, and the labelled windows as the rows that they begin and end at (both included). */
export interface Labelled {
  readonly rows: number
  readonly windows: readonly (readonly [first: number, last: number])[]
}

/** What a false alarm costs, and a window that was missed; one that was found early earns 1. */
export interface Profile {
  readonly falseAlarm: number
  readonly missed: number
}

export const profiles = {
  standard: { falseAlarm: 0.11, missed: 1 },
  lowFP: { falseAlarm: 0.22, missed: 1 },
  lowFN: { falseAlarm: 0.11, missed: 2 },
} as const satisfies Readonly<Record<string, Profile>>

export type Scores = Readonly<Record<keyof typeof profiles, number>>

/** So many rows at the beginning are not scored. */
export const probation = (rows: number): number => Math.floor(Math.min(0.15 * rows, 750))

const sigmoid = (y: number): number => (y > 3 ? -1 : 2 / (1 + Math.exp(5 * y)) - 1)

/** What the alarms of one file earn: the benchmark's own rule (Lavin and Ahmad, 2015). */
export function rawScore({ rows, windows }: Labelled, alarms: readonly number[], { falseAlarm, missed }: Profile): number {
  const scored = alarms.filter((row) => row >= probation(rows) && row < rows)
  let total = 0
  for (const [first, last] of windows) {
    const found = scored.find((row) => row >= first && row <= last)
    total += found === undefined ? -missed : sigmoid(-(last - found + 1) / (last - first + 1)) / sigmoid(-1)
  }
  for (const row of scored) {
    if (windows.some(([first, last]) => row >= first && row <= last)) continue
    const before = windows.filter(([, last]) => last < row).at(-1)
    total += falseAlarm * (before === undefined ? -1 : sigmoid((row - before[1]) / (before[1] - before[0])))
  }
  return total
}

/** 0 for no alarm at all, 100 for one at the beginning of each window and nowhere else. */
export function scored(files: readonly { readonly file: Labelled; readonly alarms: readonly number[] }[]): Scores {
  const windows = files.reduce((count, { file }) => count + file.windows.length, 0)
  const of = (profile: Profile): number => {
    const raw = files.reduce((total, { file, alarms }) => total + rawScore(file, [...alarms].sort((a, b) => a - b), profile), 0)
    const none = -profile.missed * windows
    return (100 * (raw - none)) / (windows - none)
  }
  return { standard: of(profiles.standard), lowFP: of(profiles.lowFP), lowFN: of(profiles.lowFN) }
}
