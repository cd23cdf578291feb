// `node --import ./loaded-modules.mjs` appends the URL of every module that is loaded to the file named by LOADED_MODULES,
// and what CommonJS required by itself when the process ends.
import { appendFileSync } from 'node:fs'
import Module, { register } from 'node:module'

const file = process.env.LOADED_MODULES
const hook = `
import { appendFileSync } from 'node:fs'
export const load = (url, context, next) => {
  appendFileSync(${JSON.stringify(file)}, url + '\\n')
  return next(url, context)
}`

register(`data:text/javascript,${encodeURIComponent(hook)}`)
process.on('exit', () => appendFileSync(file, Object.keys(Module._cache).map((path) => `${path}\n`).join('')))
