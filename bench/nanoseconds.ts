/** Processor time of the work for each of `count`, in nanoseconds: what else runs on the machine hardly adds to it. */
export function nanoseconds(work: () => void, count: number): number {
  globalThis.gc?.()
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return ((user + system) * 1000) / count
}
