import { join } from 'node:path'
import { goProgram } from './go-program.js'

const VERSION = 'v0.0.0-20260212201848-7aac2a2c5b7c'

/** @returns the program */
export const provideMinio = async (): Promise<string> =>
  join(await goProgram({ name: 'minio', version: VERSION, takes: '3 to 6 minutes', path: `github.com/minio/minio@${VERSION}` }), 'minio')
