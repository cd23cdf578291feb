/** Of sorted values. */
export function medianOf(sorted: readonly number[]): number {
  const half = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2
}

/** The median of the distances from `median`, by walking outwards from it: no sorting. */
export function medianDeviation(sorted: readonly number[], median: number): number {
  const { length } = sorted
  let right = firstAbove(sorted, median)
  let left = right - 1
  const half = length >> 1
  let before = 0
  let distance = 0
  for (let i = 0; i <= half; i++) {
    before = distance
    const toLeft = left < 0 ? Infinity : median - sorted[left]!
    const toRight = right === length ? Infinity : sorted[right]! - median
    if (toLeft <= toRight) {
      distance = toLeft
      left -= 1
    } else {
      distance = toRight
      right += 1
    }
  }
  return length % 2 === 1 ? distance : (before + distance) / 2
}

/** Takes `gone` out (NaN: nothing) of the sorted values and `come` in. */
export function resort(sorted: number[], gone: number, come: number): void {
  if (gone === gone) sorted.splice(firstAbove(sorted, gone) - 1, 1)
  sorted.splice(firstAbove(sorted, come), 0, come)
}

/** Where the first value above `x` stands. */
function firstAbove(sorted: readonly number[], x: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (sorted[middle]! > x) high = middle
    else low = middle + 1
  }
  return low
}

/** Of values in any order, the part of them that lies below it: linear between two. */
export function quantileOf(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const at = part * (sorted.length - 1)
  const low = sorted[Math.floor(at)]!
  return low + (at - Math.floor(at)) * (sorted[Math.ceil(at)]! - low)
}
