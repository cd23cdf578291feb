import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { files } from './generate/files.js'

for (const [path, text] of files) {
  const at = join(import.meta.dirname, path)
  mkdirSync(dirname(at), { recursive: true })
  writeFileSync(at, text)
}
