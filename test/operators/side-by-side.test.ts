import { fc, test } from '@fast-check/vitest'
import { map, pipe } from 'rxjs'
import { describe, expect } from 'vitest'
import type { Input, Reading, Rules } from '../../src/model/index.js'
import {
  alarmsBehaviour, deadmanBehaviour, fuseBehaviour, inOrder, instrumentsBehaviour, keyed, outlookBehaviour, sideBySide, spikesBehaviour, thresholdBehaviour, tumblingBehaviour, via, vitalsBehaviour,
} from '../../src/operators/index.js'
import type { Behaviour } from '../../src/operators/index.js'
import { above, difference, heldFor, rule } from '../../src/rules/index.js'
import { line, run } from '../../src/testing/laws/line.js'
import type { Timeline } from '../../src/time/index.js'
import { sameWithout } from './same-without.js'
import { outputsOf, reading, second, smallStreams } from './small-streams.js'

type Any = Behaviour<Reading, unknown, { wakeAt: number }>

interface Seen {
  readonly at: number
  readonly out: unknown
}

const of = (behaviour: unknown): Any => behaviour as Any

const emitted = (behaviour: Any, key: 'machine' | 'series', inputs: readonly Input[]): readonly Seen[] =>
  outputsOf((time) => pipe(via('reading', keyed(behaviour, { key }, time)), map((out): Seen => ({ at: time.now(), out }))), inputs)

const asBag = (seen: readonly Seen[]): readonly string[] => seen.map((each) => JSON.stringify(each)).sort()

const rules = [rule({ id: 'hot', when: above('x', 2), onDelay: '2s', offDelay: '1s' }), rule({ id: 'rise', when: above(difference('x', 'y'), 1) })]

/** Rings so long after a value, and then so often, at such distances; 0 s: at the end of the instant. If `late`, when the values of that instant are in. */
const ringing = (name: string, delay: number, times: number, gap: number, late = false): Any =>
  of({
    name,
    version: 1,
    start: () => ({ wakeAt: Infinity, key: '', left: 0 }),
    next: (state: { wakeAt: number; key: string; left: number }, { machine, sensor, value }: Reading, now: number, emit: (out: unknown) => void) => {
      Object.assign(state, { key: `${machine} ${sensor}`, left: times, wakeAt: times > 0 ? now + delay * second : Infinity })
      if (value > 2) emit([name, 'heard', state.key])
    },
    wake: (state: { wakeAt: number; key: string; left: number }, due: number, emit: (out: unknown) => void, closing?: boolean) => {
      if (late && closing !== true) return true
      emit([name, 'rings', due, state.key, closing === true ? 'closing' : 'opening'])
      state.wakeAt = --state.left > 0 ? due + gap * second : Infinity
      return late
    },
    end: (state: { key: string }, now: number, emit: (out: unknown) => void) => { emit([name, 'ends', now, state.key]) },
  })

const ringings = fc.array(fc.tuple(fc.constantFrom(0, 0, 1, 2, 5), fc.nat(3), fc.constantFrom(0, 1, 3), fc.boolean()), { minLength: 1, maxLength: 4 })
  .map((some) => some.map(([delay, times, gap, late], i) => ringing(`r${i}`, delay, times, gap, late)))

const ofMachine = (): readonly Any[] => [of(fuseBehaviour({ stale: '3s' })), of(alarmsBehaviour(rules, { stale: '5s' })), of(thresholdBehaviour(heldFor('2s', above('x', 1)), { stale: '3s' })), of(outlookBehaviour(rules, { stale: '3s', every: '2s' })), of(vitalsBehaviour({ silent: '3s', stuck: '2s', count: 2 }))]
const ofSeries = (): readonly Any[] =>
  [of(tumblingBehaviour('5s', { key: 'series' })), of(deadmanBehaviour('3s', { key: 'series', forget: '4s' })), of(instrumentsBehaviour(rules, { offDelay: '2s' })), of(spikesBehaviour({ count: 1 }))]

describe('sideBySide', () => {
  test.prop([smallStreams, ringings, fc.constantFrom('machine' as const, 'series' as const)], { numRuns: 200 })('emits in each instant what each emits alone', (inputs, some, key) => {
    expect(asBag(emitted(of(sideBySide(...some)), key, inputs))).toEqual(asBag(some.flatMap((each) => emitted(each, key, inputs))))
  })

  test.prop([smallStreams, fc.subarray([0, 1, 2, 3, 4], { minLength: 1 })])('so it does with ours', (inputs, which) => {
    for (const [key, make] of [['machine', ofMachine], ['series', ofSeries]] as const) {
      const some = make().filter((_, i) => which.includes(i))
      expect(asBag(emitted(of(sideBySide(...some)), key, inputs))).toEqual(asBag(some.flatMap((each) => emitted(each, key, inputs))))
    }
  })

  test.prop([smallStreams])('a key that was forgotten is as a new one', (inputs) => {
    sameWithout('idle', sideBySide(of(alarmsBehaviour(rules, { stale: '2s' })), of(thresholdBehaviour(above('x', 1), { stale: '5s' }))), 'machine', inputs)
    sameWithout('indifferent', sideBySide(of(alarmsBehaviour(rules.slice(0, 1), { stale: '2s' })), of(thresholdBehaviour(above('x', 1), { stale: '5s' }))), 'machine', inputs)
  })

  test('is forgotten, or has no state made for it, only where all of them agree', () => {
    const [alarms, fuse] = [alarmsBehaviour(rules), fuseBehaviour({ stale: '1s' })]
    expect(sideBySide(alarms, of(fuse))).not.toHaveProperty('idle')
    expect(sideBySide(alarms, of(fuse))).not.toHaveProperty('indifferent')
  })

  test('one value, one state: idle and indifferent where every part says so, and not asked where one does not say', () => {
    const says = (idle: boolean, indifferent: boolean): Any => of({ name: 'says', version: 1, start: () => ({ wakeAt: Infinity }), next: () => undefined, idle: () => idle, indifferent: () => indifferent })
    const silent: Any = of({ name: 'silent', version: 1, start: () => ({ wakeAt: Infinity }), next: () => undefined })
    const asked = (...parts: readonly Any[]): readonly unknown[] => {
      const both = sideBySide<Reading, unknown>(...parts)
      return [both.idle?.(both.start('m', 0), 0), both.indifferent?.(reading(0, 'm', 'x', 1))]
    }
    expect(asked(says(true, true), says(true, true))).toEqual([true, true])
    expect(asked(says(true, false), says(false, true))).toEqual([false, false])
    expect(asked(says(true, true), silent)).toEqual([undefined, undefined])
    expect(sideBySide<Reading, unknown>(silent, silent).exchange).toBeUndefined()
  })

  test('a part that rings again at the same time does so before the values, also where another waits for them', () => {
    const twice: Any = of({
      name: 'twice', version: 1, start: () => ({ wakeAt: Infinity, left: 0 }),
      next: (state: { wakeAt: number; left: number }, { value }: Reading, now: number, emit: (out: unknown) => void) => {
        emit(`value ${value}`)
        if (value === 1) Object.assign(state, { wakeAt: now + second, left: 1 })
      },
      wake: (state: { wakeAt: number; left: number }, due: number, emit: (out: unknown) => void) => {
        emit(`ring, ${state.left} left`)
        state.wakeAt = state.left-- > 0 ? due : Infinity
      },
    })
    const late = ringing('late', 1, 1, 1, true)
    for (const parts of [[twice, late], [late, twice]])
      expect(emitted(sideBySide<Reading, unknown>(...parts), 'machine', [reading(0, 'm', 'x', 1), reading(1, 'm', 'x', 2)]).map(({ out }) => out).filter((out) => typeof out === 'string')).toEqual(['value 1', 'ring, 1 left', 'ring, 0 left', 'value 2'])
  })

  test('what can be exchanged is, in a save too; the others go on, and what is no good changes nothing', () => {
    const warm = [rule({ id: 'warm', when: above('x', 1) })]
    const both = () => sideBySide<Reading | Rules, unknown>(vitalsBehaviour({ silent: '3s' }), alarmsBehaviour(rules), instrumentsBehaviour(rules, { offDelay: '1s' }), fuseBehaviour({ stale: '5s' }))
    const op = (time: Timeline) => pipe(inOrder<Input>({ lateness: 0 }, time), via(['reading', 'rules'], keyed(both(), { key: ({ kind, ...item }) => (kind === 'rules' ? '' : (item as Reading).machine) }, time)))
    const exchange = (some: readonly unknown[]): Input => ({ kind: 'rules', time: 0, rules: { rules: some } })
    const items: readonly Input[] = [
      reading(0, 'm', 'x', 2), reading(0, 'k', 'x', 3), reading(1, 'm', 'x', 2), exchange([5]), reading(2, 'k', 'x', 3), exchange(rules), reading(3, 'm', 'x', 2), exchange([...rules, ...warm]),
      reading(4, 'm', 'x', 2), reading(4, 'm', 'y', 9, 'suspect'), exchange(warm), reading(5, 'k', 'x', 2), reading(6, 'n', 'x', 2), reading(7, 'm', 'x', 1), { kind: 'tick', time: 20 * second },
    ]
    const all = run(op, 'own', items) as readonly { readonly kind: string; readonly rule?: string; readonly state?: string; readonly machine?: string }[]
    const alarms = all.filter(({ kind }) => kind === 'alarm').map(({ machine, rule: id, state }) => `${machine} ${id} ${state}`)
    expect(alarms).toEqual(expect.arrayContaining(['k hot raised', 'm warm raised', 'k hot closed', 'm suspect-y raised', 'n warm raised', 'm warm cleared']))
    expect(all.filter(({ kind }) => kind === 'verdict').length).toBeGreaterThan(3)
    expect(all.filter(({ kind }) => kind === 'rules-changed').length).toBe(3)
    for (let cut = 1; cut < items.length; cut++) {
      const first = line(op, 'own')
      for (const item of items.slice(0, cut)) first.push(item)
      const rest = line(op, 'own', { saved: first.time.save() })
      for (const item of items.slice(cut)) rest.push(item)
      rest.complete()
      expect([...first.outputs, ...rest.outputs]).toEqual(all)
    }
  })

  test('values in the order in which they stand, timers of one time the other way round', () => {
    const seen = emitted(of(sideBySide(ringing('a', 2, 1, 1), ringing('b', 2, 1, 1))), 'machine', [reading(0, 'm', 'x', 3)].concat(reading(5, 'm', 'x', 0)))
    expect(seen.map(({ out }) => (out as readonly unknown[]).slice(0, 2).join(' '))).toEqual(['a heard', 'b heard', 'b rings', 'a rings', 'a ends', 'b ends'])
  })

  test.each(['ab', 'ba'])('a timer that opens its instant comes before the values of then, one that closes it behind them: %s', (order) => {
    const parts = [...order].map((name) => ringing(name, 2, 1, 1, name === 'b'))
    const seen = emitted(of(sideBySide(...parts)), 'machine', [0, 2, 9].map((time) => reading(time, 'm', 'x', 3)))
    const text = seen.map(({ at: time, out }) => `${time / second} ${(out as readonly unknown[]).slice(0, 2).join(' ')}`)
    // the value of 2 s calls off what b would ring with then
    expect(text.filter((each) => /^[2-8] /.test(each))).toEqual(['2 a rings', ...[...order].map((name) => `2 ${name} heard`), '4 a rings', '4 b rings'])
  })

  test('one without timers may set wakeAt, as it may alone; one that sets NaN is told of', () => {
    const deaf = of({ name: 'deaf', version: 1, start: () => ({ wakeAt: Infinity }), next: (state: { wakeAt: number }, _: Reading, now: number) => { state.wakeAt = now } })
    expect(emitted(of(sideBySide(deaf, ringing('a', 1, 1, 1))), 'machine', [reading(0, 'm', 'x', 0), reading(5, 'm', 'x', 0)]).map(({ at: time }) => time)).toEqual([1000, 5000])
    const wrong = of({ ...ringing('wrong', 0, 1, 1), next: (state: { wakeAt: number }) => { state.wakeAt = NaN } })
    expect(() => emitted(of(sideBySide(wrong, ringing('a', 1, 1, 1))), 'machine', [reading(0, 'm', 'x', 0)])).toThrow(/wakeAt of 'm' to NaN/)
  })

  test('is named for all of them, and its version tells theirs and their order', () => {
    const [a, b] = [ringing('a', 0, 0, 0), ringing('b', 0, 0, 0)]
    expect(sideBySide(a, b).name).toBe('a + b')
    const versions = [sideBySide(a, b), sideBySide(a, { ...b, version: 2 }), sideBySide({ ...a, version: 2 }, b), sideBySide(b, a)].map(({ version }) => version)
    expect(new Set(versions).size).toBe(4)
    expect(sideBySide(a, b).version).toBe(versions[0])
  })
})
