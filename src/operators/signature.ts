import { crc32 } from 'node:zlib'

/** A number that tells apart what a behaviour was made of, for its `version`: state of other rules is refused, and not taken for its own. */
export function signature(of: unknown): number {
  return crc32(JSON.stringify(of))
}
