/** A parameter of the machine as a signal is written: `$ratedCurrent`, `$ratedCurrent * 1.1`. */
export interface Parameter {
  readonly name: string
  readonly by: number
}

/** Undefined where the text is no parameter but a sensor. Throws a `RangeError` for what begins with `$` and is none. */
export function parameterOf(text: string): Parameter | undefined {
  if (!text.startsWith('$')) return undefined
  const [, name, by] = /^\$([A-Za-z_]\w*)(?: \* (-?\d+(?:\.\d+)?(?:e-?\d+)?))?$/.exec(text) ?? []
  if (name === undefined) throw new RangeError(`${JSON.stringify(text)} is no parameter: expected a name, and a factor where one is wanted, such as '$ratedCurrent' or '$ratedCurrent * 1.1'`)
  return { name, by: by === undefined ? 1 : Number(by) }
}
