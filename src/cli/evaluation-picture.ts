import type { EChartsOption } from 'echarts'
import { filter, ignoreElements, pipe, tap } from 'rxjs'
import type { Item, Reading } from '../model/index.js'
import { keyed } from '../operators/index.js'
import { sensorsOf, unitOf } from '../rules/index.js'
import type { JudgeOptions, Rule } from '../rules/index.js'
import { standings } from '../testing/standings.js'
import type { Standing } from '../testing/standings.js'
import { recorded } from './recorded.js'
import type { Recording } from './recording.js'
import type { Scored, ScoredEvent } from './score-alarms.js'
import { wrongUse } from './wrong-use.js'

export interface Evaluated {
  readonly recording: Recording
  readonly rules: readonly Rule[]
  readonly scored: Scored
  /** Of each machine. */
  readonly heard: ReadonlyMap<string, { readonly from: number; readonly to: number }>
  readonly judging: JudgeOptions
}

interface Row {
  readonly machine: string
  readonly rule: Rule
  readonly sensor: string
  readonly event: ScoredEvent | undefined
  readonly from: number
  readonly to: number
}

/** What is drawn of a row: pairs of a time and a value. */
interface Curves {
  readonly signal: [number, number][]
  readonly value: [number, number][]
  readonly limit: [number, number][]
}

/** More would be a picture that nobody looks at. */
const ROWS = 12
const POINTS = 600
const WIDTH = 1_000
const HEIGHT = 240

/** Makes pictures, where the package that draws is there; throws for its user where it is not. */
export async function pictureMaker(): Promise<(evaluated: Evaluated) => Promise<string>> {
  const echarts = await import('echarts').catch(() => {
    throw wrongUse('--svg needs the package echarts, which draws: npm install echarts')
  })
  return async (evaluated) => {
    const rows = rowsOf(evaluated)
    const curves = await read(evaluated, rows)
    const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height: Math.max(1, rows.length) * HEIGHT + 20 })
    chart.setOption(picture(evaluated, rows, curves))
    const svg = chart.renderToSVGString()
    // its clock would keep the process alive
    chart.dispose()
    return svg
  }
}

/** A row for each event, with the rule that found it, or the first where none did. Then one for each rule that raised a false alarm on a machine without events. */
function rowsOf({ rules, scored: { events, falseAlarms }, heard }: Evaluated): readonly Row[] {
  const row = (machine: string, id: string | undefined, event?: ScoredEvent): readonly Row[] => {
    const rule = rules.find((each) => each.id === id) ?? rules[0]
    const span = heard.get(machine)
    const sensor = rule === undefined ? undefined : sensorsOf(rule.when)[0]
    if (rule === undefined || span === undefined || sensor === undefined) return []
    // as long before an event as it lasts
    return [{ machine, rule, sensor, event, from: event === undefined ? span.from : Math.max(span.from, 2 * event.from - event.to), to: event === undefined ? span.to : Math.min(span.to, event.to) }]
  }
  const wolves = new Map(falseAlarms.map(({ raised: { machine, rule } }) => [`${machine} ${rule}`, [machine, rule] as const]))
  return [...events.flatMap((event) => row(event.machine, event.first?.raised.rule, event)), ...[...wolves.values()].filter(([machine]) => !events.some((event) => event.machine === machine)).flatMap(([machine, rule]) => row(machine, rule))].slice(0, ROWS)
}

async function read({ recording, judging }: Evaluated, rows: readonly Row[]): Promise<readonly Curves[]> {
  const moments = [...new Set(rows.flatMap(({ from, to }) => Array.from({ length: POINTS }, (_, i) => Math.round(from + ((to - from) * i) / (POINTS - 1)))))].sort((a, b) => a - b)
  const conditions = rows.map(({ rule }) => rule.when)
  const curves = rows.map((): Curves => ({ signal: [], value: [], limit: [] }))
  const extremes = rows.map((): { bucket: number; least: [number, number]; most: [number, number] } => ({ bucket: -1, least: [NaN, NaN], most: [NaN, NaN] }))
  const heard = ({ time, machine, sensor, value }: Reading): void => rows.forEach((row, i) => {
    if (row.machine !== machine || row.sensor !== sensor || time < row.from || time > row.to) return
    const bucket = Math.floor(((time - row.from) / (row.to - row.from)) * POINTS)
    const seen = extremes[i]!
    if (bucket !== seen.bucket) {
      if (seen.bucket >= 0) curves[i]!.signal.push(...[seen.least, seen.most].sort((a, b) => a[0] - b[0]))
      extremes[i] = { bucket, least: [time, value], most: [time, value] }
      return
    }
    if (value < seen.least[1]) seen.least = [time, value]
    if (value > seen.most[1]) seen.most = [time, value]
  })
  const stood = ({ time, machine, conditions: each }: Standing): void => rows.forEach((row, i) => {
    if (row.machine !== machine || time < row.from || time > row.to) return
    const { value, limit } = each[i]!
    curves[i]!.value.push([time, value])
    curves[i]!.limit.push([time, limit])
  })
  await recorded<Item>(recording, (time) => pipe(filter((item: Item): item is Reading => item.kind === 'reading'), tap(heard), keyed(standings(conditions, moments, judging), { key: 'machine' }, time), tap(stood), ignoreElements()), judging.machines)
  return curves
}

function picture({ scored }: Evaluated, rows: readonly Row[], curves: readonly Curves[]): EChartsOption {
  const alarmsOf = ({ machine, from, to }: Row): readonly { readonly time: number; readonly rule: string }[] =>
    [...scored.events.flatMap(({ first }) => first ?? []), ...scored.falseAlarms].map(({ raised }) => raised).filter((raised) => raised.machine === machine && raised.time >= from && raised.time <= to)
  const grids = rows.flatMap((_row, i) => [{ left: 70, right: 20, top: i * HEIGHT + 48, height: 86 }, { left: 70, right: 20, top: i * HEIGHT + 156, height: 56 }])
  const axis = (row: Row, n: number) => ({ type: 'time' as const, gridIndex: n, min: row.from, max: row.to, axisLabel: { show: n % 2 === 1 } })
  const line = (name: string, n: number, data: [number, number][], color: string, dashed = false) =>
    ({ type: 'line' as const, name, xAxisIndex: n, yAxisIndex: n, data: data.filter(([, value]) => Number.isFinite(value)), showSymbol: false, connectNulls: false, lineStyle: { width: 1, color, ...(dashed ? { type: 'dashed' as const } : {}) }, itemStyle: { color } })
  return {
    animation: false,
    title: rows.map((row, i) => ({ left: 70, top: i * HEIGHT + 2, textStyle: { fontSize: 13 }, text: `${row.machine}: ${row.event === undefined ? 'nothing was the matter' : (row.event.what ?? 'event')}${row.event !== undefined && row.event.first === undefined ? ', not found' : ''}; ${row.sensor}, and the value of '${row.rule.id}' against its limit` })),
    grid: grids,
    xAxis: rows.flatMap((row, i) => [axis(row, 2 * i), axis(row, 2 * i + 1)]),
    yAxis: rows.flatMap((row, i) => [{ gridIndex: 2 * i, scale: true, name: unitOf(row.sensor) ?? '', splitNumber: 3 }, { gridIndex: 2 * i + 1, scale: true, splitNumber: 2 }]),
    series: rows.flatMap((row, i) => [
      {
        ...line(row.sensor, 2 * i, curves[i]!.signal, '#4a6fa5'),
        markArea: { silent: true, itemStyle: { color: 'rgba(214, 158, 46, 0.18)' }, data: row.event === undefined ? [] : [[{ xAxis: row.event.from }, { xAxis: row.event.to }]] },
        markLine: { silent: true, symbol: 'none', lineStyle: { color: '#b3261e', type: 'solid' as const }, label: { formatter: '{b}', fontSize: 10 }, data: alarmsOf(row).map(({ time, rule }) => ({ xAxis: time, name: rule })) },
      },
      line('value', 2 * i + 1, curves[i]!.value, '#2f7d5b'),
      line('limit', 2 * i + 1, curves[i]!.limit, '#b3261e', true),
    ]),
  }
}
