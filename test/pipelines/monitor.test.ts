import { existsSync, readFileSync } from 'node:fs'
import { fc, test } from '@fast-check/vitest'
import * as t from 'io-ts'
import { map, pipe } from 'rxjs'
import { describe, expect } from 'vitest'
import { decoder } from '../../src/model/index.js'
import type { Alarm, Anomaly, Input, Output, Reading, Rejected, Wire } from '../../src/model/index.js'
import { monitor } from '../../src/pipelines/monitor.js'
import type { MonitorOptions } from '../../src/pipelines/monitor.js'
import { above, machines, nameplate, ownSignal, ownSignals, reference, rule } from '../../src/rules/index.js'
import type { Rule } from '../../src/rules/index.js'
import { arbitraryInputs, checkLaws, epoch } from '../../src/testing/index.js'
import { run } from '../../src/testing/laws/line.js'

const reading = (seconds: number, machine: string, sensor: string, value: number): Reading => ({ kind: 'reading', time: epoch + seconds * 1000, machine, sensor, value, quality: 'good' })
const outputs = (inputs: readonly Input[], options: MonitorOptions = {}, rules: readonly Rule[] = reference): readonly Output[] => run((time) => monitor(rules, options)(time), 'own', inputs) as readonly Output[]
const of = <Kind extends Output['kind']>(kind: Kind, all: readonly Output[]): readonly Extract<Output, { readonly kind: Kind }>[] =>
  all.filter((item): item is Extract<Output, { readonly kind: Kind }> => item.kind === kind)
const short = (all: readonly Output[]): readonly string[] => of('alarm', all).map(({ time, machine, rule: id, state }) => `${(time - epoch) / 1000} ${machine} ${id} ${state}`)
const message = (all: readonly Output[], id: string, state: Alarm['state']): string | undefined => of('alarm', all).find((alarm) => alarm.rule === id && alarm.state === state)?.message

/** Every 5 seconds, and never the same value twice. */
const healthy = (machine: string, from: number, to: number, sensors: Readonly<Record<string, number>> = { temperature_coil: 60, vibration_rotor: 2 }): readonly Reading[] =>
  Array.from({ length: (to - from) / 5 }, (_, i) => from + 5 * i).flatMap((at) => Object.entries(sensors).map(([sensor, value]) => reading(at, machine, sensor, value + (at % 7) / 10)))
const together = (...streams: readonly (readonly Input[])[]): readonly Input[] => streams.flat().sort((a, b) => a.time - b.time)

describe('monitor', () => {
  test('gives everything that flows', () => {
    const undecodable: Rejected = { kind: 'rejected', time: NaN, reason: 'undecodable', detail: 'line: got x, expected one JSON object' }
    const inputs: readonly Input[] = [
      ...healthy('m', 0, 300), undecodable, reading(300, 'm', 'temperature_coil', 130),
      { kind: 'command', time: epoch, name: 'acknowledge', machine: 'm', by: 'operator' }, { kind: 'tick', time: epoch + 500_000 },
    ]
    const all = outputs(inputs)
    expect([...new Set(all.map(({ kind }) => kind))].sort()).toEqual(['alarm', 'anomaly', 'answer', 'command', 'reading', 'rejected', 'snapshot', 'summary', 'tick', 'verdict'])
    expect(of('reading', all).length).toBe(121)
    expect(of('rejected', all)).toEqual([undecodable])
    expect(of('anomaly', all).map(({ reading: { value }, classes }) => [value, classes])).toEqual([[130, ['thermal']]])
    expect(short(all)[0]).toBe('300 m coil-overheating raised')
    expect(new Set(of('summary', all).map(({ sensor }) => sensor))).toEqual(new Set(['temperature_coil', 'vibration_rotor']))
    const times = all.filter(({ kind }) => kind === 'alarm' || kind === 'verdict' || kind === 'reading').map(({ time }) => time)
    expect(times).toEqual([...times].sort((a, b) => a - b))
  })

  test('a suspect reading is kept, marked, and no reason for the alarm of a process rule', () => {
    const all = outputs([...healthy('m', 0, 60), reading(60, 'm', 'temperature_coil', -50), ...healthy('m', 65, 200)])
    expect(of('reading', all).filter(({ quality }) => quality === 'suspect').map(({ value }) => value)).toEqual([-50])
    expect(short(all)).toEqual(['60 m suspect-temperature_coil raised', '125 m suspect-temperature_coil cleared'])
  })

  test('a machine in trouble beyond the range of its instrument does not go silent', () => {
    const seen = short(outputs([...healthy('m', 0, 60, { temperature_coil: 110 }), ...healthy('m', 60, 600, { temperature_coil: 250 })]))
    expect(seen).toEqual(['60 m suspect-temperature_coil raised', '60 m check-temperature_coil raised'])
    const anomalous = of('anomaly', outputs([...healthy('m', 0, 60, { temperature_coil: 250 })]))
    expect(anomalous.length).toBe(12)
  })

  test('judges the pack nameplate by what is known of each machine: alarms, anomalies, and what its instruments can show', () => {
    const register = machines({ id: 'small', nameplate: { ratedCurrent: 10 } }, { id: 'large', nameplate: { ratedCurrent: 100 } })
    const load = (machine: string, current: number): readonly Reading[] => healthy(machine, 0, 200, { current })
    const all = outputs(together(load('small', 20), load('large', 20), load('unknown', 20)), { machines: register }, nameplate())
    expect(short(all)).toEqual(['20 small overload raised', '60 small thermal-image raised'])
    expect(new Set(of('anomaly', all).map(({ machine }) => machine))).toEqual(new Set(['small']))
    const inrush = outputs(together(load('large', 600), load('small', 600)), { machines: register }, nameplate())
    expect(of('reading', inrush).filter(({ quality }) => quality === 'suspect').every(({ machine }) => machine === 'small')).toBe(true)
    expect(short(inrush)).toEqual(expect.arrayContaining(['10 large locked-rotor raised', '0 small check-current raised']))
  })

  test('a sensor that is missing, and is back', () => {
    const all = outputs(together(healthy('m', 0, 600, { current: 20 }), healthy('m', 0, 100), healthy('m', 400, 600)))
    expect(short(all).toSorted()).toEqual([
      '215 m missing-temperature_coil raised', '215 m missing-vibration_rotor raised', '400 m missing-temperature_coil cleared', '400 m missing-vibration_rotor cleared',
    ])
    expect(message(all, 'missing-vibration_rotor', 'raised')).toBe('m: vibration_rotor is missing: nothing was heard of it')
    expect(message(all, 'missing-vibration_rotor', 'cleared')).toBe('m: vibration_rotor is back')
    expect(of('alarm', all)[0]).toMatchObject({ severity: 'low', class: 'instrument', sensor: 'temperature_coil' })
  })

  test('a loose contact is one alarm where it must be well for a while', () => {
    const loose = [[0, 100], [400, 405], [800, 1200]] as const
    const all = outputs(together(healthy('m', 0, 1200, { current: 20 }), ...loose.map(([from, to]) => healthy('m', from, to, { pressure: 1500 }))), { recovered: '5m' })
    expect(short(all).filter((each) => each.includes('missing-pressure'))).toEqual(['215 m missing-pressure raised', '1100 m missing-pressure cleared'])
  })

  test('a sensor of any name is told apart', () => {
    const rules = [rule({ id: 'r', when: above('flow rate', 5) })]
    const all = outputs(together(healthy('m', 0, 300), [reading(0, 'm', 'flow rate', 1), reading(0, 'm', 'flow', 1)]), {}, rules)
    expect(short(all)).toEqual(['120 m missing-flow raised', '120 m missing-flow rate raised'])
    expect(new Set(of('alarm', all).map(({ id }) => id)).size).toBe(2)
  })

  test('a machine that falls silent, and one that was never heard', () => {
    const all = outputs(together(healthy('m', 0, 60), healthy('other', 0, 400)), { expect: ['never', 'm'] })
    expect(short(all).filter((each) => each.includes(' silent '))).toEqual(['120 never silent raised', '175 m silent raised'])
    expect(message(all, 'silent', 'raised')).toBe('never is silent: nothing was heard of any of its sensors')
    expect(of('alarm', all).find((alarm) => alarm.rule === 'silent')).toMatchObject({ severity: 'high', class: 'communication' })
    const back = outputs(together(healthy('m', 0, 60), healthy('m', 300, 400), healthy('other', 0, 400)))
    expect(message(back, 'silent', 'cleared')).toBe('m is heard again')
  })

  test('a machine of the register is missed from when it is expected on', () => {
    const register = machines({ id: 'never', expectedSince: epoch + 100_000 }, { id: 'unasked' })
    const all = outputs(healthy('other', 0, 400), { machines: register })
    expect(short(all)).toEqual(['220 never silent raised'])
    expect(of('alarm', all)[0]?.since).toBe(epoch + 100_000)
  })

  test('its own alarms tell since when, and what would clear them', () => {
    const told = (all: readonly Output[]): readonly unknown[] => of('alarm', all).map(({ rule: id, state, since, clears }) => [id, state, since === undefined ? undefined : (since - epoch) / 1000, clears])
    const inputs = together(healthy('m', 0, 60), healthy('m', 300, 400), healthy('other', 0, 400))
    const missed = (sensor: string, well = ''): readonly unknown[] => [`missing-${sensor}`, 'raised', 55, `a reading of ${sensor}${well}`]
    const raised = told(outputs(inputs)).slice(0, 3)
    expect(raised).toEqual(expect.arrayContaining([missed('temperature_coil'), missed('vibration_rotor'), ['silent', 'raised', 55, 'a reading of any of its sensors']]))
    expect(told(outputs(inputs)).slice(3)).toEqual(expect.arrayContaining([['silent', 'cleared', 300, undefined], ['missing-temperature_coil', 'cleared', 300, undefined]]))
    expect(told(outputs(inputs, { recovered: '30s' }))).toEqual(expect.arrayContaining([missed('temperature_coil', ', and all well for 30s')]))
    const same = Array.from({ length: 200 }, (_, i) => reading(5 * i, 'm', 'pressure', 3000))
    expect(told(outputs([...same, reading(1000, 'm', 'pressure', 3001)]))).toEqual([['stuck-pressure', 'raised', 0, 'another value of pressure'], ['stuck-pressure', 'cleared', 1000, undefined]])
    expect(told(outputs([...healthy('m', 0, 60), reading(60, 'm', 'temperature_coil', -50), ...healthy('m', 65, 200)]))).toEqual([
      ['suspect-temperature_coil', 'raised', 60, 'temperature_coil plausible for 1m'], ['suspect-temperature_coil', 'cleared', 65, undefined],
    ])
  })

  test('a sensor that is stuck, and moves again', () => {
    const same = Array.from({ length: 200 }, (_, i) => reading(5 * i, 'm', 'pressure', 3000))
    const all = outputs([...same, reading(1000, 'm', 'pressure', 3001)])
    expect(short(all)).toEqual(['600 m stuck-pressure raised', '1000 m stuck-pressure cleared'])
    expect(message(all, 'stuck-pressure', 'raised')).toBe('m: pressure shows the very same value all the time: stuck?')
    expect(message(all, 'stuck-pressure', 'cleared')).toBe('m: pressure moves again')
  })

  test('a clock in 2099 is told of, and makes no other reading late', () => {
    const wrong = Array.from({ length: 20 }, (_, i) => ({ ...reading(0, 'wrong', 'current', i), time: Date.UTC(2099, 0, 1) + i * 10_000 }))
    const right = healthy('right', 0, 200)
    const inputs = right.flatMap((each, i) => (i % 4 === 0 ? [each, wrong[i / 4]!] : [each]))
    const all = outputs(inputs)
    expect(of('reading', all).filter(({ machine }) => machine === 'right')).toEqual(right)
    expect(of('rejected', all).every(({ reason, reading: its }) => reason === 'ahead' && its?.machine === 'wrong')).toBe(true)
    expect(short(all).filter((each) => each.includes('clock'))).toEqual([expect.stringMatching(/^\d+ wrong clock raised$/)])
    expect(message(all, 'clock', 'raised')).toMatch(/^wrong: its clock is wrong by 2\d{4}d[\dhms]* or more \(ahead\), and its readings are rejected$/)
  })

  test('a clock that is ten minutes behind is told of, and that it is right again', () => {
    const right = healthy('right', 0, 300)
    const inputs = right.flatMap((each): readonly Input[] => (each.time < epoch + 30_000 ? [each] : [each, { ...each, machine: 'behind', time: each.time - 600_000 }]))
    const all = outputs([...inputs, ...healthy('behind', 295, 300)])
    expect(of('reading', all).filter(({ machine }) => machine === 'right').length).toBe(right.length)
    expect(message(all, 'clock', 'raised')).toBe('behind: its clock is wrong by 9m55s or more (behind), and its readings are rejected')
    expect(message(all, 'clock', 'cleared')).toBe('behind: its clock is right again')
  })

  test('nameplates widen what is plausible: a start at six times the rated current of a 50 A motor is no broken sensor', () => {
    const inputs = [...healthy('m', 0, 30, { current: 45 }), reading(30, 'm', 'current', 300), ...healthy('m', 35, 60, { current: 45 })]
    const suspects = (all: readonly Output[]): number => of('reading', all).filter(({ quality }) => quality === 'suspect').length
    expect(suspects(outputs(inputs))).toBe(1)
    const all = outputs(inputs, { nameplates: new Map([['m', { ratedCurrent: 50 }]]) })
    expect(suspects(all)).toBe(0)
    expect(short(all)).toEqual(['30 m current-anomaly raised', '35 m current-anomaly cleared'])
  })

  test('windows, staleness, silence and sticking are as long as it is told', () => {
    const same = [0, 5, 10, 15].map((at) => reading(at, 'm', 'current', 20))
    const all = outputs([...same, { kind: 'tick', time: epoch + 100_000 }], { window: '10s', stale: '7s', silent: '20s', stuck: '10s' })
    expect(of('summary', all).map(({ start, end }) => [start - epoch, end - epoch])).toEqual([[0, 10_000], [10_000, 20_000]])
    expect(of('snapshot', all).filter(({ missing }) => missing.length > 0).map(({ time }) => time - epoch)).toEqual([22_000])
    expect(short(all).toSorted()).toEqual(['35 m missing-current raised', '35 m silent raised'])
    expect(of('verdict', all).map(({ condition }) => condition).sort()).toEqual(['missing', 'missing current'])
  })

  test('commands reach the alarms of the rules, by machine, occurrence and area, and are answered; the rest of the machine takes no notice', () => {
    const plant = machines({ id: 'm', area: 'hall' }, { id: 'n', area: 'hall' })
    const asked = { kind: 'command', time: 0, by: 'Anna' } as const
    const inputs: readonly Input[] = [
      ...together(healthy('m', 0, 60), healthy('n', 0, 60)), reading(60, 'm', 'temperature_coil', 130), { kind: 'tick', time: epoch + 70_000 },
      { ...asked, name: 'acknowledge', machine: 'm' }, { ...asked, name: 'shelve', area: 'hall' }, { ...asked, name: 'acknowledge', machine: 'never' }, { kind: 'tick', time: epoch + 90_000 },
    ]
    const options = { lateness: 0, ahead: Infinity, machines: plant, shelveCap: '10s' } as const
    const all = outputs(inputs, options, [rule({ id: 'hot', when: above('temperature_coil', 120) })])
    expect(short(all)).toEqual(['60 m hot raised', '70 m hot acknowledged', '70 m hot shelved', '70 n hot shelved', '80 m hot unshelved', '80 n hot unshelved'])
    expect(of('answer', all).map(({ machine, command: { name }, accepted, reason }) => [machine, name, accepted, reason])).toEqual([
      ['m', 'acknowledge', true, undefined], ['m', 'shelve', true, undefined], ['n', 'shelve', true, undefined], ['never', 'acknowledge', false, "no machine 'never' is known"],
    ])
    expect(of('command', all).length).toBe(3)
    const without = outputs(inputs.filter(({ kind }) => kind !== 'command'), options, [])
    for (const kind of ['reading', 'snapshot', 'summary', 'verdict'] as const) expect(of(kind, all)).toEqual(of(kind, without))
  })

  /** A machine whose two rules are raised and cleared every 20 seconds. */
  const restless = (machine: string, times: number): readonly Reading[] => Array.from({ length: 2 * times }, (_, i) => reading(10 * i, machine, 'current', i % 2 === 0 ? 60 : 20))
  const over = [rule({ id: 'over', severity: 'high', when: above('current', 50) }), rule({ id: 'warm', severity: 'low', when: above('current', 40) })]

  test('says nothing of the practice of alarms where it is not asked', () => {
    const asked = { measures: {}, flood: {}, groups: {} }
    const inputs = [...restless('m', 8), { kind: 'tick', time: epoch + 3_600_000 } as const]
    const made = (item: Output): boolean => item.kind === 'alarm-measures' || item.kind === 'alarm-group' || (item.kind === 'verdict' && item.condition === 'flood') || (item.kind === 'alarm' && item.rule === 'flood')
    expect(outputs(inputs, {}, over).some(made)).toBe(false)
    expect(outputs(inputs, asked, over).filter((item) => !made(item))).toEqual(outputs(inputs, {}, over))
  })

  test('measures alarms by the hour, tells of a flood, and gathers what is told of together', () => {
    const all = outputs([...restless('m', 8), { kind: 'tick', time: epoch + 3_610_000 }], { measures: {}, flood: {}, groups: { wait: '1m' }, ahead: Infinity, stuck: '2h', silent: '2h' }, over)
    expect(of('alarm-measures', all).map(({ key, start, end, raised, most, mix, chattering }) => ({ key, start: start - epoch, end: end - epoch, raised, most, mix, chattering }))).toEqual([
      { key: 'plant', start: 0, end: 3_600_000, raised: 16, most: 16, mix: { low: 0.5, medium: 0, high: 0.5, critical: 0 }, chattering: 2 },
    ])
    expect(short(all).filter((each) => each.includes('flood'))).toEqual(['100 plant flood raised', '700 plant flood cleared'])
    expect(message(all, 'flood', 'raised')).toBe('plant: more than 10 alarms within 10m, too many to answer')
    expect(message(all, 'flood', 'cleared')).toBe('plant: the flood of alarms is over')
    expect(of('alarm-group', all).map(({ key, time, raised, alarms }) => [key, (time - epoch) / 1000, raised.length, alarms.length])).toEqual([['m', 60, 8, 2], ['m', 360, 8, 0]])
  })

  test('what another alarm explains is marked, and told of nowhere else', () => {
    const inhibitions = [{ source: { rule: 'over' }, targets: [{ rule: 'warm' }] }]
    const all = outputs([...restless('m', 8), { kind: 'tick', time: epoch + 3_610_000 }], { inhibitions, measures: {}, flood: { above: 7, within: '1h' }, groups: {}, ahead: Infinity, stuck: '2h', silent: '2h' }, over)
    expect(of('alarm', all).filter(({ rule: id }) => id === 'warm').every(({ inhibitedBy }) => inhibitedBy?.startsWith('over/m/') === true)).toBe(true)
    expect(of('alarm', all).filter(({ state }) => state === 'raised').length).toBe(17)
    expect(of('alarm-measures', all).map(({ raised, top }) => [raised, top.map(({ rule: id }) => id)])).toEqual([[8, ['over']]])
    expect(of('alarm-group', all).flatMap(({ raised }) => raised).every(({ rule: id }) => id === 'over')).toBe(true)
    expect(message(all, 'flood', 'raised')).toBe('plant: more than 7 alarms within 1h, too many to answer')
  })

  test("signals of a user's own take part, in rules from the start and in those that come", () => {
    const peak = ownSignal({ name: 'peak', params: t.strict({}), start: () => ({ value: -Infinity }), next: (state, [value = NaN]) => (state.value = value > state.value ? value : state.value) })
    const knock = (limit: number): Rule => rule({ id: 'knock', when: above(peak({}, 'current'), limit) })
    const inputs: readonly Input[] = [...restless('m', 2), { kind: 'rules', time: epoch, rules: { rules: [knock(59)] } }, reading(40, 'm', 'current', 61)]
    expect(short(outputs(inputs, { signals: ownSignals([peak.definition]), ahead: Infinity }, [knock(50)]))).toEqual(['0 m knock raised', '25 m knock closed', '40 m knock raised'])
    expect(() => outputs(inputs, {}, [knock(50)])).toThrow("the signal 'peak' is not known here: give its definition in the option 'signals'")
  })

  test('no input, no output; rules of one id are refused', () => {
    expect(outputs([])).toEqual([])
    expect(() => monitor([reference[0]!, reference[0]!])).toThrow(/rule ids must differ/)
  })

  test('keeps the laws', async () => {
    const report = await checkLaws((time) => monitor(reference, { ahead: Infinity })(time), {
      ordered: true, exceptions: { eviction: 'what is missing is missing for ever, and a value stands until another comes' },
    })
    expect(Object.values(report)).toEqual(Array(6).fill('pass'))
  }, 120_000)

  test('keeps them with all that is made of alarms', async () => {
    const practice: MonitorOptions = {
      measures: { key: 'machine', period: '1m' }, flood: { key: 'machine', above: 2, below: 1, within: '30s' }, groups: { wait: '5s', interval: '20s' },
      inhibitions: [{ source: { class: 'thermal' }, targets: [{ class: 'mechanical' }], within: '3s' }],
    }
    const report = await checkLaws((time) => pipe(monitor(reference, { ahead: Infinity, ...practice })(time), map((item) => ('key' in item && !('machine' in item) ? { ...item, machine: item.key } : item))), {
      ordered: true, exceptions: { eviction: 'as above' }, numRuns: 25,
    })
    expect(Object.values(report)).toEqual(Array(6).fill('pass'))
  }, 120_000)

  const flowing: fc.Arbitrary<readonly Input[]> = fc
    .array(fc.record({ step: fc.constantFrom(0, 0, 500, 1000, 4000), machine: fc.constantFrom('a', 'b', 'c'), sensor: fc.constantFrom('temperature_coil', 'current'), value: fc.constantFrom(20, 45, 50, 51, 120, 121, 300) }), { minLength: 1, maxLength: 40 })
    .map((steps) => {
      let time = epoch
      return steps.map(({ step, ...fields }) => ({ kind: 'reading', time: (time += step), quality: 'good', ...fields }))
    })

  test('keeps them where it doubts what lies far ahead; there machines vouch for each other', async () => {
    const options = { ordered: true, exceptions: { eviction: 'as above', keys: 'a doubtful stamp is believed where another machine agrees' } }
    const copied = arbitraryInputs({ lateness: '5s' }).map((items) => items.map((item) => ({ ...item })))
    await checkLaws((time) => monitor(reference)(time), { ...options, inputs: copied, laws: ['cut', 'journal', 'stays', 'contract'] })
    await checkLaws((time) => monitor(reference)(time), { ...options, inputs: flowing })
  }, 120_000)
})

const file = new URL('../../../shared/data/reference-sensor-data.jsonl', import.meta.url)
const absent = !existsSync(file)

describe.skipIf(absent)(`monitor on the reference data${absent ? ' (SKIPPED: ../shared/data/reference-sensor-data.jsonl is not there)' : ''}`, () => {
  const lines = absent ? [] : readFileSync(file, 'utf8').trimEnd().split('\n')
  const limits: Readonly<Record<string, readonly [low: number, high: number]>> = { temperature_coil: [-Infinity, 120], vibration_rotor: [-Infinity, 5], current: [0, 50], pressure: [1000, 5000] }

  const read = (): readonly Input[] => {
    const { decodeLine } = decoder()
    return lines.map((line) => {
      const read = decodeLine(line)
      if (read._tag === 'Left') throw new Error(`${read.left.field}: ${read.left.got}`)
      return read.right
    })
  }

  test('raises and clears, and finds the anomalies, as the raw lines say', () => {
    const all = outputs(read())
    const ours = of('alarm', all).filter((alarm) => reference.some(({ id }) => id === alarm.rule))
    expect(ours.filter(({ state }) => state === 'raised').length).toBe(806)
    expect(ours.filter(({ state }) => state === 'cleared').length).toBe(804)
    const count = (wanted: string): number => of('anomaly', all).filter(({ classes }) => (classes as readonly string[]).includes(wanted)).length
    expect(['thermal', 'mechanical', 'electrical', 'support'].map(count)).toEqual([224, 201, 230, 235])

    const raw = lines.map((line) => JSON.parse(line) as Wire)
    const beyond = raw.filter(({ sensor_type, value }) => value < (limits[sensor_type]?.[0] ?? -Infinity) || value > (limits[sensor_type]?.[1] ?? Infinity))
    expect(of('anomaly', all).length).toBe(beyond.length)
    const at = raw.filter(({ sensor_type, value }) => limits[sensor_type]?.includes(value))
    expect(at.length).toBe(6)
    const isAnomaly = ({ timestamp, machine_id, sensor_type, value }: Wire): boolean =>
      of('anomaly', all).some(({ reading: its }: Anomaly) => its.time === Date.parse(String(timestamp)) && its.machine === machine_id && its.sensor === sensor_type && its.value === value)
    expect(beyond.slice(0, 20).every(isAnomaly)).toBe(true)
    expect(at.some(isAnomaly)).toBe(false)
  })

  test('its alarms stand where the last value before their end lay beyond the limit', () => {
    const all = outputs(read())
    const standing = new Map<string, boolean>()
    for (const { rule: id, machine, state } of of('alarm', all)) standing.set(`${id} ${machine}`, state === 'raised')
    const last = new Map<string, Reading>()
    for (const item of read()) if (item.kind === 'reading') last.set(`${item.sensor} ${item.machine}`, item)
    const still = [...last.values()].filter(({ sensor, value }) => value < (limits[sensor]?.[0] ?? -Infinity) || value > (limits[sensor]?.[1] ?? Infinity))
    expect([...standing.values()].filter(Boolean).length).toBe(still.length)
    expect(still.length).toBe(2)
  })
})

