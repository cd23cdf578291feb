import type { Machines } from 'motorwatch'

/** Which partition a machine is in is not known before it is heard, and each judges by the whole register: so none is missed that never was heard. */
export const machinesOfWorkers = (register: Machines): Machines => new Map([...register].map(([id, { expectedSince: _, ...machine }]) => [id, machine]))
