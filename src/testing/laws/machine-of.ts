/** The machine that an input or an output concerns: its own, or that of the reading in it. */
export function machineOf(item: unknown): string | undefined {
  const { machine, reading } = (item ?? {}) as { readonly machine?: unknown; readonly reading?: { readonly machine?: unknown } }
  const found = machine ?? reading?.machine
  return typeof found === 'string' ? found : undefined
}
