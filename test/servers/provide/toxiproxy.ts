import { join } from 'node:path'
import { goProgram } from './go-program.js'

const VERSION = '2.5.0'

/** @returns the program */
export const provideToxiproxy = async (): Promise<string> =>
  join(await goProgram({ name: 'toxiproxy', version: VERSION, takes: 'about a minute', path: `github.com/Shopify/toxiproxy/v2/cmd/server@v${VERSION}` }), 'server')
