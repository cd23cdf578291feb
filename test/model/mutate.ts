import { standardSensors } from '../../src/model/sensors.js'
import { encodeReading } from '../../src/model/wire.js'

const pieces = ['"', '{', '}', ':', ',', '\\', '[', '0', '-', 'e9', '.', '\u0000', '\n', '\ufeff', '😀', '"value":1,', '"unit":null,', ' ', 'NaN', '\\ud800', '\\u0000']
const values: readonly unknown[] = [null, true, '', '5', 'NaN', -0, -1, 1e300, 0, [], {}, [1], { value: 1 }, '__proto__', 'K', 'kPa', '2025-12-18', '2025-02-30T00:00:00Z', 1766061000, 1766061000123456]

/** A line of the wire with bytes flipped or put in, cut short, a field dropped, doubled or of another type. It may be a sound line, or hold a line break. */
export const mutate = (line: string, next: () => number): Uint8Array => {
  const below = (n: number) => Math.floor(next() * n)
  const bytes = new TextEncoder().encode(line)
  const fields = Object.entries(JSON.parse(line) as Record<string, unknown>)
  const field = below(fields.length)
  const at = below(bytes.length)
  const joined = (entries: readonly (readonly [string, unknown])[]) => new TextEncoder().encode(`{${entries.map(([k, v]) => `${JSON.stringify(k)}: ${JSON.stringify(v)}`).join(', ')}}`)
  switch (below(8)) {
    case 0: return bytes.map((byte, i) => (i === at ? byte ^ (1 << below(8)) : byte))
    case 1: return bytes.map((byte) => (next() < 0.03 ? below(256) : byte))
    case 2: return bytes.slice(0, at)
    case 3: return joined(fields.filter((_, i) => i !== field))
    case 4: return joined(fields.map(([key, value], i) => [key, i === field ? values[below(values.length)] : value]))
    case 5: return joined([...fields, fields[field] ?? ['x', 1]])
    case 6: return Uint8Array.of(...bytes.subarray(0, at), ...new TextEncoder().encode(pieces[below(pieces.length)]), ...bytes.subarray(at))
    default: return Uint8Array.of(...bytes.subarray(0, at), below(256), ...bytes.subarray(at + below(4)))
  }
}

/** As many as the reference file has, about. */
export const ownLines = (): readonly string[] => Array.from({ length: 15_000 }, (_, i) => {
  const [sensor, { unit, range }] = [...standardSensors][i % 7] ?? ['current', { unit: 'A', range: [0, 1] as const }]
  return encodeReading({ kind: 'reading', time: 1766061000000 + i * 1000, machine: `M${i % 3}`, sensor, unit, value: range[0] + ((i * 37) % 100) / 100, quality: 'good' })
})

/** What a whole line says, without any code of ours. */
export const plainly = (line: string) => {
  const { timestamp, machine_id, sensor_type, value, unit } = JSON.parse(line) as Record<'timestamp' | 'machine_id' | 'sensor_type' | 'unit', string> & { value: number }
  return { kind: 'reading', time: Date.parse(timestamp), machine: machine_id, sensor: sensor_type, value, unit: unit === 'C' ? 'degC' : unit, quality: 'good' } as const
}
