import protobuf from 'protobufjs/light.js'

const { Root } = protobuf
const field = (type: string, id: number) => ({ type, id })
const many = (type: string, id: number) => ({ rule: 'repeated', type, id })
/** In proto2 a zero is there where it was sent. */
const message = (fields: Readonly<Record<string, object>>) => ({ edition: 'proto2', fields: fields as Record<string, { type: string; id: number }> })
/** What of `sparkplug_b.proto` bears on numbers; all other fields are passed over by their numbers. */
const type = Root.fromJSON({
  nested: {
    Payload: message({ timestamp: field('uint64', 1), metrics: many('Metric', 2), seq: field('uint64', 3) }),
    Metric: message({
      name: field('string', 1), alias: field('uint64', 2), timestamp: field('uint64', 3), datatype: field('uint32', 4), isNull: field('bool', 7), properties: field('PropertySet', 9),
      intValue: field('uint32', 10), longValue: field('uint64', 11), floatValue: field('float', 12), doubleValue: field('double', 13), booleanValue: field('bool', 14), stringValue: field('string', 15),
    }),
    PropertySet: message({ keys: many('string', 1), values: many('PropertyValue', 2) }),
    PropertyValue: message({ intValue: field('uint32', 3), longValue: field('uint64', 4) }),
  },
}).lookupType('Payload')

export interface SparkplugMetric {
  readonly name?: string
  readonly alias?: string
  readonly timestamp?: string
  /** Absent in data: it is that of the birth. */
  readonly datatype?: number
  readonly isNull?: boolean
  readonly properties?: { readonly keys?: readonly string[]; readonly values?: readonly { readonly intValue?: number; readonly longValue?: string }[] }
  readonly intValue?: number
  readonly longValue?: string
  readonly floatValue?: number
  readonly doubleValue?: number
  readonly booleanValue?: boolean
  readonly stringValue?: string
}

/** Whole numbers of 64 bits are text. */
export interface SparkplugPayload {
  readonly timestamp?: string
  readonly seq?: string
  readonly metrics?: readonly SparkplugMetric[]
}

/** Throws where the bytes are none. */
export const decodeSparkplug = (bytes: Uint8Array): SparkplugPayload => type.toObject(type.decode(bytes), { longs: String })

const BOOLEAN = 11

/** The command by which an edge node is asked to tell again what it has. */
export const rebirth = (now: number): Uint8Array =>
  type.encode(type.fromObject({ timestamp: now, metrics: [{ name: 'Node Control/Rebirth', timestamp: now, datatype: BOOLEAN, booleanValue: true }] })).finish()

const SIGNED: Readonly<Record<number, number>> = { 1: 8, 2: 16, 3: 32, 4: 64 }

/** The value of a metric: a number of any type, or what it has instead. */
export function valueOf({ intValue, longValue, floatValue, doubleValue, booleanValue, stringValue }: SparkplugMetric, datatype: number | undefined): unknown {
  const whole = longValue ?? intValue
  if (whole === undefined) return floatValue ?? doubleValue ?? booleanValue ?? stringValue
  const bits = SIGNED[datatype ?? 0]
  return Number(bits === undefined ? whole : BigInt.asIntN(bits, BigInt(whole)))
}

const GOOD = 192

/** The property `Quality`, which is 192 for good, 0 for bad and 500 for stale. */
export function isGood({ properties }: SparkplugMetric): boolean {
  const quality = properties?.values?.[properties.keys?.indexOf('Quality') ?? -1]
  return quality === undefined || Number(quality.longValue ?? quality.intValue ?? GOOD) === GOOD
}
