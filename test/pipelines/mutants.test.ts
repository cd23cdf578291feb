import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import type { Item, Reading, Rejected } from 'motorwatch/model'
import { decoder, formatTimestamp } from 'motorwatch/model'
import { monitor, run } from 'motorwatch/pipelines'
import { reference } from 'motorwatch/rules'
import { jsonlSource } from 'motorwatch/sources/jsonl'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { mutate, ownLines, plainly } from '../model/mutate.js'
import { random } from '../random.js'

const file = join(import.meta.dirname, '../../../shared/data/reference-sensor-data.jsonl')
const isThere = existsSync(file)
const of = isThere ? 'the reference file, hour after hour' : 'lines of our own (SKIPPED: ../shared/data/reference-sensor-data.jsonl IS ABSENT)'

const LATENESS = 5_000
const MINUTE = 60_000
const MUTANTS = 105_000

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'motorwatch-mutants-'))
})
afterAll(() => rm(dir, { recursive: true, force: true }))

/** The lines again and again, without those of the last instant, each time as much later as they last: an hour, in the reference file. There is no pause. */
function* repeated(): Generator<string> {
  const lines = isThere ? readFileSync(file, 'utf8').trimEnd().split('\n') : ownLines()
  const documents = lines.map((line) => JSON.parse(line) as { readonly timestamp: string })
  const start = Date.parse(documents[0]!.timestamp)
  const end = Date.parse(documents.at(-1)!.timestamp)
  for (let round = 0; ; round++)
    for (const document of documents) {
      const time = Date.parse(document.timestamp)
      if (time < end) yield JSON.stringify({ ...document, timestamp: formatTimestamp(time + round * (end - start)) })
    }
}

interface Mutated {
  readonly text: Buffer
  readonly lines: number
  readonly untouched: readonly Reading[]
  /** How many mutants are stamped ahead of the true time: within `ahead`, and further. */
  readonly near: number
  readonly far: number
}

/**
 * Every second line is a mutant. None is blank or two lines.
 *
 * The lines are in time order, so an untouched one is late only when the watermark has passed the time of the line before it. One wrong stamp never takes it there:
 * within `ahead`, which equals `LATENESS`, it takes it to the true time at most, and further ahead it is held until the true time comes near, or is rejected.
 * Two at a time may: the one ahead of the other, or in agreement with it. So after a mutant that is stamped ahead of the true time there is no other
 * until the true time has come to its stamp, or a minute on: that is more different times than a held one needs to be rejected.
 */
function everySecondMutated(): Mutated {
  const { decodeLine } = decoder()
  const next = random(20251218)
  const pieces: Uint8Array[] = []
  const untouched: Reading[] = []
  const newline = Uint8Array.of(10)
  let mutants = 0
  let [near, far] = [0, 0]
  let quietUntil = -Infinity
  for (const line of repeated()) {
    const { time } = plainly(line)
    if (untouched.length <= mutants) {
      untouched.push(plainly(line))
      pieces.push(Buffer.from(line), newline)
      continue
    }
    if (mutants === MUTANTS) break
    for (;;) {
      const mutant = mutate(line, next)
      if (mutant.includes(10) || mutant.every((byte) => byte === 9 || byte === 13 || byte === 32) || Buffer.from(mutant).equals(Buffer.from(line))) continue
      const decoded = decodeLine(mutant)
      const stamp = E.isRight(decoded) ? decoded.right.time : NaN
      if (stamp > time && time < quietUntil) continue
      if (stamp > time) {
        quietUntil = Math.min(stamp, time + MINUTE)
        if (stamp <= time + LATENESS) near++
        else far++
      }
      pieces.push(mutant, newline)
      break
    }
    mutants++
  }
  return { text: Buffer.concat(pieces), lines: untouched.length + mutants, untouched, near, far }
}

test(`${MUTANTS} mutants, every second line of ${of}: each is accounted for, and all other readings come out as they are`, { timeout: 300_000 }, async () => {
  const { text, lines, untouched, near, far } = everySecondMutated()
  const path = join(dir, 'mutants.jsonl')
  await writeFile(path, text)

  const counts = { good: 0, suspect: 0, undecodable: 0, late: 0, ahead: 0, duplicate: 0, refused: 0 }
  const readings = new Map<number, Reading[]>()
  const wrong: Rejected[] = []
  const count = (item: Item): void => {
    if (item.kind === 'reading') {
      const reading = item as Reading
      counts[reading.quality]++
      const same = readings.get(reading.time)
      if (same === undefined) readings.set(reading.time, [reading])
      else same.push(reading)
    }
    if (item.kind === 'rejected') {
      const rejected = item as Rejected
      counts[rejected.reason]++
      // every second line, beginning with the second, is a mutant
      if (rejected.reason === 'undecodable' && Number(rejected.where?.split(':').at(-1)) % 2 !== 0) wrong.push(rejected)
    }
  }
  const result = await run({
    source: jsonlSource({ input: path }),
    pipeline: monitor(reference),
    sinks: [{ name: 'counts', open: async () => undefined, write: async (items) => { items.forEach(count) }, save: async () => undefined, close: async () => undefined }],
    signal: new AbortController().signal,
  })

  expect(result.ended).toBe(true)
  const { refused, ...came } = counts
  expect(refused).toBe(0)
  expect(Object.values(came).reduce((sum, n) => sum + n)).toBe(lines)
  expect(lines - untouched.length).toBe(MUTANTS)
  expect(wrong).toEqual([])
  // it was a hunt: everything that can become of a mutant has become of many
  for (const [what, n] of Object.entries(came)) if (what !== 'duplicate') expect(n, what).toBeGreaterThan(100)
  expect(Math.min(near, far)).toBeGreaterThan(100)

  const lost = untouched.filter((reading) => !readings.get(reading.time)?.some((each) => isSame(each, reading)))
  expect(lost).toEqual([])
  expect(counts.good + counts.suspect).toBeGreaterThanOrEqual(untouched.length)
})

const isSame = (a: Reading, b: Reading): boolean =>
  a.machine === b.machine && a.sensor === b.sensor && Object.is(a.value, b.value) && a.unit === b.unit && a.quality === b.quality
