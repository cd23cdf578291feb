import * as E from 'fp-ts/lib/Either.js'
import { type Decoder, type Reading, type Rejected, type Rejection } from '../../model/index.js'
import type { Message } from './message.js'
import { undecodable } from './undecodable.js'
import type { TopicTemplate } from './topic-template.js'

const NOTHING: Rejection = { field: 'line', got: 'no payload (as a retained message is cleared)', expected: 'a number, or one JSON object' }

/** A message of a topic that names machine and sensor. Without a time of its own it is of the moment when it came; a retained one is not, and is rejected. */
export function decodeTopic({ topic, payload, arrived, retained }: Message, offset: number, templates: readonly TopicTemplate[], decoder: Decoder): Reading | Rejected {
  const reject = (why: Rejection): Rejected => undecodable(why, topic, offset, payload)
  const said = templates.map((template) => template.match(topic)).find((each) => each !== undefined)
  if (said === undefined) return reject({ field: 'topic', got: topic, expected: 'one of those that are read; the session of this client is subscribed to others from before' })
  if (payload.length === 0) return reject(NOTHING)
  const decoded = decoder.decodePayload(payload, retained ? said : { ...said, timestamp: arrived })
  if (E.isRight(decoded)) return decoded.right
  const { field, expected } = decoded.left
  return reject(retained && field === 'timestamp' ? { ...decoded.left, expected: `${expected}, of what is retained: it is old, and does not say otherwise how old` } : decoded.left)
}
