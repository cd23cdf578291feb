import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { chromium } from 'playwright-core'
import type { Page } from 'playwright-core'
import { chromiumArgs, chromiumPath } from '../test/page/browser/chromium.js'

const help = `The live page for an hour: 100 machines x 7 sensors x 10 readings a second, and three open pages in a real Chromium.

  npm run soak -- [--minutes N] [--machines N] [--json FILE]

Each minute: readings a second, memory of the server (resident) and of each page (its heap after a collection), and how old what is painted is
(the time by the wall clock since its readings were due, the delay by lateness in it). At the end: whether memory is flat, and the lag.
`
const { values: options } = parseArgs({ options: { minutes: { type: 'string', default: '60' }, machines: { type: 'string', default: '100' }, json: { type: 'string' }, help: { type: 'boolean' } } })
if (options.help) {
  process.stdout.write(help)
  process.exit()
}
const [minutes, machines] = [Number(options.minutes), Number(options.machines)]
const executablePath = chromiumPath()
if (executablePath === undefined) throw new Error('there is no Chromium: install one, or say in MOTORWATCH_CHROMIUM where it is')

/** The simulation has a reading a second, so ten a second of the wall clock. */
const SPEED = 10
/** How late a reading may be and still be in order, in seconds of event time; the factory's own. */
const LATENESS = 5

/** What a page has painted: when by the wall clock, and the event time up to which. `input`: of the newest reading that the server had then. */
interface Painted {
  readonly at: number
  readonly time: number
  readonly input: number
}
const PROBE = `
  window.painted = []
  window.EventSource = class extends EventSource {
    constructor(url) {
      super(url)
      this.addEventListener('message', ({ data }) => {
        const { time, delay } = JSON.parse(data).set?.pulse ?? {}
        if (typeof time === 'number' && typeof delay === 'number') requestAnimationFrame(() => setTimeout(() => window.painted.push({ at: Date.now(), time, input: time + delay })))
      })
    }
  }`

const factory = spawn(process.execPath, ['--import', 'tsx', 'examples/factory.ts', '--machines', String(machines), '--speed', String(SPEED), '--duration', `${minutes * SPEED + SPEED}m`, '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] })
const url = await new Promise<string>((resolve) => { createInterface({ input: factory.stdout }).on('line', (line) => { if (line.startsWith('page: ')) resolve(line.slice('page: '.length)) }) })
const resident = (): number => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${factory.pid}/status`, 'utf8'))![1]) / 1024

const browser = await chromium.launch({ executablePath, args: [...chromiumArgs] })
const open = async (path: string): Promise<{ readonly path: string; readonly page: Page; readonly heap: () => Promise<number>; readonly painted: () => Promise<readonly Painted[]> }> => {
  const context = await browser.newContext()
  await context.addInitScript(PROBE)
  const page = await context.newPage()
  await page.goto(`${url}${path}`)
  const session = await context.newCDPSession(page)
  return {
    path, page,
    heap: async () => {
      await session.send('HeapProfiler.collectGarbage')
      return (await session.send('Runtime.getHeapUsage')).usedSize / 2 ** 20
    },
    painted: async () => await page.evaluate<readonly Painted[]>('window.painted.splice(0)'),
  }
}

interface Minute {
  readonly minute: number
  readonly readings: number
  readonly server: number
  readonly pages: readonly number[]
  /** Seconds: the median, the 99th of a hundred, the worst. */
  readonly lag: readonly [number, number, number]
}

const quantile = (sorted: readonly number[], q: number): number => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? NaN
const median = (numbers: readonly number[]): number => quantile(numbers.toSorted((a, b) => a - b), 0.5)
const fixed = (number: number, digits = 0): string => number.toFixed(digits)

try {
  const pages = [await open('#/'), await open('#/log')]
  const first = pages[0]!.page
  await first.locator('a.card').first().waitFor({ timeout: 60_000 })
  pages.push(await open((await first.locator('a.card').first().getAttribute('href'))!))
  const all: Painted[] = []
  const told: Minute[] = []
  console.log(`${machines} machines x 7 sensors x ${SPEED} a second; pages ${pages.map(({ path }) => path).join(', ')}`)
  /** The least of what a reading's due time can be behind what is seen of it; the pace of the simulation hangs on the wall clock alone, so that it falls behind shows too. */
  let due = Infinity
  let before = { at: NaN, input: NaN }
  for (let minute = 1; minute <= minutes; minute++) {
    await sleep(60_000)
    const painted = (await Promise.all(pages.map(async (page) => page.painted()))).flat()
    for (const { at, input } of painted) due = Math.min(due, at - input / SPEED)
    all.push(...painted)
    const lags = painted.map(({ at, time }) => (at - time / SPEED - due) / 1_000).sort((a, b) => a - b)
    const newest = painted.reduce((a, b) => (b.at > a.at ? b : a), { at: -Infinity, time: NaN, input: NaN })
    const line: Minute = {
      minute,
      readings: ((newest.input - before.input) / 1_000) * machines * 7 / ((newest.at - before.at) / 1_000),
      server: resident(),
      pages: await Promise.all(pages.map(async (page) => page.heap())),
      lag: [quantile(lags, 0.5), quantile(lags, 0.99), lags.at(-1) ?? NaN],
    }
    before = newest
    told.push(line)
    console.log(`${minute} min  ${fixed(line.readings)} readings/s  server ${fixed(line.server)} MB  pages ${line.pages.map((heap) => fixed(heap, 1)).join(', ')} MB  painted ${lags.length} times, lag ${line.lag.map((lag) => fixed(lag, 2)).join(' / ')} s`)
  }
  const lags = all.map(({ at, time }) => (at - time / SPEED - due) / 1_000).sort((a, b) => a - b)
  const third = Math.ceil(told.length / 3)
  const growth = (of: (line: Minute) => number): number => median(told.slice(-third).map(of)) / median(told.slice(third, 2 * third).map(of)) - 1
  const result = {
    minutes, machines, readings: Math.round(median(told.slice(1).map(({ readings }) => readings))),
    lag: { median: quantile(lags, 0.5), p99: quantile(lags, 0.99), worst: lags.at(-1), ofWhichLateness: LATENESS / SPEED, underASecond: lags.filter((lag) => lag < 1).length / lags.length },
    growth: { server: growth(({ server }) => server), pages: pages.map((_, i) => growth((line) => line.pages[i]!)) },
    server: median(told.map(({ server }) => server)), pages: pages.map((_, i) => median(told.map((line) => line.pages[i]!))),
  }
  console.log(`\nlag: median ${fixed(result.lag.median, 2)} s, 99 of 100 within ${fixed(result.lag.p99, 2)} s, worst ${fixed(result.lag.worst ?? NaN, 2)} s; ${fixed(result.lag.ofWhichLateness, 1)} s of each is the lateness; ${fixed(100 * result.lag.underASecond, 2)} % of ${lags.length} under a second`)
  console.log(`memory, the last third of the time against the second: server ${fixed(100 * result.growth.server, 1)} %, pages ${result.growth.pages.map((each) => fixed(100 * each, 1)).join(', ')} %`)
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify({ ...result, told }, null, 1)}\n`)
} finally {
  await browser.close()
  factory.kill('SIGINT')
}
