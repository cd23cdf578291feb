import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { checkpointDirectory, machines as register, reference, run } from 'motorwatch'
import type { Batch, Input, Item, Machines, Outlook, Output, Rule, Sink, Source } from 'motorwatch'
import { pageSink, plant, servePage } from 'motorwatch/page'
import type { Page, PageOptions } from 'motorwatch/page'
import { jsonlSink } from 'motorwatch/sinks/jsonl'
import { parquetSink } from 'motorwatch/sinks/parquet'
import { reportSink } from 'motorwatch/sinks/report'
import { fileInbox, memoryInbox, withCommands } from 'motorwatch/sources/commands'
import { jsonlSource } from 'motorwatch/sources/jsonl'
import { simulatedMachines, simulatedNameplate, simulator } from 'motorwatch/sources/simulator'
import { configurationText, fromEnvironment, mqttConnection } from 'motorwatch/configuration'
import type { Configuration } from 'motorwatch/configuration'
import pc from 'picocolors'
import { closingText } from './factory/closing-text.js'
import { endingCheckpoints } from './factory/ending-checkpoints.js'
import { weekOfFaults } from './factory/faults.js'
import { firstRejected } from './factory/first-rejected.js'
import { configured } from './factory/configured.js'
import { help } from './factory/help.js'
import { isOnServers } from './factory/is-on-servers.js'
import type { OnServers } from './factory/is-on-servers.js'
import { notifications } from './factory/notifications.js'
import { parseOptions } from './factory/options.js'
import type { Options } from './factory/options.js'
import { factoryPipeline } from './factory/pipeline.js'
import type { FactoryOptions } from './factory/pipeline.js'
import { besideReport, kept } from './factory/places.js'
import { plainView } from './factory/plain-view.js'
import { machineRules } from './factory/rules.js'
import { terminalView } from './factory/terminal-view.js'
import { withoutDuplicates } from './factory/without-duplicates.js'
import { printable } from './factory/words.js'
import { WrongOption } from './factory/wrong-option.js'

/** What is watched, and by which rules. */
interface Job {
  readonly title: string
  readonly mode: PageOptions['about']['mode']
  readonly source: Source<Item>
  readonly rules: readonly Rule[]
  readonly pipeline: FactoryOptions
  readonly ratedCurrent?: number
}

function simulation({ machines: count, seed, speed, duration, rules }: Options): Job {
  const machines = simulatedMachines(count, seed)
  const faults = weekOfFaults(machines.map(({ id }) => id), seed)
  return {
    mode: 'simulation',
    title: `simulation of ${count} machine${count === 1 ? '' : 's'}, ${speed === 'max' ? 'as fast as it goes' : `x${speed}`}, seed ${seed}`,
    source: simulator({ machines, seed, faults, speed, ...(duration === undefined ? {} : { duration }) }),
    rules: rules?.rules ?? machineRules(machines),
    pipeline: {
      machines: register(...machines.map((machine) => ({ id: machine.id, nameplate: simulatedNameplate(machine) }))),
      nameplates: new Map(machines.map((machine) => [machine.id, simulatedNameplate(machine)])),
      expect: machines.map(({ id }) => id),
      silent: '20s',
      stuck: '2m',
      recovered: '3m',
      spikes: true,
    },
    ratedCurrent: Math.max(...machines.map(({ ratedCurrent }) => ratedCurrent)),
  }
}

function replay(input: string, { speed, rules }: Options): Job {
  return {
    mode: 'replay',
    title: `replay of ${input === '-' ? 'standard input' : printable(input)}${speed === 'max' ? '' : `, x${speed}`}, rules: ${printable(rules?.name ?? '')}`,
    source: jsonlSource({ input, speed }),
    rules: rules?.rules ?? [],
    pipeline: {},
  }
}

async function live(mqtt: NonNullable<Configuration['mqtt']>, { rules, out = '' }: Options): Promise<Job> {
  // Only here: whoever needs no broker does not load its client.
  const { mqttSource } = await import('motorwatch/sources/mqtt')
  const source = configured(() => mqttSource({ ...mqttConnection(mqtt), spool: join(out, kept.spool) }))
  return { title: `watching ${mqtt.MQTT_TOPICS.map(printable).join(', ')} at ${printable(mqtt.MQTT_URL)}, rules: ${printable(rules?.name ?? '')}`, source, rules: rules?.rules ?? [], pipeline: {}, mode: 'live' }
}

async function commandsIn(out: string): Promise<Awaited<ReturnType<typeof fileInbox>>> {
  await mkdir(out, { recursive: true })
  return fileInbox(join(out, kept.commands))
}

function keptIn(out: string): readonly Sink[] {
  return [
    jsonlSink({ path: join(out, kept.alarms), kinds: ['alarm'] }),
    withoutDuplicates(jsonlSink({ path: join(out, kept.rejected), kinds: ['rejected'] })),
    parquetSink({ dir: join(out, kept.lake), kinds: ['reading', 'summary', 'alarm'] }),
  ]
}

/** A run with other rules, or another factory, does not go on from the same checkpoints. */
function identity(rules: readonly Rule[], { input, machines, seed, servers }: Options): string {
  return JSON.stringify({ rules, ...(input === undefined && servers.mqtt === undefined ? { machines, seed } : {}) })
}

/** The first SIGINT or SIGTERM stops in order, the second at once; one that comes with the first is the same, sent on by npm. */
function stopOnSignals(leave: () => void): AbortController {
  const controller = new AbortController()
  let stoppedAt = Infinity
  const stop = (): void => {
    const now = performance.now()
    if (now - stoppedAt > 300) {
      leave()
      process.exit(130)
    }
    stoppedAt = Math.min(stoppedAt, now)
    controller.abort()
  }
  process.on('SIGINT', stop).on('SIGTERM', stop)
  return controller
}

async function onServers(options: Options, configuration: OnServers): Promise<void> {
  const { workerLog } = await import('./factory/worker-log.js')
  const log = workerLog(configuration.job?.LOG, (line) => { process.stdout.write(`${line}\n`) })
  const stop = stopOnSignals(() => undefined)
  process.stdout.on('error', () => { stop.abort() })
  // Only here: whoever needs no server loads none of their clients.
  const { feed, watchServers } = await import('./factory/servers.js')
  if (options.feed) {
    const { title, source } = options.input === undefined ? simulation(options) : replay(options.input, options)
    log(`${title}, sent to Kafka at ${configuration.kafka.KAFKA_BROKERS.join(', ')}`)
    let sent = 0
    const timer = setInterval(() => { log(`-- ${sent} sent`) }, 5_000)
    await feed(source, configuration, stop.signal, (count) => { sent += count }).finally(() => { clearInterval(timer) })
    log(`${stop.signal.aborted ? 'stopped' : 'done'}: ${sent} sent`)
    return
  }
  if (options.page) {
    log(`the page of Kafka at ${configuration.kafka.KAFKA_BROKERS.join(', ')}, rules: ${options.rules?.name ?? 'reference'}`)
    const { pageOnKafka } = await import('./factory/page-on-kafka.js')
    await pageOnKafka(configuration, { rules: options.rules ?? { name: 'reference', rules: reference }, web: options.web ?? {}, ...(options.register === undefined ? {} : { machines: options.register }), signal: stop.signal, log })
    log('stopped')
    return
  }
  const rules = options.rules?.rules ?? reference
  log(`${options.begin !== undefined ? 'beginning again on' : options.dryRun ? 'dry run, nothing is written:' : 'watching'} Kafka at ${configuration.kafka.KAFKA_BROKERS.join(', ')}, rules: ${options.rules?.name ?? 'reference'}`)
  const ended = await watchServers(configuration, { rules, ...(options.register === undefined ? {} : { machines: options.register }), identity: JSON.stringify({ rules }), untilCaughtUp: options.untilCaughtUp, dryRun: options.dryRun, ...(options.begin === undefined ? {} : { begin: options.begin }), out: options.out ?? 'motorwatch-data', signal: stop.signal, log })
  if (options.begin !== undefined) log('done: the next worker begins there')
  else if (options.dryRun) log(ended ? 'done: nothing was written' : 'stopped: nothing was written')
  else log(ended ? 'done: all that was there has been read' : 'stopped: started again, it goes on from here')
}

/** The live page, and what it is folded from. */
async function pageOf(job: Job, { web, speed }: Options, command: PageOptions['command']): Promise<{ readonly sink: Sink; readonly page: Page | undefined; batch(batch: Batch): void }> {
  const machines: Machines | undefined = job.pipeline.machines
  const seen = plant({ rules: job.rules, ...(machines === undefined ? {} : { machines }) })
  const { zone, ...at } = web ?? {}
  const page = web === undefined ? undefined : await servePage({
    ...at, plant: seen, about: { title: job.title, mode: job.mode, ...(speed === 'max' ? {} : { speed }), ...(zone === undefined ? {} : { zone }) }, ...(command === undefined ? {} : { command }),
  })
  return { sink: pageSink(seen), page, batch: (batch) => { seen.batch(batch) } }
}

async function watch(options: Options): Promise<void> {
  const { out, report: reportPath } = options
  const { mqtt } = options.servers
  const job = mqtt !== undefined ? await live(mqtt, options) : options.input === undefined ? simulation(options) : replay(options.input, options)
  // On a pipe it is undefined, for which picocolors would put its own guess.
  const terminal = Boolean(process.stdout.isTTY)
  const colors = pc.createColors(terminal && pc.isColorSupported)
  // The page may ask for something before the run looks: nothing is handed over until then.
  const inbox = out === undefined ? { ...memoryInbox(), close: async () => undefined } : await commandsIn(out)
  const { sink: pageView, page, batch: toPage } = await pageOf(job, options, (command) => inbox.put(command))
  const view = (terminal ? terminalView : plainView)({
    title: job.title, out: process.stdout, colors, ...(page === undefined ? {} : { page: page.url }), ...(job.ratedCurrent === undefined ? {} : { ratedCurrent: job.ratedCurrent }),
  })
  const path = reportPath ?? (out === undefined ? undefined : join(out, kept.report))
  const report = reportSink(path === undefined ? {} : { path })
  const rejected = firstRejected()
  let batches = 0
  const told = (await notifications(options.servers))({ out })
  const stop = stopOnSignals(() => { view.leave() })
  process.on('exit', () => { view.leave() })
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    stop.abort()
  })
  const source = withCommands(job.source as Source<Input>, inbox)
  const pipeline = identity(job.rules, options)
  const result = await run<Input, Output | Outlook>({
    source,
    pipeline: factoryPipeline(job.rules, { measures: {}, ...job.pipeline }),
    sinks: [...(out === undefined ? [] : keptIn(out)), report, rejected, view, pageView, told],
    ...(out === undefined ? {} : {
      checkpoints: { store: endingCheckpoints(checkpointDirectory(join(out, kept.checkpoints)), withCommands(job.source as Source<Input>, memoryInbox()), { out, pipeline, signal: stop.signal }), pipeline },
    }),
    signal: stop.signal,
    onBatch: (batch: Batch) => {
      batches++
      view.batch(batch)
      toPage(batch)
    },
  }).finally(async () => {
    view.leave()
    page?.ended(stop.signal.aborted ? 'stopped' : 'ended')
    await inbox.close()
    // Without checkpoints nothing goes on from it.
    if (out === undefined && reportPath !== undefined) await rm(besideReport(reportPath), { force: true })
  })
  const [title = '', ...lines] = closingText({ ...result, idle: batches === 0, seen: report.report(), rejected: rejected.words(), out, report: reportPath })
  process.stdout.write(`${['', colors.bold(title), ...lines].join('\n')}\n`)
}

try {
  const options = parseOptions(process.argv.slice(2), process.stdout.isTTY)
  if (options === 'help') process.stdout.write(help)
  else if (options === 'print-config') process.stdout.write(configurationText(configured(() => fromEnvironment(process.env))))
  else if (isOnServers(options.servers)) await onServers(options, options.servers)
  else await watch(options)
} catch (error) {
  const wrong = error instanceof WrongOption
  const { message, stack } = error instanceof Error ? error : { message: String(error), stack: undefined }
  process.stderr.write(`factory: ${process.env['DEBUG'] && !wrong ? (stack ?? message) : message}${wrong ? '\n(npm start -- --help tells all options)' : ''}\n`)
  process.exitCode = wrong ? 2 : 1
}
