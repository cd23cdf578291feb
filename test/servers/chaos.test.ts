import { describe, expect, test } from 'vitest'
import { chaos, unseen } from '../chaos/chaos.js'
import { print } from '../chaos/print.js'
import { needsToStart } from './needs.js'

const missing = [await needsToStart('kafka'), await needsToStart('influx'), await needsToStart('minio'), await needsToStart('toxiproxy')].some((one) => one.missing !== undefined)
const seed = Number(process.env['MOTORWATCH_SEED'] ?? Date.now() % 2 ** 31)

/** The long one is `npm run chaos`. */
describe.skipIf(missing)(`chaos (MOTORWATCH_SEED=${seed})`, () => {
  test('whatever is killed, nothing is lost, nothing is there twice, and the alarms are those of one undisturbed process', { timeout: 600_000 }, async () => {
    const result = await chaos({ kills: 8, seed, machines: 60, kafka: '3.9.2', say: (text) => { console.log(text) } })
    print(result)
    expect(result).toMatchObject({ lost: 0, duplicated: 0, alarmsDiffering: 0, kills: 8 })
    expect(result.alarms).toBeGreaterThan(100)
    // What a short run may not see by chance is left to the long one.
    expect(unseen(result).filter((what) => !['aborted messages'].includes(what))).toEqual([])
  })
})
