import { fc, test } from '@fast-check/vitest'
import { filter, pipe } from 'rxjs'
import { describe, expect } from 'vitest'
import type { Alarm, Answer, Command, CommandName, Input, Output } from '../../src/model/index.js'
import { alarms, alarmsBehaviour } from '../../src/operators/alarms.js'
import type { AlarmsOptions } from '../../src/operators/alarms.js'
import { only } from '../../src/operators/only.js'
import { above, all, any, below, difference, heldFor, machines, missing, not, rule, sensorsOf } from '../../src/rules/index.js'
import type { Condition, Rule } from '../../src/rules/index.js'
import { epoch, marbles, reading as at } from '../../src/testing/index.js'
import type { OperatorUnderTest } from '../../src/testing/index.js'
import { conditions, oracle } from './condition-oracle.js'
import { sameWithout } from './same-without.js'
import { run } from '../../src/testing/laws/line.js'
import { ordered, outputsOf, reading as bare, second, seconds, smallStreams } from './small-streams.js'

const raising = (rules: readonly Rule[], options: AlarmsOptions = {}): OperatorUnderTest<Alarm> => (time) => pipe(alarms(rules, options, time), filter((item) => item.kind === 'alarm'))
const answering = (rules: readonly Rule[], options: AlarmsOptions = {}): OperatorUnderTest<Alarm | Answer> => (time) => pipe(alarms(rules, options, time), only<Output, 'alarm' | 'answer'>('alarm', 'answer'))

const reading = (seconds: number, ...rest: [machine: string, sensor: string, value: number, quality?: 'good' | 'suspect']) => bare(epoch / second + seconds, ...rest)
const tick = (seconds: number): Input => ({ kind: 'tick', time: epoch + seconds * second })
const short = (transitions: readonly Alarm[]): readonly unknown[] => transitions.map(({ time, machine, rule: id, state }) => `${(time - epoch) / second} ${machine} ${id} ${state}`)

const stales = fc.constantFrom(1, 3, 7, Infinity)
const delay = fc.constantFrom(undefined, '1s', '3s' as const)
/** None clears while it would raise: whether such a rule flaps would hang on how often it is looked at. */
const anyRules = fc
  .array(fc.record({ when: conditions, onDelay: delay, offDelay: delay, clear: fc.option(conditions), machines: fc.constantFrom(undefined, undefined, ['b'], ['a', 'b'], []) }), { minLength: 1, maxLength: 3 })
  .map((made) => made.map(({ when, onDelay, offDelay, clear, machines }, i) => rule({
    id: `r${i}`,
    when,
    ...(onDelay !== undefined && { onDelay }),
    ...(offDelay !== undefined && { offDelay }),
    ...(clear !== null && { clear: all(not(when), clear) }),
    ...(machines !== undefined && { machines }),
  })))

describe('alarms', () => {
  test.prop([anyRules, smallStreams, stales], { numRuns: 300 })('are what the definition says, at each moment', (rules, inputs, stale) => {
    const readings = ordered(inputs)
    const judged = rules.map(({ when, clear, onDelay, offDelay }): readonly [Condition, Condition] => [heldFor(onDelay ?? 0, when), heldFor(offDelay ?? 0, clear ?? not(when))])
    const both = ['a', 'b'].map((machine) => ({ machine, raisedAt: rules.map(() => NaN), judge: oracle(readings.filter((each) => each.machine === machine), stale * second) }))
    const expected = seconds(inputs).flatMap((time) => both.flatMap(({ machine, raisedAt, judge }) => rules.flatMap(({ id, machines: only }, i) => {
      if (only?.includes(machine) === false) return []
      const raised = !Number.isNaN(raisedAt[i])
      if (judge(judged[i]![raised ? 1 : 0], time, 'close').truth !== true) return []
      const since = raised ? raisedAt[i]! : time
      raisedAt[i] = raised ? NaN : time
      return [{ time, machine, rule: id, state: raised ? 'cleared' : 'raised', raisedAt: since }]
    })))
    const all = outputsOf(raising(rules, { stale: stale * second }), inputs)
    const seen = all.filter(({ state }) => state === 'raised' || state === 'cleared')
    expect(seen.map(({ time, machine, rule: id, state, raisedAt }) => ({ time, machine, rule: id, state, raisedAt }))).toEqual(expected)
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
    expect(seen.filter(({ state }) => state === 'cleared').every(({ occurrence }) => seen.some((each) => each.state === 'raised' && each.occurrence === occurrence))).toBe(true)
    expect(outputsOf(raising(rules, { stale: stale * second }), inputs)).toEqual(all)
  })

  test.prop([anyRules, smallStreams, stales], { numRuns: 100 })('mark what stands while a sensor that may clear it is unknown, and so is whether it has cleared', (rules, inputs, stale) => {
    const all = outputsOf(raising(rules, { stale: stale * second }), inputs)
    const readings = ordered(inputs)
    for (const machine of ['a', 'b']) {
      const judge = oracle(readings.filter((each) => each.machine === machine), stale * second)
      for (const { id, clear, when } of rules) {
        const condition = clear ?? not(when)
        for (const time of seconds(inputs)) {
          const last = all.findLast((each) => each.machine === machine && each.rule === id && each.time <= time)
          if (last === undefined || last.state === 'cleared' || (last.state === 'raised' && last.time === time)) continue
          const unheard = sensorsOf(condition).some((sensor) => judge(above(sensor, 0), time, 'close').truth === 'unknown')
          expect(last.noData, `${id} at ${time}`).toBe(unheard && judge(condition, time, 'close').truth === 'unknown' ? true : undefined)
        }
      }
    }
  })

  test.prop([anyRules, smallStreams, stales], { numRuns: 200 })('a machine that was forgotten is as a new one', (rules, inputs, stale) => {
    sameWithout('idle', alarmsBehaviour(rules, { stale: stale * second }), 'machine', inputs)
    sameWithout('indifferent', alarmsBehaviour(rules, { stale: stale * second }), 'machine', inputs)
  })

  test('the example', () => {
    const hot = rule({ id: 'hot', when: above('temperature_coil', 120), onDelay: 3 })
    const alarm = (state: Alarm['state'], value: number, message: string, more: Partial<Alarm>) => (time: number): Alarm => ({
      kind: 'alarm', id: `hot/m/5/${state}`, occurrence: 'hot/m/5', time, machine: 'm', rule: 'hot', state, status: state === 'raised' ? 'unacknowledged' : 'returned', severity: 'medium', class: 'thermal', message,
      raisedAt: 5, sensor: 'temperature_coil', value, limit: 120, unit: 'degC', ...more,
    })
    marbles((time) => alarms([hot], {}, time))
      .of('a-b-----a---|', { a: at('m', 'temperature_coil', 120), b: at('m', 'temperature_coil', 121) })
      .gives('-----r--c---|', {
        r: alarm('raised', 121, 'm: temperature_coil 121 degC, above 120 degC', { since: 2, clears: 'temperature_coil at or below 120' }),
        c: alarm('cleared', 120, 'm: temperature_coil back at 120 degC', { since: 8 }),
      })
  })

  test('an id tells rule, machine and time, and is safe in a path', () => {
    const [raised] = outputsOf(raising([rule({ id: 'hot', when: above('x', 5) })]), [{ ...reading(0, 'Linie 1/ü', 'x', 6), time: epoch + 0.5 }])
    expect(raised!.id).toBe('hot/Linie%201%2F%C3%BC/2026-01-01T00:00:00.0005Z/raised')
  })

  const hot = rule({ id: 'hot', when: above('x', 5), clear: below('x', 3) })

  test('at the limits themselves nothing turns', () => {
    const inputs = [5, 6, 3, 2, 5].map((value, i) => reading(i, 'm', 'x', value))
    expect(short(outputsOf(raising([hot]), inputs))).toEqual(['1 m hot raised', '3 m hot cleared'])
  })

  test('while it is unknown it stands; a known value that clears is needed', () => {
    const inputs: readonly Input[] = [reading(0, 'm', 'x', 6), reading(1, 'm', 'x', 0, 'suspect'), tick(500), reading(501, 'm', 'x', 4), reading(502, 'm', 'x', 2)]
    expect(short(outputsOf(raising([hot]), inputs))).toEqual(['0 m hot raised', '1 m hot data-lost', '501 m hot data-back', '502 m hot cleared'])
  })

  test('delays begin again behind a suspect reading, and behind a stale value', () => {
    const slow = rule({ ...hot, onDelay: '4s', offDelay: '4s' })
    const suspect: readonly Input[] = [reading(0, 'm', 'x', 6), reading(3, 'm', 'x', 6, 'suspect'), reading(4, 'm', 'x', 6), reading(9, 'm', 'x', 2), reading(12, 'm', 'x', 2, 'suspect'), reading(13, 'm', 'x', 2), tick(30)]
    expect(short(outputsOf(raising([slow]), suspect))).toEqual(['8 m hot raised', '12 m hot data-lost', '13 m hot data-back', '17 m hot cleared'])
    const stale: readonly Input[] = [reading(0, 'm', 'x', 6), reading(3, 'm', 'x', 6), reading(5, 'm', 'x', 6), tick(30)]
    expect(short(outputsOf(raising([slow], { stale: '3s' }), stale))).toEqual(['4 m hot raised', '8 m hot data-lost'])
    expect(short(outputsOf(raising([slow], { stale: '2s' }), stale))).toEqual([])
  })

  test.each([rule({ id: 'hot', when: above('x', 5), onDelay: '30s' }), rule({ id: 'hot', when: heldFor('30s', above('x', 5)) })])(
    'once a second, hot for 30 s: a cool reading at the very moment at which that is over raises nothing, a hot one then does', (slow) => {
      const inputs = (then: number) => Array.from({ length: 31 }, (_, i) => reading(i, 'm', 'x', i < 30 ? 6 : then))
      expect(outputsOf(raising([slow]), [...inputs(5), tick(60)])).toEqual([])
      expect(short(outputsOf(raising([slow]), inputs(6)))).toEqual(['30 m hot raised'])
    })

  test('a hot reading at the very moment at which it would be cleared keeps it', () => {
    const slow = rule({ id: 'hot', when: above('x', 5), offDelay: '4s' })
    expect(short(outputsOf(raising([slow]), [reading(0, 'm', 'x', 6), reading(1, 'm', 'x', 5), reading(5, 'm', 'x', 6), tick(30)]))).toEqual(['0 m hot raised'])
  })

  test('two sensors of one instant are compared as of that instant', () => {
    const rise = rule({ id: 'rise', when: above(difference('x', 'y'), 4) })
    const inputs = [0, 1, 2].flatMap((time) => [reading(time, 'm', 'y', 100 * time), reading(time, 'm', 'x', 100 * time + 4)])
    expect(outputsOf(raising([rise]), inputs)).toEqual([])
  })

  test('names the sensor, value and limit of the part that decided, and the words of the rule', () => {
    const rules = [rule({ id: 'either', when: any(above('x', 5), below('temperature_coil', 0)), severity: 'critical', class: 'support', message: '{machine}: {sensor} at {value} {unit}, limit {limit}' })]
    const [seen] = outputsOf(raising(rules), [reading(0, 'm', 'x', 1), reading(0, 'm', 'temperature_coil', -2.5)])
    expect(seen).toMatchObject({ sensor: 'temperature_coil', value: -2.5, limit: 0, unit: 'degC', severity: 'critical', class: 'support', message: 'm: temperature_coil at -2.5 degC, limit 0' })
    const [rise] = outputsOf(raising([rule({ id: 'rise', when: above(difference('temperature_coil', 'temperature_env'), 80) })]), [reading(0, 'm', 'temperature_coil', 110), reading(0, 'm', 'temperature_env', 25)])
    expect(rise).toMatchObject({ value: 85, limit: 80, unit: 'K', message: 'm: temperature_coil - temperature_env 85 K, above 80 K' })
    expect(rise).not.toHaveProperty('sensor')
  })

  test('the end of the data clears nothing', () => {
    expect(short(outputsOf(raising([hot]), [reading(0, 'm', 'x', 6)]))).toEqual(['0 m hot raised'])
  })

  test('other kinds and sensors that no rule reads are passed over', () => {
    expect(outputsOf(answering([hot]), [reading(0, 'm', 'y', 6), tick(5)])).toEqual([])
  })

  test('two rules of one id are refused', () => {
    expect(() => alarms([hot, rule({ id: 'other', when: above('x', 1) }), hot])).toThrow(new RangeError('rule ids must differ: hot, other, hot'))
  })
})

describe('alarms and their operators', () => {
  const hot = rule({ id: 'hot', when: above('x', 5), clear: below('x', 3) })
  const cold = rule({ id: 'cold', when: below('y', 1) })
  const who = 'Anna'
  const ask = (name: CommandName, fields: Partial<Command> = {}): Command => ({ kind: 'command', time: 0, name, machine: 'm', by: who, ...fields })
  /** At this second, before its readings. */
  const at = (time: number, ...commands: readonly Command[]): readonly Input[] => [tick(time), ...commands]
  const inTurn = (rules: readonly Rule[], inputs: readonly Input[], options: AlarmsOptions = {}): readonly (Alarm | Answer)[] => run(answering(rules, options), { lateness: 0 }, inputs) as readonly (Alarm | Answer)[]
  const told = (outputs: readonly (Alarm | Answer)[]): readonly string[] =>
    outputs.map((out) => {
      const time = (out.time - epoch) / second
      return out.kind === 'alarm' ? `${time} ${out.machine} ${out.rule} ${out.state} -> ${out.status}` : `${time} ${out.machine ?? '?'} ${out.command.name}: ${out.accepted ? `${out.transitions.length} done` : out.reason!}`
    })
  const tell = (rules: readonly Rule[], inputs: readonly Input[], options?: AlarmsOptions): readonly string[] => told(inTurn(rules, inputs, options))
  const x = (time: number, value: number, quality?: 'good' | 'suspect'): Input => reading(time, 'm', 'x', value, quality)
  const y = (time: number, value: number): Input => reading(time, 'm', 'y', value)

  test('from raised to acknowledged to cleared; or the other way round', () => {
    expect(tell([hot], [x(0, 6), ...at(5, ask('acknowledge')), x(6, 2), tick(9)])).toEqual([
      '0 m hot raised -> unacknowledged', '5 m hot acknowledged -> acknowledged', '5 m acknowledge: 1 done', '6 m hot cleared -> normal',
    ])
    expect(tell([hot], [x(0, 6), x(5, 2), ...at(6, ask('acknowledge')), tick(9)])).toEqual([
      '0 m hot raised -> unacknowledged', '5 m hot cleared -> returned', '6 m hot acknowledged -> normal', '6 m acknowledge: 1 done',
    ])
  })

  test('a transition says who asked for it and why, and its answer names it; the words are those of the last announcement', () => {
    const outputs = inTurn([hot], [x(0, 6), ...at(5, ask('shelve', { why: 'being cleaned', until: epoch + 60 * second })), tick(9)])
    const occurrence = 'hot/m/2026-01-01T00:00:00.000Z'
    expect(outputs[1]).toEqual({
      kind: 'alarm', id: `${occurrence}/shelved/2026-01-01T00:00:05.000Z`, occurrence, time: epoch + 5 * second, machine: 'm', rule: 'hot', state: 'shelved', status: 'shelved', severity: 'medium', class: 'mechanical',
      message: 'm: x 6, above 5', sensor: 'x', value: 6, limit: 5, since: epoch, clears: 'x below 3', raisedAt: epoch, by: 'Anna', why: 'being cleaned', until: epoch + 60 * second,
    })
    expect(outputs[2]).toEqual({
      kind: 'answer', time: epoch + 5 * second, machine: 'm', command: { ...ask('shelve', { why: 'being cleaned', until: epoch + 60 * second }), time: epoch + 5 * second }, accepted: true, transitions: [(outputs[1] as Alarm).id],
    })
  })

  test('an alarm that is not raised can be shelved beforehand, again and again, each under its own id', () => {
    const outputs = inTurn([hot], [x(0, 4), ...at(5, ask('shelve'), ask('unshelve'), ask('shelve'), ask('unshelve')), ...at(6, ask('shelve')), tick(9)])
    const alarmsOf = outputs.filter((out) => out.kind === 'alarm')
    expect(alarmsOf.map(({ id }) => id)).toEqual([
      ...['shelved/2026-01-01T00:00:05.000Z', 'unshelved/2026-01-01T00:00:05.000Z.1', 'shelved/2026-01-01T00:00:05.000Z.2', 'unshelved/2026-01-01T00:00:05.000Z.3', 'shelved/2026-01-01T00:00:06.000Z'].map((each) => `hot/m/${each}`),
    ])
    expect(alarmsOf[0]).toMatchObject({ occurrence: 'hot/m', raisedAt: NaN, value: NaN, limit: NaN, message: 'm: hot is shelved' })
  })

  test('a command finds one alarm by its occurrence, by rule and machine, all of a machine, all of an area', () => {
    const plant = machines({ id: 'n', area: 'hall' }, { id: 'm', area: 'hall' }, { id: 'k' })
    const hotAt = (machine: string, time: number) => [reading(time, machine, 'x', 6), reading(time, machine, 'y', 0)]
    const by = (fields: Partial<Command>): readonly string[] => {
      const { machine: _, ...command } = ask('acknowledge')
      return tell([hot, cold], [...hotAt('k', 0), ...hotAt('m', 0), ...hotAt('n', 0), ...at(1, { ...command, ...fields }), tick(9)], { machines: plant }).filter((each) => each.startsWith('1 '))
    }
    expect(by({ occurrence: 'hot/m/2026-01-01T00:00:00.000Z' })).toEqual(['1 m hot acknowledged -> acknowledged', '1 m acknowledge: 1 done'])
    expect(by({ machine: 'n', rule: 'cold' })).toEqual(['1 n cold acknowledged -> acknowledged', '1 n acknowledge: 1 done'])
    expect(by({ machine: 'k' })).toEqual(['1 k hot acknowledged -> acknowledged', '1 k cold acknowledged -> acknowledged', '1 k acknowledge: 2 done'])
    expect(by({ area: 'hall', rule: 'hot' })).toEqual(['1 m hot acknowledged -> acknowledged', '1 m acknowledge: 1 done', '1 n hot acknowledged -> acknowledged', '1 n acknowledge: 1 done'])
  })

  test('what cannot be done is answered with the reason', () => {
    const plant = machines({ id: 'm', area: 'hall' })
    const only = rule({ id: 'other', when: above('x', 1), machines: ['n'] })
    const refusals = (fields: Partial<Command>, name: CommandName = 'acknowledge'): readonly string[] => {
      const { machine: _, ...command } = ask(name)
      return tell([hot, cold, only], [x(0, 6), x(1, 2), x(2, 6), ...at(5, { ...command, ...fields }), tick(9)], { machines: plant }).filter((each) => each.startsWith('5 '))
    }
    expect(refusals({})).toEqual(['5 ? acknowledge: it names no machine, and no occurrence or area that is known'])
    expect(refusals({ rule: 'hot' })).toEqual(['5 ? acknowledge: it names no machine, and no occurrence or area that is known'])
    expect(refusals({ area: 'cellar' })).toEqual(['5 ? acknowledge: it names no machine, and no occurrence or area that is known'])
    expect(refusals({ occurrence: 'nonsense' })).toEqual(['5 ? acknowledge: it names no machine, and no occurrence or area that is known'])
    expect(refusals({ occurrence: 'a/%/b' })).toEqual(['5 ? acknowledge: it names no machine, and no occurrence or area that is known'])
    expect(refusals({ machine: 'typo' })).toEqual(["5 typo acknowledge: no machine 'typo' is known"])
    expect(refusals({ machine: 'm', rule: 'warm' })).toEqual(["5 m acknowledge: no rule 'warm' watches m"])
    expect(refusals({ machine: 'm', rule: 'other' })).toEqual(["5 m acknowledge: no rule 'other' watches m"])
    expect(refusals({ occurrence: 'warm/m/1' })).toEqual(["5 m acknowledge: 'warm/m/1' is no occurrence of a rule that watches m"])
    expect(refusals({ occurrence: 'hot/m/2026-01-01T00:00:00.000Z' })).toEqual(['5 m acknowledge: hot: this is not its present occurrence'])
    expect(refusals({ occurrence: 'hot/m/2026-01-01T00:00:02.000Z', machine: 'm' })).toEqual(['5 m hot acknowledged -> acknowledged', '5 m acknowledge: 1 done'])
    expect(refusals({ occurrence: 'cold/m/2026-01-01T00:00:02.000Z' })).toEqual(['5 m acknowledge: cold: no occurrence of it is open'])
    expect(refusals({ machine: 'm' }, 'unshelve')).toEqual(['5 m unshelve: hot: it is not shelved; cold: it is not shelved'])
    expect(refusals({ machine: 'm', rule: 'hot', until: epoch }, 'shelve')).toEqual(['5 m shelve: hot: until must lie in the future, and 2026-01-01T00:00:00.000Z does not'])
    expect(tell([], [x(0, 1), ...at(1, ask('shelve')), tick(9)])).toEqual(['1 m shelve: no rule watches m'])
  })

  test('a machine in no register takes commands while something is known of it; without a register any does', () => {
    const plant = machines({ id: 'other' })
    expect(tell([hot], [x(0, 4), ...at(59, ask('shelve')), ...at(61, ask('unshelve')), ...at(62, ask('unshelve')), tick(99)], { machines: plant })).toEqual([
      '59 m hot shelved -> shelved', '59 m shelve: 1 done', '61 m hot unshelved -> normal', '61 m unshelve: 1 done', "62 m unshelve: no machine 'm' is known",
    ])
    expect(tell([hot], [...at(0, ask('remove-from-service')), tick(9)])).toEqual(['0 m hot removed-from-service -> out-of-service', '0 m remove-from-service: 1 done'])
  })

  test('a command to a machine of which nothing was heard is carried out, and nothing is judged of it', () => {
    const lost = rule({ id: 'lost', when: missing('x', '5s') })
    expect(tell([lost], [...at(0, ask('shelve', { until: epoch + 9 * second })), tick(50), x(60, 1), tick(100)])).toEqual([
      '0 m lost shelved -> shelved', '0 m shelve: 1 done', '9 m lost unshelved -> normal', '65 m lost raised -> unacknowledged',
    ])
  })

  test('of a machine in no register something is known while one of its values is not stale, or one of its alarms is not normal', () => {
    const options: AlarmsOptions = { machines: machines({ id: 'other' }), stale: '5s' }
    const both = [hot, cold]
    expect(tell(both, [x(0, 4), y(2, 1), ...at(6, ask('shelve', { rule: 'hot', until: epoch + 6500 })), tick(9)], options)).toEqual(['6 m hot shelved -> shelved', '6 m shelve: 1 done', '6.5 m hot unshelved -> normal'])
    expect(tell(both, [x(0, 4), y(2, 1), ...at(7, ask('shelve')), tick(9)], options)).toEqual(["7 m shelve: no machine 'm' is known"])
    expect(tell(both, [x(0, 6), ...at(20, ask('acknowledge')), tick(29)], options)).toEqual(['0 m hot raised -> unacknowledged', '5 m hot data-lost -> unacknowledged', '20 m hot acknowledged -> acknowledged', '20 m acknowledge: 1 done'])
  })

  test('a command that names nobody is carried out for nobody, without a register too', () => {
    const { machine: _, ...nobody } = ask('shelve')
    expect(tell([hot], [x(0, 4), ...at(1, nobody), tick(9)])).toEqual(['1 ? shelve: it names no machine, and no occurrence or area that is known'])
  })

  test('while one part decides it, an alarm is not without data for want of another', () => {
    const either = rule({ id: 'either', when: any(above('x', 5), below('y', 1)) })
    const lost = inTurn([either], [x(0, 6), y(0, 2), x(4, 6), x(8, 6), tick(20)], { stale: '5s' })
    expect(told(lost)).toEqual(['0 m either raised -> unacknowledged', '13 m either data-lost -> unacknowledged'])
    expect(lost.map((out) => out.kind === 'alarm' && out.message)).toEqual(['m: x 6, above 5', 'm: x 6, above 5 (no current data)'])
  })

  test('what delays clearing does not hide that data are lost, and not that they are back', () => {
    expect(tell([rule({ id: 'hot', when: above('x', 5), offDelay: '3s' })], [x(0, 6), x(1, 6, 'suspect'), x(2, 6), tick(9)])).toEqual(['0 m hot raised -> unacknowledged', '1 m hot data-lost -> unacknowledged', '2 m hot data-back -> unacknowledged'])
  })

  test('a sensor without a unit has none in the alarm', () => {
    expect(inTurn([hot], [x(0, 6), tick(9)])[0]).not.toHaveProperty('unit')
  })

  test('a command of the very moment at which an alarm is raised does not acknowledge it: nobody can have seen it', () => {
    expect(tell([hot], [x(0, 4), ...at(5, ask('acknowledge')), x(5, 6), tick(9)])).toEqual(['5 m hot raised -> unacknowledged', '5 m acknowledge: hot: there is nothing to acknowledge'])
  })

  test('while it is shelved nothing is told; when that is over, at the very moment, what holds then is raised', () => {
    const shelf = at(1, ask('shelve', { until: epoch + 10 * second }))
    expect(tell([hot], [x(0, 4), ...shelf, x(3, 6), tick(20)])).toEqual(['1 m hot shelved -> shelved', '1 m shelve: 1 done', '10 m hot unshelved -> normal', '10 m hot raised -> unacknowledged'])
    const [, , , raised] = inTurn([hot], [x(0, 4), ...shelf, x(3, 6), x(7, 8), tick(20)])
    expect(raised).toMatchObject({ id: 'hot/m/2026-01-01T00:00:10.000Z/raised', raisedAt: epoch + 10 * second, value: 8 })
    expect(raised).not.toHaveProperty('by')
    expect(tell([hot], [x(0, 4), ...shelf, x(3, 6), x(10, 5), tick(20)])).toEqual(['1 m hot shelved -> shelved', '1 m shelve: 1 done', '10 m hot unshelved -> normal'])
    expect(tell([hot], [x(0, 4), ...shelf, x(10, 6), tick(20)]).slice(2)).toEqual(['10 m hot unshelved -> normal', '10 m hot raised -> unacknowledged'])
  })

  test('what has not been announced is held by no clear condition: between the limits it is not raised afterwards, nor where nothing is known', () => {
    const shelf = at(1, ask('shelve', { until: epoch + 10 * second }))
    expect(tell([hot], [x(0, 4), ...shelf, x(3, 6), x(4, 4), tick(20)]).slice(2)).toEqual(['10 m hot unshelved -> normal'])
    expect(tell([hot], [x(0, 4), ...shelf, x(3, 6), x(4, 6, 'suspect'), tick(20)]).slice(2)).toEqual(['10 m hot unshelved -> normal'])
  })

  test('what stood before is told again afterwards, unacknowledged; what cleared meanwhile is told as cleared, and over', () => {
    const inputs = [x(0, 6), ...at(1, ask('acknowledge')), ...at(2, ask('remove-from-service'))]
    expect(tell([hot], [...inputs, x(5, 4), ...at(9, ask('return-to-service')), tick(20)]).slice(3)).toEqual([
      '2 m hot removed-from-service -> out-of-service', '2 m remove-from-service: 1 done', '9 m hot returned-to-service -> unacknowledged', '9 m return-to-service: 1 done',
    ])
    expect(tell([hot], [...inputs, x(5, 2), ...at(9, ask('return-to-service')), tick(20)]).slice(5)).toEqual([
      '5 m hot cleared -> out-of-service', '9 m hot returned-to-service -> normal', '9 m return-to-service: 1 done',
    ])
  })

  test('a shelf lasts no longer than the cap, of 8 hours where none is given', () => {
    const ends = (shelveCap?: AlarmsOptions['shelveCap']): readonly string[] =>
      tell([hot], [x(0, 4), ...at(10, ask('shelve', { until: Infinity })), tick(100_000)], shelveCap === undefined ? {} : { shelveCap }).slice(2)
    expect(ends()).toEqual([`${10 + 8 * 3600} m hot unshelved -> normal`])
    expect(ends('1m')).toEqual(['70 m hot unshelved -> normal'])
    for (const shelveCap of [0, Infinity]) expect(() => alarms([hot], { shelveCap })).toThrow(new RangeError(`shelveCap: got ${shelveCap}, expected a finite duration above 0`))
  })

  describe('suppressed by design', () => {
    const idle = rule({ id: 'idle', when: below('x', 5), suppressedBy: below('y', 1) })

    test('a stopped motor has no low-current alarm, and its start is none either', () => {
      expect(tell([idle], [x(0, 9), y(0, 2), x(5, 0), y(5, 0), x(9, 9), y(9, 2), tick(20)])).toEqual(['5 m idle suppressed -> suppressed', '9 m idle unsuppressed -> normal'])
    })

    test('what still holds when it ends is raised then', () => {
      expect(tell([idle], [x(0, 9), y(0, 2), x(5, 0), y(5, 0), y(9, 2), tick(20)])).toEqual(['5 m idle suppressed -> suppressed', '9 m idle unsuppressed -> normal', '9 m idle raised -> unacknowledged'])
    })

    test('unknown does not suppress', () => {
      const inputs: readonly Input[] = [x(0, 0), y(0, 0), reading(5, 'm', 'y', 0, 'suspect'), tick(20)]
      expect(tell([idle], inputs)).toEqual(['0 m idle suppressed -> suppressed', '5 m idle unsuppressed -> normal', '5 m idle raised -> unacknowledged'])
      expect(tell([idle], [x(0, 0), tick(20)])).toEqual(['0 m idle raised -> unacknowledged'])
    })

    test('an alarm that stood is told again', () => {
      expect(tell([idle], [x(0, 0), y(0, 2), y(5, 0), ...at(6, ask('acknowledge')), y(9, 2), tick(20)])).toEqual([
        '0 m idle raised -> unacknowledged', '5 m idle suppressed -> suppressed', '6 m acknowledge: idle: it is suppressed by design', '9 m idle unsuppressed -> unacknowledged',
      ])
    })
  })

  describe('levels', () => {
    const rough = rule({
      id: 'rough', severity: 'medium', when: above('x', 4), onDelay: '10s', message: '{machine} is rough: {value}',
      levels: [{ name: 'alarm', when: above('x', 6), severity: 'high' }, { name: 'trip advice', when: above('x', 8), severity: 'critical', onDelay: '5s', message: '{machine}: stop it' }],
    })

    test('a higher level is told again in the same occurrence, with its severity and words; a lower one is not', () => {
      const outputs = inTurn([{ ...rough, onDelay: 0 }], [x(0, 5), ...at(1, ask('acknowledge')), x(2, 7), x(3, 9), x(4, 9), x(8, 9), x(9, 7), x(10, 5), x(11, 3), tick(20)])
      expect(told(outputs)).toEqual([
        '0 m rough raised -> unacknowledged', '1 m rough acknowledged -> acknowledged', '1 m acknowledge: 1 done', '2 m rough escalated -> unacknowledged', '8 m rough escalated -> unacknowledged', '11 m rough cleared -> returned',
      ])
      const alarmsOf = outputs.filter((out) => out.kind === 'alarm')
      expect(alarmsOf.map(({ severity, level, message, value, limit }) => [severity, level, message, value, limit])).toEqual([
        ['medium', undefined, 'm is rough: 5', 5, 4], ['medium', undefined, 'm is rough: 5', 5, 4], ['high', 'alarm', 'm is rough: 7', 7, 6], ['critical', 'trip advice', 'm: stop it', 9, 8],
        ['critical', 'trip advice', 'm: x back at 3', 3, 4],
      ])
      expect(new Set(alarmsOf.map(({ occurrence }) => occurrence)).size).toBe(1)
    })

    test('a level raises the alarm where the delay of the rule itself is longer', () => {
      const outputs = inTurn([rough], [x(0, 7), tick(20)])
      expect(outputs).toMatchObject([{ time: epoch, state: 'raised', severity: 'high', level: 'alarm', value: 7, limit: 6 }])
      expect(inTurn([rough], [x(0, 9), tick(20)])).toMatchObject([{ state: 'raised', level: 'alarm' }, { time: epoch + 5 * second, state: 'escalated', level: 'trip advice' }])
      expect(inTurn([rough], [x(0, 5), tick(20)])).toMatchObject([{ time: epoch + 10 * second, state: 'raised' }])
    })

    test('one that was reached in silence is what is told afterwards', () => {
      const outputs = inTurn([{ ...rough, onDelay: 0 }], [x(0, 5), ...at(1, ask('shelve')), x(2, 7), ...at(3, ask('unshelve')), tick(20)])
      expect(outputs[3]).toMatchObject({ state: 'unshelved', status: 'unacknowledged', level: 'alarm', severity: 'high', message: 'm is rough: 7', raisedAt: epoch })
    })
  })

  test('latched, it stays until it is acknowledged, gone and reset', () => {
    const latched = rule({ ...hot, latched: true })
    const inputs = [x(0, 6), ...at(1, ask('reset')), x(2, 2), ...at(3, ask('reset')), ...at(4, ask('acknowledge')), ...at(5, ask('reset')), tick(20)]
    expect(tell([latched], inputs)).toEqual([
      '0 m hot raised -> unacknowledged', '1 m reset: hot: its condition still holds', '2 m hot cleared -> latched-unacknowledged', '3 m reset: hot: it must be acknowledged first',
      '4 m hot acknowledged -> latched', '4 m acknowledge: 1 done', '5 m hot reset -> normal', '5 m reset: 1 done',
    ])
    expect(tell([latched], [x(0, 6), x(2, 2), x(3, 6), tick(20)])).toEqual([
      '0 m hot raised -> unacknowledged', '2 m hot cleared -> latched-unacknowledged', '3 m hot closed -> normal', '3 m hot raised -> unacknowledged',
    ])
  })

  const commands = (names: readonly string[]): fc.Arbitrary<Command> => fc.record({
    name: fc.constantFrom<CommandName>('acknowledge', 'acknowledge', 'shelve', 'unshelve', 'reset', 'remove-from-service', 'return-to-service'),
    machine: fc.constantFrom(...names), rule: fc.constantFrom(undefined, 'r0', 'r1'), until: fc.constantFrom(undefined, 0, 7, 20),
  }).map(({ name, machine, rule: id, until }) => ask(name, { machine, ...(id !== undefined && { rule: id }), ...(until !== undefined && { until: epoch + until * second }) }))
  const withCommands = fc.tuple(smallStreams, fc.array(fc.tuple(fc.nat(30), commands(['a', 'b'])), { maxLength: 12 })).map(([stream, asked]) =>
    stream.flatMap((item, i): readonly Input[] => [item, ...asked.filter(([place]) => place === i).map(([, command]) => command)]))
  const wholeRules = fc.tuple(anyRules, fc.array(fc.record({ latched: fc.boolean(), suppressedBy: fc.option(conditions), levels: fc.array(fc.tuple(conditions, delay), { maxLength: 2 }) }), { minLength: 3, maxLength: 3 }))
    .map(([rules, more]) => rules.map((each, i): Rule => {
      const { latched, suppressedBy, levels } = more[i]!
      return {
        ...each, ...(latched && { latched }), ...(suppressedBy !== null && { suppressedBy }),
        ...(levels.length > 0 && { levels: levels.map(([when, onDelay], n) => ({ name: `l${n}`, when, severity: 'high', ...(onDelay !== undefined && { onDelay }) })) }),
      }
    }))

  test.prop([wholeRules, withCommands, stales], { numRuns: 300 })('whatever is asked, each command is answered, no id comes twice, and nothing is announced in silence', (rules, inputs, stale) => {
    const outputs = outputsOf(answering(rules, { stale: stale * second }), inputs)
    const answers = outputs.filter((out) => out.kind === 'answer')
    const told = outputs.filter((out) => out.kind === 'alarm')
    expect(answers.length).toBe(inputs.filter(({ kind }) => kind === 'command').length)
    for (const { accepted, reason, transitions } of answers) {
      expect(accepted).toBe(transitions.length > 0)
      expect(reason === undefined).toBe(accepted)
      for (const id of transitions) expect(told.find((each) => each.id === id)).toMatchObject({ by: who })
    }
    expect(told.filter(({ by }) => by !== undefined).length).toBe(answers.flatMap(({ transitions }) => transitions).length)
    expect(new Set(told.map(({ id }) => id)).size).toBe(told.length)
    const silent = (alarm: Alarm | undefined): boolean => alarm !== undefined && ['shelved', 'suppressed', 'out-of-service'].includes(alarm.status)
    for (const [i, each] of told.entries()) {
      if (['raised', 'escalated', 'acknowledged', 'reset', 'data-lost', 'data-back'].includes(each.state))
        expect(silent(told.slice(0, i).findLast(({ machine, rule: id }) => machine === each.machine && id === each.rule))).toBe(false)
    }
  })

  test.prop([wholeRules, withCommands, stales], { numRuns: 200 })('at each moment, what holds is raised but in silence, and what has cleared does not stand; suppressed is what its condition says', (rules, inputs, stale) => {
    const told = outputsOf(raising(rules, { stale: stale * second }), inputs)
    const readings = ordered(inputs.filter(({ kind }) => kind !== 'command'))
    for (const machine of ['a', 'b']) {
      const judge = oracle(readings.filter((each) => each.machine === machine), stale * second)
      const first = Math.min(...readings.filter((each) => each.machine === machine).map(({ time }) => time))
      for (const { id, when, clear, onDelay, offDelay, suppressedBy, machines: only, latched } of rules) {
        if (only?.includes(machine) === false) continue
        const raise = heldFor(onDelay ?? 0, when)
        const over = heldFor(offDelay ?? 0, clear ?? not(when))
        for (const time of seconds(inputs)) {
          if (time < first) continue
          const own = told.filter((each) => each.machine === machine && each.rule === id && each.time <= time)
          const status = own.at(-1)?.status ?? 'normal'
          const where = `${id} ${machine} at ${(time - epoch) / second}: ${status}`
          const lastOf = (...states: readonly Alarm['state'][]): Alarm['state'] | undefined => own.findLast(({ state }) => states.includes(state))?.state
          expect(lastOf('suppressed', 'unsuppressed') === 'suppressed', where).toBe(suppressedBy !== undefined && judge(suppressedBy, time, 'close').truth === true)
          if (status === 'shelved' || status === 'suppressed' || status === 'out-of-service') continue
          const standing = status === 'unacknowledged' || status === 'acknowledged'
          if (judge(raise, time, 'close').truth === true) expect(standing, where).toBe(true)
          if (standing) expect(judge(over, time, 'close').truth, where).not.toBe(true)
          if (status.startsWith('latched')) expect(latched, where).toBe(true)
        }
      }
    }
  })

  test.prop([wholeRules, withCommands, stales], { numRuns: 200 })('a machine that was forgotten takes commands as a new one', (rules, inputs, stale) => {
    sameWithout('idle', alarmsBehaviour(rules, { stale: stale * second }), 'machine', inputs)
    sameWithout('indifferent', alarmsBehaviour(rules, { stale: stale * second }), 'machine', inputs)
  })
})
