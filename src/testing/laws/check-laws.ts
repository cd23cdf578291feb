import fc from 'fast-check'
import type { Input, Reading, Tick } from '../../model/index.js'
import type { InOrderOptions } from '../../operators/index.js'
import { duration } from '../../time/index.js'
import type { Duration } from '../../time/index.js'
import { arbitraryArrivals, arbitraryInputs } from '../arbitraries.js'
import { cutAnywhere } from './cut-anywhere.js'
import { keysDoNotMeet } from './keys-do-not-meet.js'
import { idleKeysDoNotStay, nothingStays } from './nothing-stays.js'
import type { Edge, OperatorUnderTest } from './operator.js'
import { rxjsContract } from './rxjs-contract.js'
import { sameJournal } from './same-journal.js'
import { shuffleWithinLateness } from './shuffle-within-lateness.js'

/** The six laws by their short names, in order. */
export const laws = {
  cut: 'Cut anywhere',
  shuffle: 'Shuffle within lateness',
  keys: 'Keys do not meet',
  journal: 'Same journal, same output',
  stays: 'Nothing stays',
  contract: "RxJS's own contract",
} as const

export type LawName = keyof typeof laws

export interface LawOptions {
  /** What the laws are held over. Left out: `arbitraryInputs` with this lateness. For the law of shuffling they are sorted, and commands left out. */
  readonly inputs?: fc.Arbitrary<readonly Input[]>
  /** Left out: `'5s'`. */
  readonly lateness?: Duration
  /** The operator holds an `inOrder` itself, as a whole pipeline does, of this lateness and with one source; nothing is put in front. */
  readonly ordered?: boolean
  /** Left out: all. */
  readonly laws?: readonly LawName[]
  /** Streams for each law. Left out: 100. */
  readonly numRuns?: number
  /** Why a law does not apply. `eviction` is the part of `stays` that says that idle keys are forgotten. */
  readonly exceptions?: Readonly<Partial<Record<LawName | 'eviction', string>>>
}

export type LawReport = Readonly<Partial<Record<LawName, 'pass' | `does not apply: ${string}`>>>

/**
 * Holds an operator against the six laws, over arbitrary streams: late, duplicated, gappy, of several machines. `inOrder` is put in front of it.
 * Resolves to what each law says; rejects with an `Error` that names each law that is broken, with the smallest stream that breaks it.
 *
 * @example
 * await checkLaws((time) => via('reading', mine({ limit: 120 }, time)))
 */
export async function checkLaws<Out>(op: OperatorUnderTest<Out>, options: LawOptions = {}): Promise<LawReport> {
  const report: Partial<Record<LawName, 'pass' | `does not apply: ${string}`>> = {}
  const broken: string[] = []
  for (const law of options.laws ?? (Object.keys(laws) as LawName[])) {
    const reason = options.exceptions?.[law]
    if (reason !== undefined) {
      report[law] = `does not apply: ${reason}`
      continue
    }
    try {
      await hold(law, op, options)
      report[law] = 'pass'
    } catch (error) {
      broken.push(`${laws[law]}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  if (broken.length > 0) throw new Error(broken.join('\n\n'))
  return report
}

async function hold<Out>(law: LawName, op: OperatorUnderTest<Out>, { inputs, lateness: allowed = '5s', ordered = false, numRuns = 100, exceptions = {} }: LawOptions): Promise<void> {
  const lateness = duration(allowed)
  const streams = inputs ?? arbitraryInputs({ lateness })
  const edge = (options: Omit<InOrderOptions, 'lateness'> = {}): Edge => (ordered ? 'own' : { lateness, ...options })
  const parameters = { numRuns, includeErrorInReport: true }
  const overAll = (check: (stream: readonly Input[]) => void): void => {
    fc.assert(fc.property(streams, check), parameters)
  }
  switch (law) {
    case 'cut':
      overAll((stream) => { cutAnywhere(op, stream, edge({ source: half })) })
      return
    case 'shuffle': {
      const source = ordered ? undefined : half
      const both = streams.map(sorted).chain((stream) => fc.tuple(fc.constant(stream), arbitraryArrivals(stream, source === undefined ? { lateness } : { lateness, source })))
      fc.assert(fc.property(both, ([stream, shuffled]) => {
        const sources = [...new Set(stream.flatMap((item) => (item.kind === 'reading' ? [half(item)!] : [])))]
        shuffleWithinLateness(op, stream, shuffled, edge({ source: half, sources }))
      }), parameters)
      return
    }
    case 'keys':
      overAll((stream) => { keysDoNotMeet(op, stream, edge()) })
      return
    case 'journal':
      await fc.assert(fc.asyncProperty(streams, (stream) => sameJournal(op, stream, edge({ source: half }))), parameters)
      return
    case 'stays':
      overAll((stream) => { nothingStays(op, stream, edge()) })
      if (exceptions.eviction === undefined) idleKeysDoNotStay(op, edge())
      return
    case 'contract':
      overAll((stream) => { rxjsContract(op, stream, edge()) })
  }
}

/** Two partitions, by the last character of the machine's name; a tick concerns both. */
function half(item: Reading | Tick): string | undefined {
  if (item.kind === 'tick') return undefined
  return item.machine.charCodeAt(item.machine.length - 1) % 2 === 0 ? 'even' : 'odd'
}

function sorted(stream: readonly Input[]): readonly Input[] {
  return stream.filter(({ kind }) => kind === 'reading' || kind === 'tick').sort((a, b) => a.time - b.time)
}
