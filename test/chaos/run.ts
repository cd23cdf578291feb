import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { KAFKA_VERSIONS } from '../servers/provide/kafka.js'
import { chaos, unseen } from './chaos.js'
import { print } from './print.js'

const HELP = `npm run chaos -- [--kills N] [--seed S] [--machines M] [--kafka 3.9.2|4.3.1] [--json FILE]

Three workers, three brokers, InfluxDB and S3, all real, under load; N of them are killed by kill -9, one after the other, and paused, cut off, slowed down and reset between.
Then everything in every store is counted against what one undisturbed process makes of the same input. Exits with 1 where anything is lost, there twice, or another alarm.

--kills N      10 where it is left out
--seed S       the same faults and data for the same seed; left out: of the clock
--machines M   four readings a second of each; left out: 120
--kafka V      ${KAFKA_VERSIONS.join(' or ')}; left out: the first
--json FILE    the result, for machines
`

const { values: options } = parseArgs({ options: { kills: { type: 'string', default: '10' }, seed: { type: 'string' }, machines: { type: 'string', default: '120' }, kafka: { type: 'string', default: KAFKA_VERSIONS[0] }, json: { type: 'string' }, help: { type: 'boolean' } } })

function number(name: 'kills' | 'seed' | 'machines', text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < (name === 'seed' ? 0 : 1)) throw new Error(`--${name} ${text}: expected a whole number`)
  return value
}

async function main(): Promise<boolean> {
  const kills = number('kills', options.kills)
  const seed = number('seed', options.seed ?? String(Date.now() % 2 ** 31))
  const machines = number('machines', options.machines)
  const kafka = KAFKA_VERSIONS.find((one) => one === options.kafka)
  if (kafka === undefined) throw new Error(`--kafka ${options.kafka}: expected ${KAFKA_VERSIONS.join(' or ')}`)

  const result = await chaos({ kills, seed, machines, kafka, say: (text) => { console.log(text) } })
  print(result)
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(result, null, 1)}\n`)
  const missing = kills < 10 ? [] : unseen(result)
  if (missing.length > 0) console.error(`this run proves nothing: there were no ${missing.join(', no ')}`)
  return result.lost + result.duplicated + result.alarmsDiffering + missing.length === 0
}

if (options.help === true) console.log(HELP)
else await main().then((isWell) => process.exit(isWell ? 0 : 1), (error: unknown) => {
  console.error(error)
  process.exit(1)
})
