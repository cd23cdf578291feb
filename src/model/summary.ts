/** What an aggregate made of the readings of one window, `[start, end)`. */
export interface Summary<Values = Readonly<Record<string, number>>> {
  readonly kind: 'summary'
  /** Epoch milliseconds at which the summary was made: the window's end, except for `early` and `partial` ones. */
  readonly time: number
  readonly machine: string
  /** Absent where the window is over a machine and not over a series. */
  readonly sensor?: string
  /** The key's text, where the key is a function. */
  readonly key?: string
  readonly start: number
  readonly end: number
  readonly values: Values
  /** `early`: the window is still open; `partial`: the data ended before the window did. Absent on a whole window. */
  readonly status?: 'early' | 'partial'
}
