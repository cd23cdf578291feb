/** Beginnings of Flux queries over what `influxSink` writes. Grafana puts in the range of time, the width of a pixel and the bucket: `v.timeRangeStart`, `v.windowPeriod`, `v.defaultBucket`. */

const RANGE = 'range(start: v.timeRangeStart, stop: v.timeRangeStop)'

const points = (measurement: string, ...where: readonly string[]): string =>
  `from(bucket: v.defaultBucket)
  |> ${RANGE}
  |> filter(fn: (r) => ${[`r._measurement == "${measurement}"`, ...where].join(' and ')})`

/** Of several fields, each a table of its own. */
export const fields = (measurement: string, names: readonly string[], ...where: readonly string[]): string => points(measurement, `(${names.map((name) => `r._field == "${name}"`).join(' or ')})`, ...where)

/** Of one field. */
export const field = (measurement: string, name: string, ...where: readonly string[]): string => points(measurement, `r._field == "${name}"`, ...where)

/** One row for each point, with its fields as columns. */
export const rows = (measurement: string, ...where: readonly string[]): string =>
  `${points(measurement, ...where)}
  |> pivot(rowKey: ["_time"], columnKey: ["_field"], valueColumn: "_value")`

/** How each alarm stands at the end of the range, told of within thirty days before. */
export const standing = (status: string, ...more: readonly string[]): string =>
  `import "date"

from(bucket: v.defaultBucket)
  |> range(start: date.sub(d: 30d, from: v.timeRangeStop), stop: v.timeRangeStop)
  |> filter(fn: (r) => r._measurement == "alarm")
  |> pivot(rowKey: ["_time"], columnKey: ["_field"], valueColumn: "_value")
  |> tail(n: 1)
${[status, ...more].map((each) => `  |> filter(fn: (r) => ${each})\n`).join('')}  |> group()`

/** Of the machine that is chosen in the dashboard. */
export const CHOSEN = 'r.machine_id == "${machine}"'

export const OPEN = 'r.status != "normal" and r.status != "shelved" and r.status != "suppressed" and r.status != "out-of-service"'

/** Raised alarms, one point each. */
export const RAISED = field('alarm', 'state', 'r._value == "raised"')
