import type { ObjectReader } from '../lake/object-reader.js'
import type { Reading, Rejected, Source } from '../model/index.js'
import { hoursOf } from '../sources/lake/hours-of.js'
import { lakeSourceIn } from '../sources/lake/lake-source-in.js'
import type { Recording } from './recording.js'
import { wrongUse } from './wrong-use.js'

/** The readings of a lake, once it is known that there are some. */
export async function lakeSourceOf(input: string, store: ObjectReader, range: Recording['range']): Promise<Source<Reading | Rejected>> {
  try {
    await store.open()
    await hoursOf(input, store, range)
  } catch (error) {
    throw wrongUse((error as Error).message)
  } finally {
    await store.close()
  }
  return lakeSourceIn(input, store, input, range)
}
