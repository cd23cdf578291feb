/** What `run.ts` asks of the runner. Paths are from the root of the project. */
export interface Job {
  readonly tests: readonly string[]
  /** By path, with all mutants of it: one at a time is switched on. */
  readonly sources: Readonly<Record<string, string>>
  /** The mutants that need not be tried. */
  readonly done: readonly string[]
  /** In milliseconds: for how long a property is tried. */
  readonly limit: number
  /** Switched on all the time, from before the first module is loaded; then no other is tried. */
  readonly one?: string
  /** Where the runner writes what it finds, a JSON object a line. */
  readonly log: string
}

/** `trying` comes before each try; the last one of a log is of a try that did not end. `loaded`: it was reached as a module was loaded, outside any test. */
export type LogLine = { readonly mutant: string; readonly test: string; readonly is: 'trying' | 'survived' | 'killed' | 'loaded' | 'confused' }
