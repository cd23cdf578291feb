import * as E from 'fp-ts/lib/Either.js'
import { type Decoder, type Reading, type Rejected, type Rejection, type Sensors } from '../../model/index.js'
import type { Message } from './message.js'
import { decodeSparkplug, isGood, type SparkplugMetric, type SparkplugPayload, valueOf } from './sparkplug-payload.js'
import { undecodable } from './undecodable.js'

/** A metric as its birth has named it. */
export interface Born {
  readonly name: string
  readonly alias?: string
  readonly datatype?: number
}

/** What is known of an edge node, as plain data. */
export interface EdgeNode {
  /** Group and edge node, with a slash between. */
  readonly key: string
  readonly bdSeq?: number
  /** Of its last message, 0 to 255. */
  readonly seq: number
  /** Of the node itself (''), and of its devices. */
  readonly born: readonly (readonly [device: string, metrics: readonly Born[]])[]
}

export interface SparkplugCodec {
  decode(message: Message, offset: number): readonly (Reading | Rejected)[]
  /** To go on from: plain data that does not change. */
  save(): readonly EdgeNode[]
}

export interface SparkplugOptions {
  readonly sensors: Sensors
  readonly decoder: Decoder
  readonly saved: readonly EdgeNode[]
  /** The edge node is to tell again what it has. */
  readonly ask: (group: string, node: string) => void
}

/** Of the namespace itself, and of commands: no sensors. */
const CONTROL = /^(bdSeq$|Node Control\/|Device Control\/)/
const COMMANDS = ['NCMD', 'DCMD']
const SOME = 10

/**
 * Sparkplug B: births name metrics and give them aliases, data use these. A metric whose name is a sensor is a reading of the device, or of the edge node where it has none.
 * What cannot be understood, and a gap in the sequence, is `rejected`, and the node is asked for a rebirth. Commands and the state of host applications are passed over: they are no data.
 */
export function sparkplugCodec({ sensors, decoder, saved, ask }: SparkplugOptions): SparkplugCodec {
  const nodes = new Map(saved.map((node) => [node.key, node]))
  const indexes = new WeakMap<readonly Born[], { readonly byAlias: ReadonlyMap<string, Born>; readonly byName: ReadonlyMap<string, Born> }>()

  const indexOf = (metrics: readonly Born[]) => {
    let index = indexes.get(metrics)
    if (index === undefined) {
      index = { byAlias: new Map(metrics.flatMap((metric) => (metric.alias === undefined ? [] : [[metric.alias, metric] as const]))), byName: new Map(metrics.map((metric) => [metric.name, metric])) }
      indexes.set(metrics, index)
    }
    return index
  }
  const bornOf = (node: EdgeNode | undefined, device: string): readonly Born[] | undefined => node?.born.find(([name]) => name === device)?.[1]

  return {
    save: () => [...nodes.values()],
    decode({ topic, payload: bytes, arrived }, offset) {
      const [, group = '', type = '', edge = '', device = '', ...more] = topic.split('/')
      if (group === 'STATE' || COMMANDS.includes(type)) return []
      const reject = (why: Rejection): Rejected => undecodable(why, topic, offset)
      const ofDevice = type.startsWith('D')
      if (!/^[ND](BIRTH|DATA|DEATH)$/.test(type) || edge === '' || ofDevice !== (device !== '') || more.length > 0)
        return [reject({ field: 'topic', got: topic, expected: 'spBv1.0/group/NBIRTH, NDATA or NDEATH/node, or spBv1.0/group/DBIRTH, DDATA or DDEATH/node/device' })]
      let payload: SparkplugPayload
      try {
        payload = decodeSparkplug(bytes)
      } catch (error) {
        return [reject({ field: 'payload', got: `${bytes.length} bytes (${(error as Error).message})`, expected: 'a payload of Sparkplug B' })]
      }
      const { metrics = [], timestamp = arrived } = payload
      const seq = payload.seq === undefined ? undefined : Number(payload.seq)
      const key = `${group}/${edge}`
      const before = nodes.get(key)
      const items: (Reading | Rejected)[] = []
      const rebirth = (why: Rejection): void => {
        ask(group, edge)
        items.push(reject({ ...why, expected: `${why.expected}; a rebirth of ${key} is asked for` }))
      }

      const bdSeqOf = (): { readonly bdSeq?: number } => {
        const metric = metrics.find(({ name }) => name === 'bdSeq')
        return metric === undefined ? {} : { bdSeq: Number(valueOf(metric, undefined)) }
      }
      if (type === 'NDEATH') {
        // The will of an earlier connection may come after a birth.
        if (before?.bdSeq === undefined || before.bdSeq === (bdSeqOf().bdSeq ?? before.bdSeq)) nodes.delete(key)
        return []
      }

      const birth = type.endsWith('BIRTH')
      if (type !== 'NBIRTH' && before !== undefined && seq !== undefined) {
        const ahead = (seq - before.seq - 1 + 256) % 256
        // Further back than forward: it comes again.
        if (ahead < 128) nodes.set(key, { ...before, seq })
        if (ahead > 0 && ahead < 128) rebirth({ field: 'seq', got: `${seq}: ${ahead} ${ahead === 1 ? 'message was' : 'messages were'} lost`, expected: String((before.seq + 1) % 256) })
      }
      if (birth) {
        const born = metrics.flatMap(({ name, alias, datatype }): Born[] => (name === undefined ? [] : [{ name, ...(alias === undefined ? {} : { alias }), ...(datatype === undefined ? {} : { datatype }) }]))
        const node = nodes.get(key)
        nodes.set(key, type === 'NBIRTH' || node === undefined
          ? { key, seq: seq ?? 0, ...(type === 'NBIRTH' ? bdSeqOf() : {}), born: [[device, born]] }
          : { ...node, born: [...node.born.filter(([name]) => name !== device), [device, born]] })
        const others = born.map(({ name }) => name).filter((name) => !sensors.has(name) && !CONTROL.test(name))
        if (others.length > 0) items.push(reject({ field: 'metrics', got: `${others.length} that ${others.length === 1 ? 'is no sensor' : 'are no sensors'}: ${others.slice(0, SOME).join(', ')}${others.length > SOME ? ', ...' : ''}`, expected: 'the names of sensors (option `sensors`); these are passed over until the next birth' }))
      }
      const node = nodes.get(key)
      if (type === 'DDEATH') {
        if (node !== undefined) nodes.set(key, { ...node, born: node.born.filter(([name]) => name !== device) })
        return items
      }

      const born = bornOf(node, device)
      const strangers: string[] = []
      const readingOf = (metric: SparkplugMetric): Reading | Rejected | undefined => {
        const known = born === undefined ? undefined : metric.name === undefined ? indexOf(born).byAlias.get(metric.alias ?? '') : indexOf(born).byName.get(metric.name)
        const name = metric.name ?? known?.name
        if (name === undefined) {
          strangers.push(metric.alias ?? 'nothing')
          return undefined
        }
        if (!sensors.has(name) && (known !== undefined || CONTROL.test(name))) return undefined
        if (metric.isNull === true) return reject({ field: name, got: 'null', expected: 'a value: the edge node has none for it now' })
        const decoded = decoder.decode({ timestamp: Number(metric.timestamp ?? timestamp), machine_id: ofDevice ? device : edge, sensor_type: name, value: valueOf(metric, metric.datatype ?? known?.datatype) })
        if (E.isLeft(decoded)) return reject({ ...decoded.left, field: decoded.left.field === 'value' ? name : decoded.left.field })
        return isGood(metric) ? decoded.right : { ...decoded.right, quality: 'suspect' }
      }
      for (const metric of metrics) {
        const item = readingOf(metric)
        if (item !== undefined) items.push(item)
      }
      if (strangers.length > 0) rebirth({ field: 'alias', got: strangers.slice(0, SOME).join(', '), expected: 'one that a birth has named, and none has been seen' })
      return items
    },
  }
}
