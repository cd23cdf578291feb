import type { Alarm } from '../../model/index.js'
import { show } from '../../model/show.js'

const NAMES = ['machine', 'rule', 'class', 'severity'] as const

/** The topic of an alarm, by a template: what stands in its place is one level, whatever is in the name. Throws a RangeError where it is no topic. */
export function topicOf(template: string, retain: boolean): (alarm: Alarm) => string {
  const strange = [...template.matchAll(/\{([^}]*)\}/g)].map(([, name]) => name!).find((name) => !NAMES.includes(name as (typeof NAMES)[number]))
  if (strange !== undefined) throw new RangeError(`mqtt: topic: got {${strange}}, expected one of ${NAMES.map((name) => `{${name}}`).join(', ')}`)
  if (template === '' || /[+#\0]/.test(template)) throw new RangeError(`mqtt: topic: got ${show(template)}, expected one to publish to, without + and #`)
  if (retain && (!['{machine}', '{rule}'].every((part) => template.includes(part)) || template.includes('{severity}'))) throw new RangeError(`mqtt: topic: got ${show(template)}; where it is retained, expected {machine} and {rule} in it, and no {severity}: so each alarm has one, which says how it stands`)
  return (alarm) => template.replace(/\{(\w+)\}/g, (_, name: (typeof NAMES)[number]) => encodeURIComponent(alarm[name].toWellFormed()))
}
