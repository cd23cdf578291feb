/**
 * The current of a motor `age` milliseconds after it was switched on (A): near `peak` for most of `duration`, as an induction motor's is
 * until it nears its breakdown speed, then falling to `loadCurrent`.
 */
export function inrushCurrent(age: number, duration: number, peak: number, loadCurrent: number): number {
  if (age >= duration) return loadCurrent
  const part = age / duration
  return loadCurrent + (peak - loadCurrent) * (1 - part * part * part * part)
}

/**
 * The mean square of I/In over a step of `elapsed` milliseconds that begins at `age`: the inrush heats only as long as it lasts,
 * however long the step. `peak` and `load` are multiples of the rated current.
 */
export function squaredCurrent(age: number, duration: number, peak: number, load: number, elapsed: number): number {
  const part = Math.min(1, Math.max(0, duration - age) / elapsed)
  return part * peak * peak + (1 - part) * load * load
}
