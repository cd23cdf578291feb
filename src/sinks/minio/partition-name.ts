/** `partition` where it is fit for a name of an object; throws a RangeError otherwise. */
export function partitionName(who: string, partition: string): string {
  if (!/^[\w.-]{1,64}$/.test(partition)) throw new RangeError(`${who}: partition is '${partition.slice(0, 80)}'; expected 1 to 64 of A-Z, a-z, 0-9, '.', '_' and '-'`)
  return partition
}
