/** What an operator keeps apart: each machine, each series (a sensor of a machine), or whatever a function tells. */
export type Key<In> =
  | (In extends { readonly machine: string } ? 'machine' : never)
  | (In extends { readonly machine: string; readonly sensor: string } ? 'series' : never)
  | ((item: In) => string)
