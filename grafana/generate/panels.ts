import { PanelBuilder as BarChart } from '@grafana/grafana-foundation-sdk/barchart'
import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog'
import { BigValueColorMode, GraphThresholdsStyleConfigBuilder, GraphThresholdsStyleMode, ReduceDataOptionsBuilder, VizOrientation } from '@grafana/grafana-foundation-sdk/common'
import { FieldColorBuilder, FieldColorModeId, ThresholdsConfigBuilder, ThresholdsMode } from '@grafana/grafana-foundation-sdk/dashboard'
import type { Panel, Threshold } from '@grafana/grafana-foundation-sdk/dashboard'
import { PanelBuilder as Stat } from '@grafana/grafana-foundation-sdk/stat'
import { PanelBuilder as StateTimeline } from '@grafana/grafana-foundation-sdk/statetimeline'
import { PanelBuilder as Table } from '@grafana/grafana-foundation-sdk/table'
import { PanelBuilder as TimeSeries } from '@grafana/grafana-foundation-sdk/timeseries'

export const SOURCE = { type: 'influxdb', uid: 'motorwatch' }

/** The SDK has no query of InfluxDB. */
export const flux = (query: string, refId = 'A'): Builder<Dataquery> => ({ build: () => ({ refId, query, datasource: SOURCE }) as unknown as Dataquery })

/** What a panel is of: how wide (of 24) and high it is, and what is asked. */
interface Drawn {
  readonly title: string
  readonly description: string
  readonly query: string
  readonly span: number
  readonly height: number
  readonly unit?: string
}

type Drawing = Stat | BarChart | TimeSeries | Table | StateTimeline

const drawn = <P extends Drawing>(panel: P, { title, description, query, span, height, unit }: Drawn): P => {
  panel.title(title).description(description).datasource(SOURCE).withTarget(flux(query)).span(span).height(height)
  if (unit !== undefined) panel.unit(unit)
  return panel
}

/** Grey is normal: colour is for what is not. */
const GREY = '#8e8e8e'
const AMBER = '#e0a500'
const RED = '#d33c30'

const steps = (...of: readonly (readonly [value: number | null, color: string])[]) =>
  new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(of.map(([value, color]): Threshold => ({ value, color })))

/** One number; amber from `amber` on. */
export const stat = (what: Drawn & { readonly amber?: number }): Builder<Panel> =>
  drawn(new Stat(), what).colorMode(BigValueColorMode.Value).reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false)).noValue('0')
    .thresholds(what.amber === undefined ? steps([null, GREY]) : steps([null, GREY], [what.amber, AMBER]))

export const bars = (what: Drawn): Builder<Panel> =>
  drawn(new BarChart(), what).orientation(VizOrientation.Horizontal).colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Fixed).fixedColor(AMBER)).noValue('none')

export const table = (what: Drawn): Builder<Panel> => drawn(new Table(), what).filterable(true).noValue('none')

export const events = (what: Drawn): Builder<Panel> => drawn(new StateTimeline(), what).noValue('none')

/** Curves, with limits drawn across them: red above the upper one and below the lower one. */
export const curves = (what: Drawn & { readonly limits?: { readonly low?: number; readonly high?: number } }): Builder<Panel> => {
  const panel = drawn(new TimeSeries(), what).lineWidth(1).fillOpacity(0).spanNulls(false)
  if (what.limits === undefined) return panel
  const { low, high } = what.limits
  return panel.thresholds(steps([null, low === undefined ? GREY : RED], ...(low === undefined ? [] : [[low, GREY] as const]), ...(high === undefined ? [] : [[high, RED] as const])))
    .thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed))
}
