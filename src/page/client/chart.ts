import uPlot from 'uplot'
import type { CurveView, LimitView, SpanView } from '../view.js'
import { h, text } from './dom.js'
import { clock, figure, measured, minute, moment, unitText } from './format.js'
import { niceStep, truthShown } from './timeline.js'
import { ranks } from './symbols.js'
import { say, sensorName } from './words.js'

const HEIGHT = 190

/** One sensor over time: from the least to the greatest of each stretch, its limits, and for how long they must be passed. */
export function chart(sensor: string): { readonly element: HTMLElement; draw(curve: CurveView, from: number, to: number, spans: readonly SpanView[]): void; leave(): void } {
  const value = h('span', { class: 'number' })
  const said = h('p', { class: 'unseen' })
  const place = h('div', { class: 'plot', 'aria-hidden': 'true' })
  const note = h('p', { class: 'note' })
  const limitsText = h('span', { class: 'limits' })
  const element = h('figure', { class: 'chart', 'data-sensor': sensor }, h('figcaption', {}, h('h3', {}, sensorName(sensor)), value, limitsText), place, said, note)
  let plot: uPlot | undefined
  let now = 0
  let curve: CurveView | undefined
  let spans: readonly SpanView[] = []
  let suspects: readonly number[] = []
  const resized = new ResizeObserver(() => {
    if (plot !== undefined && place.clientWidth > 0 && plot.width !== place.clientWidth) plot.setSize({ width: place.clientWidth, height: HEIGHT })
  })
  resized.observe(place)
  const color = (name: string): string => getComputedStyle(place).getPropertyValue(name).trim()

  const drawBehind = (u: uPlot): void => {
    if (curve === undefined) return
    const { ctx, bbox } = u
    ctx.save()
    ctx.beginPath()
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
    ctx.clip()
    if (truthShown()) {
      ctx.fillStyle = color('--truth')
      for (const { is, from, to } of spans) {
        if (is !== 'truth') continue
        const [x1, x2] = [u.valToPos(from / 1000, 'x', true), u.valToPos((to ?? now) / 1000, 'x', true)]
        ctx.fillRect(x1, bbox.top, x2 - x1, bbox.height)
      }
    }
    for (const { is, severity, sensor: its, from, to } of spans) {
      if (is !== 'alarm' || its !== undefined && its !== sensor || !curve.limits.some(({ rule }) => spans.some(({ name, from: at }) => name === rule && at === from))) continue
      const [x1, x2] = [u.valToPos(from / 1000, 'x', true), u.valToPos((to ?? now) / 1000, 'x', true)]
      ctx.fillStyle = color(`--${severity ?? 'low'}`)
      ctx.fillRect(x1, bbox.top, Math.max(2, x2 - x1), 4 * devicePixelRatio)
    }
    ctx.restore()
  }
  const drawLimits = (u: uPlot): void => {
    if (curve === undefined) return
    const { ctx, bbox } = u
    const one = devicePixelRatio
    ctx.save()
    ctx.beginPath()
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
    ctx.clip()
    const labels: number[] = []
    for (const { low, high, severity, delay } of [...curve.limits].sort((a, b) => ranks.indexOf(a.severity) - ranks.indexOf(b.severity))) {
      for (const [limit, upper] of [[low, false], [high, true]] as const) {
        if (limit === null) continue
        const y = Math.round(u.valToPos(limit, 'y', true)) + 0.5
        if (y < bbox.top - 1 || y > bbox.top + bbox.height + 1) continue
        ctx.strokeStyle = color(`--${severity}-line`)
        ctx.lineWidth = 1.25 * one
        ctx.setLineDash([6 * one, 4 * one])
        ctx.beginPath()
        ctx.moveTo(bbox.left, y)
        ctx.lineTo(bbox.left + bbox.width, y)
        ctx.stroke()
        ctx.setLineDash([])
        if (delay > 0) {
          const x1 = Math.max(bbox.left, u.valToPos((now - delay) / 1000, 'x', true))
          const x2 = u.valToPos(now / 1000, 'x', true)
          ctx.fillStyle = color(`--${severity}-line`)
          ctx.globalAlpha = 0.22
          ctx.fillRect(x1, upper ? bbox.top : y, Math.max(2, x2 - x1), upper ? y - bbox.top : bbox.top + bbox.height - y)
          ctx.globalAlpha = 1
        }
        if (labels.some((other) => Math.abs(other - y) < 13 * one)) continue
        labels.push(y)
        ctx.font = `${11 * one}px system-ui, sans-serif`
        ctx.textAlign = 'left'
        const above = y - bbox.top > 16 * one
        ctx.textBaseline = above ? 'bottom' : 'top'
        const label = `${ranks.indexOf(severity) + 1} ${say(severity)} ${figure(limit)}`
        const width = ctx.measureText(label).width
        ctx.fillStyle = color('--panel')
        ctx.globalAlpha = 0.8
        ctx.fillRect(bbox.left + 3 * one, above ? y - 15 * one : y + 2 * one, width + 6 * one, 13 * one)
        ctx.globalAlpha = 1
        ctx.fillStyle = color(`--${severity}-text`)
        ctx.fillText(label, bbox.left + 6 * one, above ? y - 2 * one : y + 2 * one)
      }
    }
    ctx.fillStyle = color('--ink')
    for (const time of suspects) {
      const x = u.valToPos(time / 1000, 'x', true)
      ctx.fillRect(x - one, bbox.top + bbox.height - 6 * one, 2 * one, 6 * one)
    }
    ctx.restore()
  }

  const make = (): uPlot => new uPlot({
    width: Math.max(200, place.clientWidth), height: HEIGHT, legend: { show: false }, cursor: { y: false, points: { show: false } }, padding: [8, 8, 0, 0],
    scales: { x: { time: false }, y: { range: (_, least, most) => range(least, most, curve?.limits ?? []) } },
    series: [{}, { stroke: color('--curve'), width: 1.25, points: { show: false }, spanGaps: false }, { stroke: color('--curve'), width: 1.25, points: { show: false }, spanGaps: false }],
    bands: [{ series: [2, 1], fill: color('--curve-fill') }],
    axes: [
      { stroke: color('--dim'), grid: { stroke: color('--grid'), width: 1 }, ticks: { show: false }, font: '11px system-ui, sans-serif', size: 26, gap: 6,
        splits: (_, __, least, most) => { const step = niceStep((most - least) * 1000 / Math.max(2, place.clientWidth / 90)); const found = []; for (let time = Math.ceil((least * 1000) / step) * step; time <= most * 1000; time += step) found.push(time / 1000); return found },
        values: (_, splits) => splits.map((each) => minute(each * 1000)) },
      { stroke: color('--dim'), grid: { stroke: color('--grid'), width: 1 }, ticks: { show: false }, font: '11px system-ui, sans-serif', size: 58, gap: 6, label: unitText(curve?.unit), labelSize: 16, labelFont: '11px system-ui, sans-serif', labelGap: 0,
        values: (_, splits) => splits.map((each) => new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 2, useGrouping: Math.abs(each) >= 10_000 }).format(each)) },
    ],
    hooks: { drawClear: [drawBehind], draw: [drawLimits], setCursor: [(u) => { point(u.cursor.idx ?? undefined) }] },
  }, [[], [], []], place)

  const point = (i: number | undefined): void => {
    if (curve === undefined) return
    const last = curve.time.length - 1
    const at = i ?? last
    const [low, high] = [curve.low[at] ?? null, curve.high[at] ?? null]
    text(value, at < 0 ? '' : `${low === high ? measured(high, curve.unit) : `${figure(low)} – ${measured(high, curve.unit)}`}${i === undefined || i === last ? '' : ` · ${clock(curve.time[at]!)}`}`)
  }
  let theme = ''
  return {
    element,
    draw(latest, from, to, its) {
      ;[curve, now, spans, suspects] = [latest, to, its, latest.suspect]
      const look = `${document.documentElement.dataset['shown'] ?? ''} ${document.documentElement.lang}`
      if (plot !== undefined && look !== theme) {
        plot.destroy()
        plot = undefined
      }
      theme = look
      const nothing = latest.high.every((each) => each === null)
      text(note, nothing ? say('noCurve') : latest.suspect.length > 0 ? say('suspectNote') : '')
      if (place.clientWidth === 0) return
      plot ??= make()
      const gapped = withGaps(latest)
      plot.setData(gapped, false)
      plot.setScale('x', { min: from / 1000, max: to / 1000 })
      const values = latest.high.filter((each) => each !== null)
      text(said, values.length === 0 ? '' : `${sensorName(sensor)}: ${measured(Math.min(...latest.low.filter((each) => each !== null)), latest.unit)} – ${measured(Math.max(...values), latest.unit)}, ${moment(from)} – ${moment(to)}. ${latest.limits.map(({ severity, low, high }) => `${say('limit')} ${say(severity)} ${[low, high].filter((each) => each !== null).map(figure).join(' – ')}`).join('; ')}`)
      if (plot.cursor.idx === null || plot.cursor.left === undefined || plot.cursor.left < 0) point(undefined)
    },
    leave() {
      resized.disconnect()
      plot?.destroy()
    },
  }
}

/** Where nothing was heard there is no line. */
function withGaps({ time, low, high }: CurveView): uPlot.AlignedData {
  const steps = time.slice(1).map((each, i) => each - time[i]!).sort((a, b) => a - b)
  const usual = steps[Math.floor(steps.length / 2)] ?? Infinity
  const x: number[] = []
  const lows: (number | null)[] = []
  const highs: (number | null)[] = []
  time.forEach((each, i) => {
    if (i > 0 && each - time[i - 1]! > 2.5 * usual) {
      x.push((time[i - 1]! + 1) / 1000)
      lows.push(null)
      highs.push(null)
    }
    x.push(each / 1000)
    lows.push(low[i]!)
    highs.push(high[i]!)
  })
  return [x, lows, highs]
}

/** All that is drawn, and the limits that lie near: one that is far off would flatten the curve. */
function range(least: number | null, most: number | null, limits: readonly LimitView[]): [number, number] {
  if (least === null || most === null || !Number.isFinite(least) || !Number.isFinite(most)) return [0, 1]
  const spread = Math.max(most - least, Math.abs(most) * 0.05, 1e-6)
  const near = limits.flatMap(({ low, high }) => [low, high]).filter((each) => each !== null).filter((limit) => limit <= most + Math.max(4 * spread, Math.abs(most)) && limit >= least - Math.max(4 * spread, Math.abs(least)))
  const [low, high] = [Math.min(least, ...near), Math.max(most, ...near)]
  const room = Math.max(high - low, spread) * 0.12
  return [low - room, high + room]
}
