/**
 * A number for a machine at each moment, or unknown: plain data. A text is the value of that sensor, held until it is stale.
 * A signal is unknown where a part of it is (no reading yet, stale, suspect), and where its value is not finite (a division by zero).
 */
export type Signal = string | Difference | Sum | Ratio | Absolute | Scaled

interface Difference {
  readonly op: 'difference'
  readonly of: readonly [Signal, Signal]
}

interface Sum {
  readonly op: 'sum'
  readonly of: readonly Signal[]
}

interface Ratio {
  readonly op: 'ratio'
  readonly of: readonly [Signal, Signal]
}

interface Absolute {
  readonly op: 'absolute'
  readonly of: Signal
}

interface Scaled {
  readonly op: 'scaled'
  readonly of: Signal
  readonly by: number
}

/** `a - b`: `difference('temperature_coil', 'temperature_env')` is the rise of a winding. */
export const difference = (a: Signal, b: Signal): Signal => ({ op: 'difference', of: [a, b] })

export const sum = (...of: readonly Signal[]): Signal => ({ op: 'sum', of })

/** `a / b`; unknown where b is 0. */
export const ratio = (a: Signal, b: Signal): Signal => ({ op: 'ratio', of: [a, b] })

export const absolute = (of: Signal): Signal => ({ op: 'absolute', of })

/** `of` times `by`. */
export const scaled = (of: Signal, by: number): Signal => ({ op: 'scaled', of, by })

/** The sensors that a signal reads, each once. */
export function sensorsOfSignal(signal: Signal): readonly string[] {
  if (typeof signal === 'string') return [signal]
  const parts = signal.op === 'absolute' || signal.op === 'scaled' ? [signal.of] : signal.of
  return [...new Set(parts.flatMap(sensorsOfSignal))]
}

/** The signal as text: `temperature_coil - temperature_env`. */
export function signalText(signal: Signal): string {
  if (typeof signal === 'string') return signal
  const part = (inner: Signal): string => (typeof inner === 'string' || inner.op === 'absolute' ? signalText(inner) : `(${signalText(inner)})`)
  switch (signal.op) {
    case 'difference':
      return `${part(signal.of[0])} - ${part(signal.of[1])}`
    case 'sum':
      return signal.of.map(part).join(' + ')
    case 'ratio':
      return `${part(signal.of[0])} / ${part(signal.of[1])}`
    case 'absolute':
      return `|${signalText(signal.of)}|`
    case 'scaled':
      return `${signal.by} * ${part(signal.of)}`
  }
}
