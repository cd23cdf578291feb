export { gathered } from './gathered.js'
export type { Gathered } from './gathered.js'
export { plant } from './plant.js'
export type { Plant, PlantOptions } from './plant.js'
export { pageSink } from './page-sink.js'
export { servePage } from './serve-page.js'
export type { Page, PageOptions } from './serve-page.js'
export { stateVerdicts } from './state-verdicts.js'
export type {
  AlarmsKnown, AlarmView, AskedView, Change, CurveView, EventView, LimitView, MachineStateName, MachineView, MeasuresView, Mode, NearestView, PageAbout, PartView, PulseView, SensorView, SeriesView, SpanView,
} from './view.js'
