import { describeRejection, type Rejected, type Rejection } from '../../model/index.js'

const RAW = 1_000

/** `raw`: the payload, where it is text. */
export const undecodable = (why: Rejection, topic: string, offset: number, payload?: Uint8Array): Rejected => ({
  kind: 'rejected', time: NaN, reason: 'undecodable', detail: describeRejection(why), where: `${topic}@${offset}`,
  ...(payload === undefined ? {} : { raw: Buffer.from(payload.subarray(0, 4 * RAW)).toString().slice(0, RAW) }),
})
