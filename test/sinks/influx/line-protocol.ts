/** A point as InfluxDB would read it. */
export interface Parsed {
  readonly measurement: string
  readonly tags: Readonly<Record<string, string>>
  readonly fields: Readonly<Record<string, number | string | boolean>>
  readonly nanoseconds: bigint
}

/**
 * The two ways in which InfluxDB's own parser looks for the end of a name or a tag: `before`, a character counts as escaped where a backslash stands before it;
 * `pair`, a backslash takes the next character with it. What is read must not hang on which.
 */
export type Reading = 'before' | 'pair'

/** Reads one line character by character, as models/points.go of InfluxDB 2 does. Throws where it would answer 400. */
export function parseLine(line: string, way: Reading): Parsed {
  let at = 0
  const until = (ends: string): string => {
    const from = at
    while (at < line.length) {
      if (line[at] === '\n') throw new Error(`newline at ${at}`)
      if (way === 'pair' && line[at] === '\\') {
        at += 2
        continue
      }
      if (ends.includes(line[at]!) && !(way === 'before' && line[at - 1] === '\\')) break
      at++
    }
    if (at >= line.length) throw new Error(`nothing of ${JSON.stringify(ends)} behind ${from} in ${line}`)
    if (at === from) throw new Error(`empty at ${from} in ${line}`)
    return line.slice(from, at)
  }
  if (line.startsWith('#')) throw new Error('a comment')
  const measurement = unescape(until(', '), ', ')
  const tags: Record<string, string> = {}
  while (line[at] === ',') {
    at++
    const name = unescape(until('='), ',= ')
    at++
    if (Object.hasOwn(tags, name)) throw new Error(`tag ${name} twice`)
    Object.defineProperty(tags, name, { value: unescape(until(',= '), ',= '), enumerable: true })
    if (line[at] === '=') throw new Error(`a second = at ${at} in ${line}`)
  }
  const fields: Record<string, number | string | boolean> = {}
  do {
    at++
    const name = unescape(until('='), ',= "')
    at++
    let value: number | string | boolean
    if (line[at] === '"') {
      let text = ''
      for (at++; line[at] !== '"'; at++) {
        if (at >= line.length) throw new Error(`no closing quote in ${line}`)
        if (line[at] === '\\' && (line[at + 1] === '"' || line[at + 1] === '\\')) at++
        text += line[at]
      }
      at++
      value = text
    } else {
      const text = until(', ')
      if (!/^(true|false|-?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?)$/.test(text)) throw new Error(`no float: ${text}`)
      value = text === 'true' ? true : text === 'false' ? false : Number(text)
    }
    if (Object.hasOwn(fields, name)) throw new Error(`field ${name} twice`)
    Object.defineProperty(fields, name, { value, enumerable: true })
  } while (line[at] === ',')
  const time = line.slice(at)
  if (!/^ -?\d+$/.test(time)) throw new Error(`no timestamp: ${time}`)
  const nanoseconds = BigInt(time.slice(1))
  if (nanoseconds < -9_223_372_036_854_775_806n || nanoseconds > 9_223_372_036_854_775_806n) throw new Error(`time out of range: ${nanoseconds}`)
  return { measurement, tags, fields, nanoseconds }
}

function unescape(text: string, escapes: string): string {
  let result = ''
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\' && i + 1 < text.length && escapes.includes(text[i + 1]!)) i++
    result += text[i]
  }
  return result
}
