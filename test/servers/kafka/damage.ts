import { open, readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Kafka } from '../start/index.js'

/** Turns a bit in the middle of a batch, where the broker has it on its disk. */
export async function damage(kafka: Kafka, topic: string, batch: number, partition = 0): Promise<void> {
  const folder = join(dirname(kafka.log), 'data', `${topic}-${partition}`)
  const path = join(folder, (await readdir(folder)).find((name) => name.endsWith('.log'))!)
  const bytes = await readFile(path)
  let start = 0
  for (let i = 0; i < batch; i++) start += 12 + bytes.readInt32BE(start + 8)
  const at = start + 61 + Math.floor((bytes.readInt32BE(start + 8) - 49) / 2)
  const file = await open(path, 'r+')
  await file.write(Buffer.from([bytes[at]! ^ 0x10]), 0, 1, at)
  await file.close()
}
