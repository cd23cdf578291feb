/** What `run.ts` asks of the runner. Paths are from the root of the project. */
export interface Job {
  readonly tests: readonly string[]
  /** By path, with all mutants of it: one at a time is switched on. */
  readonly sources: Readonly<Record<string, string>>
  /** By test file, the mutants that it is there for: where given, no other is tried in it. */
  readonly own?: Readonly<Record<string, readonly string[]>>
  /** By mutant, words of which a test's name must have one: where given, it is tried in no other test. */
  readonly named?: Readonly<Record<string, readonly string[]>>
  /** A mutant that has survived so many tests is left alone. */
  readonly most?: number
  /** The mutants that need not be tried. */
  readonly done: readonly string[]
  /** In milliseconds: for how long a property is tried. */
  readonly limit: number
  /** Only these are tried, each switched on from before a module is loaded, and everything is loaded anew for it. */
  readonly loaded?: readonly string[]
  /** Where the runner writes what it finds, a JSON object a line. */
  readonly log: string
}

/** `test` is the name of a test, or a file's where everything was loaded anew. `trying` comes before each try; the last one of a log is of a try that did not end. `begins`: a phase does, which `test` names. `loaded`: it was reached as a module was loaded, outside any test. */
export type LogLine = { readonly mutant: string; readonly test: string; readonly is: 'trying' | 'survived' | 'killed' | 'loaded' | 'confused' | 'begins' }
