export interface TopicTemplate {
  /** What is subscribed to. */
  readonly filter: string
  /** It is of the namespace of Sparkplug B. */
  readonly sparkplug: boolean
  /** What a topic says of its readings; undefined where it is none of these. */
  match(topic: string): { readonly machine_id?: string; readonly sensor_type?: string } | undefined
}

export const SPARKPLUG = 'spBv1.0/'

const NAMES = { '{machine}': 'machine_id', '{sensor}': 'sensor_type' } as const
const isName = (part: string): part is keyof typeof NAMES => part in NAMES

/** `plant/{machine}/{sensor}`: names at most once each, `+` for any level, `#` at the end for all that is below. Throws a RangeError. */
export function topicTemplate(template: string): TopicTemplate {
  const refuse = (why: string): never => { throw new RangeError(`mqtt source: the topic '${template}' ${why}; expected one such as plant/{machine}/{sensor}`) }
  const parts = template.split('/')
  const sparkplug = template.startsWith(SPARKPLUG)
  if (template === '') refuse('is empty')
  if (parts[0] === '$share') refuse('is a shared subscription, whose messages of one machine would be spread over several')
  for (const [i, part] of parts.entries()) {
    if (part === '+' || (part === '#' && i === parts.length - 1)) continue
    if (isName(part)) {
      if (parts.indexOf(part) < i) refuse(`has ${part} twice`)
      if (sparkplug) refuse('is of Sparkplug B, where births name machines and sensors')
    } else if (/[+#{}\0]/.test(part)) refuse(`has the level '${part}', which is neither a word, {machine}, {sensor}, + nor a last #`)
  }
  const rest = parts.at(-1) === '#'
  const fixed = rest ? parts.slice(0, -1) : parts
  return {
    filter: parts.map((part) => (isName(part) ? '+' : part)).join('/'),
    sparkplug,
    match(topic) {
      const levels = topic.split('/')
      if (rest ? levels.length < fixed.length : levels.length !== fixed.length) return undefined
      const said: { machine_id?: string; sensor_type?: string } = {}
      for (const [i, part] of fixed.entries()) {
        if (isName(part)) said[NAMES[part]] = levels[i]!
        else if (part !== '+' && part !== levels[i]) return undefined
      }
      return said
    },
  }
}
