import type { Item, Outlook } from 'motorwatch'
import type { Point } from 'motorwatch/sinks/influx'

/** How near a machine is to its nearest limit, as a point of `outlook`: times in seconds. Undefined: another kind. */
export function outlookPoints(item: Item): readonly Point[] | undefined {
  if (item.kind !== 'outlook') return undefined
  const { machine, time, nearest } = item as Outlook
  if (nearest === undefined) return []
  const { rule, signal, value, limit, headroom, of, reachedIn, firesIn } = nearest
  const seconds = (span: number | undefined): number | undefined => (span === undefined ? undefined : span / 1_000)
  return [{ measurement: 'outlook', tags: { machine_id: machine }, fields: { rule, signal, value, limit, headroom, of, reached_in: seconds(reachedIn), fires_in: seconds(firesIn) }, time }]
}
