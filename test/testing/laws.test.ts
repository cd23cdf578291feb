import { describe, expect, it } from 'vitest'
import { checkLaws, laws } from '../../src/testing/index.js'
import type { LawName, LawOptions, OperatorUnderTest } from '../../src/testing/index.js'
import * as contract from './broken/breaks-the-contract.js'
import { forgetsItsTimer } from './broken/forgets-its-timer.js'
import { good } from './broken/good.js'
import { machinesShareState } from './broken/machines-share-state.js'
import { lessLateness, orderOfArrival } from './broken/order-of-arrival.js'
import * as wallClock from './broken/reads-the-wall-clock.js'
import * as stays from './broken/something-stays.js'
import { stateOutsideTheSave } from './broken/state-outside-the-save.js'

const names = Object.keys(laws) as LawName[]

interface Broken {
  readonly name: string
  readonly op: OperatorUnderTest<unknown>
  readonly law: LawName
  /** Part of what the law says of it. */
  readonly says: RegExp
  /** Laws that it may break as well, by what it does. */
  readonly too?: readonly LawName[]
  readonly ordered?: boolean
}

const broken: readonly Broken[] = [
  { name: 'state in a closure outside the save', op: stateOutsideTheSave, law: 'cut', says: /cut after \d+ of \d+ inputs: outputs\[\d+\] differs/ },
  { name: 'a timer beside the state', op: forgetsItsTimer, law: 'cut', says: /cut after/ },
  { name: 'ties numbered by who came first', op: orderOfArrival, law: 'shuffle', says: /in the order of arrival: outputs/, ordered: true, too: ['cut', 'keys', 'contract'] },
  { name: 'less lateness than promised', op: lessLateness, law: 'shuffle', says: /in the order of arrival: outputs\[\d+\] differs/, ordered: true },
  { name: 'one state for all machines', op: machinesShareState, law: 'keys', says: /what concerns .*: outputs/ },
  { name: 'Date.now in an output', op: wallClock.stampsWithTheWallClock, law: 'journal', says: /live at the pace/, too: ['cut', 'shuffle', 'keys'] },
  { name: 'new Date in an output', op: wallClock.stampsWithNewDate, law: 'journal', says: /replayed at full speed/ },
  { name: 'a wait on the wall clock', op: wallClock.waitsOnTheWallClock, law: 'journal', says: /replayed at full speed/, too: ['cut', 'keys', 'contract'] },
  { name: 'an output in a later turn of the event loop', op: wallClock.hangsOnTheEventLoop, law: 'journal', says: /replayed at full speed/, too: ['cut', 'shuffle', 'keys', 'stays', 'contract'] },
  { name: 'a leaked timer', op: stays.leaksATimer, law: 'stays', says: /timer\(s\) are still set/, too: ['cut', 'contract'] },
  { name: 'a leaked subscription', op: stays.leaksItsSubscription, law: 'stays', says: /still subscribed/, too: ['contract'] },
  { name: 'a source that is not stopped', op: stays.cannotStopASource, law: 'stays', says: /was not stopped/ },
  { name: 'a place on the timeline that is never left', op: stays.staysOnTheTimeline, law: 'stays', says: /state is still on the timeline/, too: ['cut'] },
  { name: 'a key that is never evicted', op: stays.neverForgets, law: 'stays', says: /keys are not evicted/ },
  { name: 'errors of the input swallowed', op: contract.swallowsErrors, law: 'contract', says: /expected the error/ },
  { name: 'no end', op: contract.neverCompletes, law: 'contract', says: /has not|completed 0 times/, too: ['cut', 'shuffle', 'keys', 'stays'] },
  { name: 'an end behind an error', op: contract.goesOnAfterAnError, law: 'contract', says: /expected the error/ },
  { name: 'two subscriptions', op: contract.subscribesTwice, law: 'contract', says: /subscribed to its input 2 times/, too: ['cut', 'shuffle', 'keys', 'journal', 'stays'] },
  { name: 'a throw swallowed', op: contract.swallowsThrows, law: 'contract', says: /value throws/ },
  { name: 'a throw that nobody handles', op: contract.throwsUnhandled, law: 'contract', says: /reported as unhandled/, too: ['keys', 'stays'] },
  { name: 'a silent loss of what is pushed back', op: contract.losesWhatIsPushedBack, law: 'contract', says: /pushed back from within output/, too: ['stays'] },
  { name: 'state shared by all subscribers', op: contract.sharesState, law: 'contract', says: /second subscriber/, too: ['cut', 'shuffle', 'keys', 'journal', 'stays'] },
  { name: 'an output after the judges', op: contract.emitsAfterTheJudges, law: 'contract', says: /twice in the instant/, too: ['stays'] },
]

const check = (op: OperatorUnderTest<unknown>, options: LawOptions): Promise<unknown> => checkLaws(op, { numRuns: 60, ...options })

describe('a good operator', () => {
  it.each(names)('obeys the law %s', async (law) => {
    expect(await check(good, { laws: [law] })).toEqual({ [law]: 'pass' })
  })
})

describe.each(broken)('$name', ({ op, law, says, too = [], ordered = false }) => {
  it(`breaks the law ${law}`, async () => {
    await expect(check(op, { laws: [law], ordered })).rejects.toThrow(says)
  })
  it.each(names.filter((other) => other !== law && !too.includes(other)))('obeys the law %s', async (other) => {
    await check(op, { laws: [other], ordered })
  })
})

describe('checkLaws', () => {
  it('reports each law, and the reason where one does not apply', async () => {
    const report = await checkLaws(stateOutsideTheSave, { numRuns: 20, exceptions: { cut: 'it counts for the screen only' } })
    expect(report).toEqual({ cut: 'does not apply: it counts for the screen only', shuffle: 'pass', keys: 'pass', journal: 'pass', stays: 'pass', contract: 'pass' })
  })

  it('names every law that is broken, with the stream that breaks it', async () => {
    await expect(check(machinesShareState, {})).rejects.toThrow(/^Keys do not meet: Property failed[^]*Counterexample: \[\[\{"kind":"reading"/)
  })

  it('leaves out the eviction of idle keys where that does not apply', async () => {
    expect(await check(stays.neverForgets, { laws: ['stays'], exceptions: { eviction: 'it never forgets' } })).toEqual({ stays: 'pass' })
  })
})
