import { above, all, any, below, heldFor, machines, monitor, rule, run } from 'motorwatch'
import type { Alarm, Input, Item, Output, Reading, Source } from 'motorwatch'
import { pageSink, plant, stateVerdicts } from 'motorwatch/page'
import type { AlarmView, EventView, MachineView, SpanView } from 'motorwatch/page'
import { reading } from 'motorwatch/testing'
import { describe, expect, test } from 'vitest'
import { bounds } from '../../src/page/plant.js'

const hot = rule({ id: 'hot', severity: 'high', when: any(heldFor('10s', above('temperature_coil', 120)), all(above('current', 20), below('voltage', 380))), onDelay: '5s' })
const coil = reading('m1', 'temperature_coil', 121)

const alarm = (over: Partial<Alarm> = {}): Alarm => ({
  kind: 'alarm', id: 'x', occurrence: 'm1/hot/0', time: 1_000, machine: 'm1', rule: 'hot', state: 'raised', status: 'unacknowledged', severity: 'high', class: 'thermal', message: 'm1: hot',
  raisedAt: 1_000, value: 121, limit: 120, sensor: 'temperature_coil', ...over,
})
const of = <T>(all: Readonly<Record<string, unknown>>, prefix: string): readonly T[] => Object.entries(all).filter(([key]) => key.startsWith(prefix)).map(([, value]) => value as T)

describe('machines', () => {
  test('are there from the beginning, in the order of the register, and unknown until something says what they do', () => {
    const seen = plant({ rules: [], machines: machines({ id: 'b', area: 'hall' }, { id: 'a' }) })
    expect(of<MachineView>(seen.all(), 'machine ').map(({ id, state, heardAt }) => [id, state, heardAt])).toEqual([['b', 'unknown', null], ['a', 'unknown', null]])
  })

  test('are what the verdicts say, and unknown again when none holds', () => {
    const seen = plant({ rules: [] })
    const verdict = (condition: string, truth: boolean | 'unknown'): Item => ({ kind: 'verdict', time: 1, machine: 'm1', condition, truth, margin: 1 }) as Item
    const state = (): unknown => of<MachineView>(seen.all(), 'machine ')[0]?.state
    seen.take([verdict(stateVerdicts.stopped, true)])
    expect(state()).toBe('stopped')
    seen.take([verdict(stateVerdicts.starting, true), verdict(stateVerdicts.stopped, false)])
    expect(state()).toBe('starting')
    seen.take([verdict(stateVerdicts.running, true), verdict(stateVerdicts.starting, false)])
    expect(state()).toBe('running')
    seen.take([verdict(stateVerdicts.running, 'unknown')])
    expect(state()).toBe('unknown')
  })

  test('show what is left of a delay, and no prediction by a trend', () => {
    const seen = plant({ rules: [] })
    const outlook = (more: object): Item => ({ kind: 'outlook', time: 1, machine: 'm1', nearest: { rule: 'hot', signal: 'temperature_coil', value: 119, limit: 120, headroom: 0.1, of: 'limit', ...more } }) as Item
    seen.take([outlook({ reachedIn: 5_000, firesIn: 15_000 })])
    expect(of<MachineView>(seen.all(), 'machine ')[0]?.nearest).toEqual({ rule: 'hot', signal: 'temperature_coil', value: 119, limit: 120, headroom: 0.1, of: 'limit' })
    seen.take([outlook({ pending: true, firesIn: 4_000 })])
    expect(of<MachineView>(seen.all(), 'machine ')[0]?.nearest).toMatchObject({ alarmIn: 4_000 })
  })

  test('have their curves with the limits of the rules, and for how long they must be passed', () => {
    const seen = plant({ rules: [hot] })
    const suspect: Reading = { ...reading('m1', 'current', 900)(3_000), quality: 'suspect' }
    seen.take([coil(1_000), reading('m1', 'current', 12)(1_000), suspect])
    const { curves } = seen.series('m1', 0)!
    expect(curves.map(({ sensor, high, suspect }) => [sensor, high, suspect])).toEqual([['temperature_coil', [121], []], ['current', [12, null], [2_000]]])
    // What stands under `all` is no limit by itself.
    expect(curves.map(({ limits }) => limits)).toEqual([[{ rule: 'hot', severity: 'high', low: null, high: 120, delay: 15_000 }], []])
    expect(seen.series('m2', 0)).toBeUndefined()
    expect(seen.series('m1', 3)).toBeUndefined()
  })
})

describe('alarms', () => {
  test('are there until they are normal, with the parts of their condition as they were when it was raised', () => {
    const seen = plant({ rules: [hot] })
    seen.take([coil(1_000), reading('m1', 'current', 21)(1_000), reading('m1', 'voltage', 390)(1_000), alarm(), reading('m1', 'current', 19)(2_000)])
    const [shown] = of<AlarmView>(seen.all(), 'alarm ')
    expect(shown).toMatchObject({ rule: 'hot', status: 'unacknowledged', commands: true, value: 121, limit: 120 })
    expect(shown?.parts?.map(({ depth, text, truth, margin }) => [depth, text, truth, margin])).toEqual([
      [0, expect.any(String), true, null], [1, expect.stringContaining('temperature_coil above 120'), true, null], [2, 'temperature_coil above 120', true, 1],
      [1, expect.any(String), false, null], [2, 'current above 20', true, 1], [2, 'voltage below 380', false, -10],
    ])
    expect(seen.partsNow('m1', 'hot')?.[4]).toMatchObject({ text: 'current above 20', truth: false, margin: -1 })
    seen.take([alarm({ state: 'acknowledged', status: 'acknowledged', by: 'Sri', time: 3_000 })])
    expect(of<AlarmView>(seen.all(), 'alarm ')[0]).toMatchObject({ status: 'acknowledged', by: 'Sri', parts: shown?.parts })
    seen.take([alarm({ state: 'cleared', status: 'normal', time: 5_000 })])
    expect(of(seen.all(), 'alarm ')).toEqual([])
    expect(of<SpanView>(seen.all(), 'span ').map(({ from, to }) => [from, to])).toEqual([[1_000, 5_000]])
    expect(of<EventView>(seen.all(), 'event ').map((event) => event.is === 'alarm' ? event.state : event.is)).toEqual(['raised', 'acknowledged', 'cleared'])
  })

  test('closed by other rules are gone, and what no rule of ours made takes no commands', () => {
    const seen = plant({ rules: [hot] })
    seen.take([alarm(), alarm({ rule: 'silent', occurrence: 'm1/silent/0' })])
    expect(of<AlarmView>(seen.all(), 'alarm ').map(({ rule: id, commands }) => [id, commands])).toEqual([['hot', true], ['silent', false]])
    seen.take([alarm({ state: 'closed', status: 'normal', why: 'rule removed' })])
    expect(of<AlarmView>(seen.all(), 'alarm ').map(({ rule: id }) => id)).toEqual(['silent'])
  })
})

test('changes, folded one after the other, are the whole', () => {
  const seen = plant({ rules: [hot] })
  let folded: Record<string, unknown> = { ...seen.all() }
  seen.changes()
  const items: Item[] = [coil(1_000), alarm(), reading('m2', 'current', 1)(2_000), alarm({ state: 'cleared', status: 'normal', time: 5_000 }), alarm({ time: 6_000, raisedAt: 6_000, occurrence: 'm1/hot/6' })]
  for (const item of items) {
    seen.take([item])
    const { set, drop } = seen.changes()
    folded = Object.fromEntries(Object.entries({ ...folded, ...set }).filter(([key]) => !drop.includes(key)))
    expect(folded).toEqual(seen.all())
  }
  expect(seen.changes()).toEqual({ set: {}, drop: [] })
})

test('what is kept is bounded, and what falls out is dropped from the pages too', () => {
  const seen = plant({ rules: [hot] })
  for (let i = 0; i < 3 * bounds.events; i++) seen.take([alarm({ time: i, raisedAt: i, state: i % 2 === 0 ? 'raised' : 'cleared', status: i % 2 === 0 ? 'unacknowledged' : 'normal' })])
  expect(of(seen.all(), 'event ')).toHaveLength(bounds.events)
  expect(of(seen.all(), 'span ').length).toBeLessThanOrEqual(bounds.spans)
  seen.changes()
  seen.take([alarm({ time: 1e6, raisedAt: 1e6 })])
  expect(seen.changes().drop.filter((key) => key.startsWith('event '))).toHaveLength(1)
  for (let i = 0; i < bounds.machines + 10; i++) seen.take([reading(`x${i}`, 'current', 1)(1)])
  expect(of(seen.all(), 'machine ').length).toBeLessThanOrEqual(bounds.machines)
})

test('while nobody looks, nothing is gathered for whoever may come', () => {
  const seen = plant({ rules: [hot] })
  const live = (from: number, to: number): void => {
    for (let i = from; i < to; i++) seen.take([alarm({ time: i, raisedAt: i, rule: `r${i}` }), alarm({ time: i, raisedAt: i, rule: `r${i}`, state: 'cleared', status: 'normal' })])
  }
  live(0, bounds.events)
  let folded: Record<string, unknown> = { ...seen.all() }
  seen.changes()
  live(bounds.events, 10 * bounds.events)
  const { set, drop } = seen.changes()
  expect(drop.length).toBeLessThanOrEqual(bounds.events + bounds.spans)
  folded = Object.fromEntries(Object.entries({ ...folded, ...set }).filter(([key]) => !drop.includes(key)))
  expect(folded).toEqual(seen.all())
})

test('measures of alarms are there by their period, in JSON without what is no number, and saved', () => {
  const seen = plant({ rules: [] })
  const measures = (start: number): Item => ({ kind: 'alarm-measures', time: start + 10, key: 'plant', start, end: start + 10, raised: 0, perDay: 0, most: 0, flood: NaN, mix: { low: NaN, medium: NaN, high: NaN, critical: NaN }, targets: { perDay: 150, flood: 0.01, mix: { low: 0.8, medium: 0.15, high: 0.05 } }, top: [], chattering: 0, fleeting: 0, standing: 3 }) as Item
  seen.take(Array.from({ length: bounds.measures + 2 }, (_, i) => measures(10 * i)))
  expect(of(seen.all(), 'measures ')).toHaveLength(bounds.measures)
  expect(seen.all()['measures plant 20']).toEqual({ key: 'plant', start: 20, end: 30, raised: 0, most: 0, chattering: 0, fleeting: 0, standing: 3, targets: { perDay: 150, flood: 0.01, mix: { low: 0.8, medium: 0.15, high: 0.05 } }, top: [], perDay: 0, flood: null })
  const again = plant({ rules: [] })
  again.restore(seen.save())
  expect(of(again.all(), 'measures ')).toEqual(of(seen.all(), 'measures '))
  const { measures: _, ...older } = seen.save() as { readonly measures: unknown }
  plant({ rules: [] }).restore(older)
})

test('what stands is there again after a run went on from its checkpoint', async () => {
  const seen = plant({ rules: [hot] })
  seen.take([coil(1_000), alarm()])
  const again = plant({ rules: [hot] })
  await pageSink(again).open(structuredClone(await pageSink(seen).save()))
  expect(of(again.all(), 'alarm ')).toEqual(of(seen.all(), 'alarm '))
  again.take([alarm({ state: 'cleared', status: 'normal', time: 9_000 })])
  expect(of<SpanView>(again.all(), 'span ').map(({ to }) => to)).toEqual([9_000])
  expect(again.readings).toBe(1)
})

test('other rules are followed, in a run', async () => {
  const seen = plant({ rules: [hot] })
  const items: readonly Input[] = [coil(1_000), { kind: 'rules', time: 0, rules: { rules: [{ id: 'warm', severity: 'low', class: 'thermal', when: { op: 'above', signal: 'temperature_coil', limit: 100 } }] } }, coil(20_000), coil(40_000)]
  const source: Source = { name: 's', async read(accept) {
    await accept({ items, position: 1 })
    return true
  } }
  await run<Input, Output>({ source, pipeline: monitor([hot]), sinks: [pageSink(seen)] })
  expect(of<EventView>(seen.all(), 'event ')).toContainEqual(expect.objectContaining({ is: 'rules', added: 1, removed: 1 }))
  expect(seen.series('m1', 0)?.curves[0]?.limits).toMatchObject([{ rule: 'warm', high: 100 }])
})
