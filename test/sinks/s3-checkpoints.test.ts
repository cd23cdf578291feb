import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import type { Checkpoint } from '../../src/model/index.js'
import { checkpointsIn } from '../../src/sinks/minio/s3-checkpoints.js'
import { memoryStore } from './memory-store.js'

const checkpoint = (n: number): Checkpoint => ({ source: 's', position: n, timeline: new Uint8Array([1, 2, n]), sinks: new Map([['x', { at: NaN }]]), pipeline: 'p', ended: false })

test('gives back the newest, and keeps three and the newest epoch', async () => {
  const objects = memoryStore()
  const store = checkpointsIn(objects)
  expect(await store.load()).toBeUndefined()
  for (let n = 0; n < 5; n++) await store.save(checkpoint(n))
  await store.release()
  const again = checkpointsIn(objects)
  expect(await again.load()).toEqual(checkpoint(4))
  await again.save(checkpoint(9))
  expect([...objects.objects.keys()].sort()).toEqual([
    'checkpoint-000000000001-000000000004.save', 'checkpoint-000000000002-000000000000.save', 'checkpoint-000000000002-000000000001.save', 'epoch-000000000002',
  ])
  expect(await checkpointsIn(objects).load()).toEqual(checkpoint(9))
})

test('passes over a damaged one with a warning, and refuses where none can be read', async () => {
  const objects = memoryStore()
  const store = checkpointsIn(objects)
  await store.load()
  await store.save(checkpoint(1))
  await store.save(checkpoint(2))
  const newest = 'checkpoint-000000000001-000000000001.save'
  objects.objects.set(newest, objects.objects.get(newest)!.slice(0, 40))
  const warned = new Promise<Error>(resolve => process.once('warning', resolve))
  expect(await checkpointsIn(objects).load()).toEqual(checkpoint(1))
  expect(String(await warned)).toMatch(/checkpoint-000000000001-000000000001\.save is passed over: the save is truncated/)
  for (const name of objects.objects.keys()) if (name.startsWith('checkpoint')) objects.objects.set(name, new Uint8Array())
  await expect(checkpointsIn(objects).load()).rejects.toThrow(/s3 checkpoints: none in 'memory' can be read \(.*\): start afresh under another prefix/)
})

describe('one run at a time', () => {
  test('who loads takes over: the other is refused, and told by whom', async () => {
    const objects = memoryStore()
    const [first, second] = [checkpointsIn(objects), checkpointsIn(objects)]
    await first.load()
    await first.save(checkpoint(1))
    expect(await second.load()).toEqual(checkpoint(1))
    await expect(first.save(checkpoint(2))).rejects.toThrow(
      new RegExp(`another run has taken over 'memory' \\(process ${process.pid} on \\S+, since 20\\d\\d-.*Z\\): this one must not save any more`))
    await second.save(checkpoint(3))
    expect(await checkpointsIn(objects).load()).toEqual(checkpoint(3))
    await expect(checkpointsIn(objects).save(checkpoint(4))).rejects.toThrow(/before load/)
  })

  test('what the old one was still writing counts for nothing', async () => {
    const objects = memoryStore()
    const [first, second] = [checkpointsIn(objects), checkpointsIn(objects)]
    await first.load()
    await first.save(checkpoint(1))
    const put = objects.put.bind(objects)
    objects.put = async (path, bytes) => {
      objects.put = put
      await second.load()
      await put(path, bytes)
    }
    await first.save(checkpoint(2))
    expect(await checkpointsIn(objects).load()).toEqual(checkpoint(1))
  })

  test('an epoch that came and went while another run began is not taken for the newest', async () => {
    const objects = memoryStore()
    const [first, second, third] = [checkpointsIn(objects), checkpointsIn(objects), checkpointsIn(objects)]
    const putNew = objects.putNew.bind(objects)
    objects.putNew = async (path, bytes) => {
      objects.putNew = putNew
      await second.load()
      await third.load()
      return putNew(path, bytes)
    }
    await first.load()
    await first.save(checkpoint(1))
    await expect(third.save(checkpoint(2))).rejects.toThrow(/another run has taken over/)
  })

  test('an epoch whose answer was lost is ours all the same', async () => {
    const objects = memoryStore()
    const putNew = objects.putNew.bind(objects)
    objects.putNew = async (path, bytes) => {
      await putNew(path, bytes)
      return putNew(path, bytes)
    }
    const store = checkpointsIn(objects)
    await store.load()
    await store.save(checkpoint(1))
    expect([...objects.objects.keys()]).toContain('epoch-000000000001')
  })

  test.prop([fc.scheduler(), fc.array(fc.nat(3), { minLength: 4, maxLength: 12 })], { numRuns: 100 })(
    'in whatever order requests are answered, one run is left that can save, and what it saved is loaded', async (scheduler, saves) => {
      const objects = memoryStore()
      const stores = [0, 1, 2, 3].map(() => {
        const store = { ...objects }
        for (const name of ['putNew', 'get', 'put', 'remove'] as const) store[name] = scheduler.scheduleFunction(objects[name].bind(objects) as never) as never
        return checkpointsIn(store)
      })
      const runs = stores.map(async store => { await store.load() })
      await scheduler.waitFor(Promise.all(runs))
      const outcomes: boolean[] = []
      for (const [n, i] of saves.entries()) {
        const saved = stores[i]!.save(checkpoint(n)).then(() => i, () => undefined)
        const owner = await scheduler.waitFor(saved)
        if (owner !== undefined) outcomes[owner] = true
      }
      expect(outcomes.filter(Boolean).length).toBeLessThanOrEqual(1)
      const able = outcomes.findIndex(Boolean)
      const last = saves.lastIndexOf(able)
      const loaded = checkpointsIn(objects).load()
      if (able !== -1) expect(await loaded).toEqual(checkpoint(last))
    })
})
