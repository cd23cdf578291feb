import { existsSync, readFileSync } from 'node:fs'
import { duration, parseMachines, parseRules, parseTimestamp, reference } from 'motorwatch'
import type { Duration, Machines, Rule } from 'motorwatch'
import { fromEnvironment } from 'motorwatch/configuration'
import type { Configuration } from 'motorwatch/configuration'
import { expected, readArguments } from './arguments.js'
import type { Given, Option } from './arguments.js'
import { configured } from './configured.js'
import { didYouMean } from './did-you-mean.js'
import { notifying } from './notifications.js'
import { checkPlaces } from './places.js'
import { isOnServers } from './is-on-servers.js'
import { WrongOption } from './wrong-option.js'

/** What was asked for, with nothing left open. */
export interface Options {
  /** Absent: simulate. */
  readonly input?: string
  /** Absent: those made for the simulated machines. */
  readonly rules?: { readonly name: string; readonly rules: readonly Rule[] }
  /** Event seconds a second. */
  readonly speed: number | 'max'
  /** Milliseconds of event time; absent: endless, or to the end of the input. */
  readonly duration?: number
  readonly machines: number
  readonly seed: number
  readonly out?: string
  readonly report?: string
  /** On servers: send the simulation, or the input, to Kafka; else watch what is there. */
  readonly feed: boolean
  /** On servers: the page of what workers do, and nothing is watched. */
  readonly page: boolean
  /** On servers: the machines of that page, or of the worker. */
  readonly register?: Machines
  readonly untilCaughtUp: boolean
  /** On servers: what would be done is told, and nothing is. */
  readonly dryRun: boolean
  /** On servers: where all partitions begin again; nothing is watched. `journal`: all that there ever was is made again. */
  readonly begin?: 'committed' | 'earliest' | 'latest' | 'journal' | number
  readonly servers: Configuration
  /** Of the live page; absent: there is none. */
  readonly web?: { readonly port?: number; readonly host?: string; readonly zone?: string }
}

/** `terminal`: whether a person looks on; a simulation for a pipe ends by itself, after an hour of event time. Throws `WrongOption`. */
export function parseOptions(args: readonly string[], terminal: boolean, env: Readonly<Record<string, string | undefined>> = process.env): Options | 'help' | 'print-config' {
  const given = readArguments(args)
  if (given.help === true) return 'help'
  if (given['print-config'] === true) return 'print-config'
  const servers = configured(() => fromEnvironment(env))
  const feed = given.feed === true
  checkServers(given, servers)
  const { input, report } = given
  const out = given.out ?? (servers.mqtt === undefined ? undefined : 'motorwatch-data')
  if (input !== undefined) {
    for (const name of ['duration', 'machines', 'seed'] as const)
      if (given[name] !== undefined) throw new WrongOption(`--${name} is for the simulation, and --input is read to its end: leave one of them out`)
    if (input !== '-' && !existsSync(input)) throw new WrongOption(`--input ${input}: there is no such file or folder`)
  }
  const span = given.duration === undefined ? (terminal || input !== undefined ? undefined : 3_600_000) : durationOf(given.duration)
  const rules = given.rules === undefined ? (input === undefined && servers.mqtt === undefined ? undefined : rulesOf('reference')) : rulesOf(given.rules)
  checkPlaces({ ...given, out })
  const web = webOf(given)
  return {
    ...(input === undefined ? {} : { input }),
    ...(rules === undefined ? {} : { rules }),
    speed: given.speed === undefined ? (input === undefined ? 60 : 'max') : speedOf(given.speed),
    ...(span === undefined ? {} : { duration: span }),
    machines: given.machines === undefined ? 5 : wholeNumber('machines', given.machines, 1, 1000),
    seed: given.seed === undefined ? 1 : wholeNumber('seed', given.seed, 0, Number.MAX_SAFE_INTEGER),
    ...(out === undefined ? {} : { out }),
    ...(report === undefined ? {} : { report }),
    feed,
    page: given.page === true,
    ...(given.register === undefined ? {} : { register: registerOf(given.register) }),
    untilCaughtUp: given.until !== undefined,
    dryRun: given['dry-run'] === true,
    ...(given.repair === true ? { begin: 'journal' } : given.rewind === undefined ? {} : { begin: beginningOf(given.rewind) }),
    servers,
    ...(web === undefined ? {} : { web }),
  }
}

function webOf(given: Given): Options['web'] {
  const { port, host, zone } = given
  if (given['no-web'] === true) {
    for (const name of ['port', 'host', 'zone'] as const) if (given[name] !== undefined) throw new WrongOption(`--${name} is for the page, and --no-web leaves it out: leave one of them out`)
    return undefined
  }
  if (zone !== undefined && !isZone(zone)) throw new WrongOption(`--zone ${zone}: ${expected.zone}`)
  return { ...(port === undefined ? {} : { port: wholeNumber('port', port, 0, 65_535) }), ...(host === undefined ? {} : { host }), ...(zone === undefined ? {} : { zone }) }
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }) !== undefined
  } catch {
    return false
  }
}

/** People are told of alarms whatever they are made from. */
const tells = (name: string): boolean => notifying.includes(name as (typeof notifying)[number])

/** What makes sense only on servers, or only without them. */
function checkServers(given: Given, servers: Configuration): void {
  if (given.until !== undefined && given.until !== 'caught-up') throw new WrongOption(`--until ${given.until}: ${expected.until}`)
  if (servers.mqtt !== undefined) {
    const others = Object.keys(servers).filter((name) => name !== 'mqtt' && !tells(name))
    if (others.length > 0) throw new WrongOption(`${others.join(' and ')} ${others.length > 1 ? 'are' : 'is'} configured, and a job that reads from MQTT keeps what it makes in --out: unset MOTORWATCH_MQTT_URL, or the others`)
    for (const name of ['input', 'duration', 'machines', 'seed', 'speed'] as const)
      if (given[name] !== undefined) throw new WrongOption(`--${name} is not for what is read from MQTT: unset MOTORWATCH_MQTT_URL, or leave it out`)
  }
  if (!isOnServers(servers)) {
    const alone = Object.keys(servers).filter((name) => name !== 'mqtt' && !tells(name))
    if (alone.length > 0) throw new WrongOption(`${alone.join(' and ')} ${alone.length > 1 ? 'are' : 'is'} configured, and Kafka is not: set MOTORWATCH_KAFKA_BROKERS too, or leave the others out`)
    for (const name of ['feed', 'until', 'dry-run', 'rewind', 'repair', 'page', 'register'] as const) if (given[name] !== undefined) throw new WrongOption(`--${name} is for Kafka: set MOTORWATCH_KAFKA_BROKERS${name === 'page' ? ', or leave it out: without Kafka there is a page all the time' : ''}`)
    return
  }
  if (given.feed === true) {
    for (const name of ['until', 'dry-run', 'rewind', 'repair', 'page', 'register'] as const) if (given[name] !== undefined) throw new WrongOption(`--${name} is for what watches, and --feed only sends: leave one of them out`)
    return
  }
  if (given.page === true) {
    for (const name of ['until', 'dry-run', 'rewind', 'repair', 'out', 'input', 'duration', 'machines', 'seed', 'speed', 'report', 'no-web'] as const)
      if (given[name] !== undefined) throw new WrongOption(`--${name} is not for --page, which shows what workers do, and keeps nothing: leave one of them out`)
    return
  }
  const tasks = (['dry-run', 'rewind', 'repair', 'until'] as const).filter((name) => given[name] !== undefined)
  if (tasks.length > 1) throw new WrongOption(`${tasks.map((name) => `--${name}`).join(' and ')}: one thing at a time; leave ${tasks.length > 2 ? 'all but one' : 'one of them'} out`)
  for (const name of ['input', 'duration', 'machines', 'seed', 'speed', 'report', 'port', 'host', 'zone', 'no-web'] as const)
    if (given[name] !== undefined) throw new WrongOption(`--${name} is not for what is read from Kafka: ${['port', 'host', 'zone', 'no-web'].includes(name) ? 'for the page of what workers do, add --page' : 'to send it there, add --feed'}; to do without Kafka, unset MOTORWATCH_KAFKA_BROKERS`)
}

function beginningOf(text: string): NonNullable<Options['begin']> {
  if (text === 'committed' || text === 'earliest' || text === 'latest') return text
  const time = parseTimestamp(text)
  if (Number.isNaN(time)) throw new WrongOption(`--rewind ${text}: ${expected.rewind}`)
  return time
}

function rulesOf(name: string): NonNullable<Options['rules']> {
  if (name === 'reference') return { name, rules: reference }
  const parsed = parseRules(read('rules', name, didYouMean(name, ['reference'], (near) => `'${near}'`)))
  if (parsed._tag === 'Left') throw new WrongOption(`--rules ${name}: ${parsed.left}`)
  return { name, rules: parsed.right }
}

function registerOf(name: string): Machines {
  const parsed = parseMachines(read('register', name))
  if (parsed._tag === 'Left') throw new WrongOption(`--register ${name}: ${parsed.left}`)
  return parsed.right
}

function read(option: 'rules' | 'register', name: string, hint = ''): string {
  try {
    return readFileSync(name, 'utf8')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : message
    throw new WrongOption(`--${option} ${name}: ${why}; ${expected[option]}${hint}`)
  }
}

function speedOf(text: string): number | 'max' {
  if (text === 'max') return text
  const speed = Number(text)
  if (!(speed > 0 && speed < Infinity)) throw new WrongOption(`--speed ${text}: ${expected.speed}`)
  return speed
}

function durationOf(text: string): number {
  try {
    const span = duration(text as Duration)
    if (span > 0) return span
  } catch {
    // told below
  }
  throw new WrongOption(`--duration ${text}: ${expected.duration}`)
}

function wholeNumber(name: Option, text: string, low: number, high: number): number {
  const number = /^\d+$/.test(text) ? Number(text) : NaN
  if (!(number >= low && number <= high)) throw new WrongOption(`--${name} ${text}: ${expected[name]}`)
  return number
}
