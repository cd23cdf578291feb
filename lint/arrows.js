import { dirname, relative, resolve, sep } from 'node:path'
import { onImport } from './on-import.js'

/** What each room under src/ may import besides itself, and does: test/docs/architecture.test.ts holds both. A new room needs a line here. */
export const arrows = {
  model: [],
  time: ['model'],
  detectors: [],
  rules: ['model', 'time', 'detectors'],
  alarms: ['model'],
  operators: ['model', 'time', 'rules', 'alarms'],
  pipelines: ['model', 'time', 'rules', 'operators'],
  page: ['model', 'time', 'rules'],
  net: [],
  kafka: ['model', 'net'],
  lake: ['model'],
  s3: ['net', 'lake'],
  configuration: ['time', 'kafka'],
  sources: ['model', 'net', 'kafka', 'lake', 's3'],
  sinks: ['model', 'time', 'net', 'kafka', 'lake', 's3'],
  metrics: ['model'],
  testing: ['model', 'time', 'rules', 'operators'],
  cli: ['model', 'time', 'rules', 'operators', 'pipelines', 'sources', 'sinks', 'testing', 'kafka', 'lake', 's3', 'configuration'],
}

/** Only the rooms of the servers may load a server's client. */
const clients = /^(kafkajs|minio|mqtt|nodemailer|@influxdata\/[^/]+)(\/|$)/
const clientRooms = ['sources', 'sinks', 'kafka', 's3']
const serverFile = /^(sources|sinks)\/(kafka|influx|minio|mqtt|email)\b/

const wrong = (path, specifier, root) => {
  const [top, ...below] = path.split('/')
  const target = specifier.startsWith('.') ? relative(root, resolve(root, dirname(path), specifier)).split(sep).join('/') : undefined
  if (top === 'examples') {
    if (/^motorwatch\/[^/]+\/[^/]+\//.test(specifier)) return `${specifier} is not among the exports of the package`
    return target !== undefined && !target.startsWith('examples/')
      ? "examples import what users import: 'motorwatch' or 'motorwatch/<room>', never a path into the repository" : undefined
  }
  if (top !== 'src') return undefined
  const room = below.length > 1 ? below[0] : undefined
  if (/^motorwatch(\/|$)/.test(specifier)) return 'inside src/ import by relative path: the name means the built package'
  if (target === undefined) {
    return room !== undefined && clients.test(specifier) && !clientRooms.includes(room)
      ? `src/${room} may not import ${specifier}: a server's client is loaded by its own subpath in src/sources or src/sinks only` : undefined
  }
  if (!`${target}/`.startsWith('src/')) return `src/ never imports from outside src/, and this is ${target}`
  const [other = '', ...rest] = target.split('/').slice(1)
  if (room === undefined) {
    return serverFile.test(target.slice('src/'.length)) ? `the root may not import ${target}: servers are reached by their own subpath` : undefined
  }
  if (other === room) return undefined
  if (rest.length === 0 && !(other in arrows)) return `src/${room} may not import the root of src/: import from the room that has it`
  const may = arrows[room]
  if (may === undefined) return `src/${room} is a new room: say in lint/arrows.js what it may import`
  if (!may.includes(other)) {
    return `src/${room} may not import src/${other}: it may import ${may.length === 0 ? 'nothing of ours' : `only ${may.join(', ')}`}`
  }
  return serverFile.test(`${other}/${rest.join('/')}`) ? `src/${room} may not import ${target}: it would load a server's client` : undefined
}

/** The one-way arrows between the rooms, for type imports and dynamic imports too. */
export default {
  meta: { type: 'problem', schema: [], docs: { description: 'hold the one-way arrows between the rooms' } },
  create: (context) => onImport((node, specifier) => {
    const message = wrong(relative(context.cwd, context.filename).split(sep).join('/'), specifier, context.cwd)
    if (message !== undefined) context.report({ node, message })
  }),
}
