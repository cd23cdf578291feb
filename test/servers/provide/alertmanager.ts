import { join } from 'node:path'
import { goProgram } from './go-program.js'

/** Later ones lack the files of their page. */
const VERSION = '0.28.1'

/** @returns the program */
export const provideAlertmanager = async (): Promise<string> =>
  join(await goProgram({ name: 'alertmanager', version: VERSION, takes: 'about two minutes', path: `github.com/prometheus/alertmanager/cmd/alertmanager@v${VERSION}` }), 'alertmanager')
