import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Reading, Rejected, Source } from '../model/index.js'
import { jsonlSource } from '../sources/jsonl.js'
import { directoryReader } from '../sources/lake/directory-reader.js'
import { lakeSourceOf } from './lake-source-of.js'
import type { Recording } from './recording.js'
import { wrongUse } from './wrong-use.js'

/** What reads a recording, and what it reads. */
export interface SourceOf {
  readonly what: 'line' | 'reading'
  readonly source: Source<Reading | Rejected>
}

export async function sourceOf({ input, range }: Pick<Recording, 'input' | 'range'>): Promise<SourceOf> {
  // Loaded when it is asked for: it brings the client of S3.
  if (/^s3:/i.test(input)) return { what: 'reading', source: await (await import('./s3-source-of.js')).s3SourceOf(input, range, process.env) }
  if (input !== '-' && !existsSync(input)) throw wrongUse(`${input}: there is no such file or folder`)
  if (input !== '-' && isLake(input)) return { what: 'reading', source: await lakeSourceOf(input, directoryReader(input, input), range) }
  return { what: 'line', source: jsonlSource({ input }) }
}

/** What the folder of a lake holds, of a sink's or of a bucket's copy: a folder, and the beginning of a folder in it. */
const MARKS = [['', 'kind='], ['reading', 'day='], ['raw', 'topic=']] as const

const isLake = (path: string): boolean => statSync(path).isDirectory() && MARKS.some(([folder, begin]) => {
  const below = join(path, folder)
  return existsSync(below) && readdirSync(below, { withFileTypes: true }).some((entry) => entry.isDirectory() && entry.name.startsWith(begin))
})
