/** Remembers the partition of each machine. `told` is called once for each machine that comes in another one too. */
export function partitionOfMachine(told: (machine: string, partitions: readonly [number, number]) => void): (machine: string, partition: number) => void {
  const known = new Map<string, number>()
  const split = new Set<string>()
  return (machine, partition) => {
    const before = known.get(machine)
    if (before === partition) return
    known.set(machine, partition)
    if (before === undefined || split.has(machine)) return
    split.add(machine)
    told(machine, [before, partition])
  }
}
