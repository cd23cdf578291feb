/** How far a run is ahead of its pace; milliseconds of the wall clock, 0 or less where it keeps it. The clock is started here. */
export function paceOf(speed: number | 'max'): { take(time: number): void; ahead(): number } {
  const start = performance.now()
  let [from, to] = [NaN, -Infinity]
  return {
    take(time) {
      if (Number.isNaN(from)) from = time
      if (time > to) to = time
    },
    ahead: () => (speed === 'max' ? 0 : (to - from) / speed - (performance.now() - start)),
  }
}
