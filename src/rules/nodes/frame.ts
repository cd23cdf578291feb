/** What a judge keeps of one machine: plain data. Indexes of `values` and `times` are those of the judge's sensors. */
export interface Frame {
  machine: string
  /** When it was first heard of. */
  since: number
  /** NaN: unknown. */
  readonly values: number[]
  /** When each sensor was last heard, whatever it said; -Infinity: never. */
  readonly times: number[]
  /** How many readings have been put in. */
  readings: number
  /** What conditions and signals remember, one place each. */
  readonly memory: unknown[]
}

/** The memory in this place, made on first use. */
export function remembered<M>(frame: Frame, place: number, start: () => M): M {
  return (frame.memory[place] ??= start()) as M
}
