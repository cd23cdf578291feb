type Unit = 'ms' | 's' | 'm' | 'h' | 'd'
type Part = `${number}${Unit}`

/** A length of time: milliseconds, or text such as `'30s'`, `'250ms'`, `'1.5h'`, `'1h30m'`, `'1d12h30m'`. */
export type Duration = number | Part | `${Part}${Part}` | `${Part}${Part}${Part}`

const UNITS: readonly (readonly [Unit, number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
]

const PART = /(\d+(?:\.\d+)?)(ms|[dhms])/y

/**
 * A duration in milliseconds.
 *
 * Units are d, h, m, s and ms, larger ones first and each at most once. `Infinity` is taken where a number is given.
 * Throws a `RangeError` for what is negative, NaN or not of this form.
 *
 * @example
 * duration('1h30m') // 5400000
 */
export function duration(value: Duration): number {
  const wrong = (): RangeError =>
    new RangeError(`${typeof value === 'string' ? JSON.stringify(value) : String(value)} is not a duration: expected milliseconds (0 or more) or text such as '250ms', '30s', '5m', '1h30m', '2d'`)
  if (typeof value === 'number') {
    if (!(value >= 0)) throw wrong()
    return value
  }
  if (typeof value !== 'string') throw wrong()
  let total = 0
  let allowed = 0
  PART.lastIndex = 0
  let at = 0
  while (at < value.length) {
    const part = PART.exec(value)
    if (part === null) throw wrong()
    const rank = UNITS.findIndex(([unit]) => unit === part[2])
    if (rank < allowed) throw wrong()
    allowed = rank + 1
    total += Number(part[1]) * UNITS[rank]![1]
    at = PART.lastIndex
  }
  if (at === 0) throw wrong()
  return total
}

/**
 * A length of time as an engineer writes it: `90_000` is `'1m30s'`, `0` is `'0s'`. `duration(formatDuration(d)) === d` for whole milliseconds.
 */
export function formatDuration(milliseconds: number): string {
  if (!Number.isFinite(milliseconds)) return String(milliseconds)
  if (milliseconds < 0) return `-${formatDuration(-milliseconds)}`
  let rest = Number(milliseconds.toFixed(3))
  let text = ''
  for (const [unit, size] of UNITS) {
    const count = unit === 'ms' ? Number(rest.toFixed(3)) : Math.floor(rest / size)
    if (count > 0) text += `${count}${unit}`
    rest -= count * size
  }
  return text === '' ? '0s' : text
}
