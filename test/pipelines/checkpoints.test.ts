import { fork, spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { checkpointDirectory } from 'motorwatch/pipelines'
import type { Checkpoint } from 'motorwatch/pipelines'
import { encodeSave } from 'motorwatch/time'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'motorwatch-checkpoints-'))
})
afterEach(async () => {
  await rm(dir, { recursive: true, force: true })
})

describe('a checkpoint directory', () => {
  const checkpoint = (n: number): Checkpoint => ({ source: 's', position: n, timeline: new Uint8Array([1, 2, n]), sinks: new Map([['x', { at: NaN }]]), pipeline: 'p', ended: false })

  test('gives back the newest, and keeps three', async () => {
    const store = checkpointDirectory(dir)
    expect(await store.load()).toBeUndefined()
    for (let n = 0; n < 5; n++) await store.save(checkpoint(n))
    await store.release()
    expect((await readdir(dir)).sort()).toEqual(['checkpoint-000000000003.save', 'checkpoint-000000000004.save', 'checkpoint-000000000005.save'])
    const again = checkpointDirectory(dir)
    expect(await again.load()).toEqual(checkpoint(4))
    await again.save(checkpoint(9))
    await again.release()
    expect(await checkpointDirectory(dir).load()).toEqual(checkpoint(9))
  })

  test('passes over a damaged one and a half-written one, with a warning', async () => {
    const store = checkpointDirectory(dir)
    await store.load()
    await store.save(checkpoint(1))
    await store.save(checkpoint(2))
    await store.release()
    await truncate(join(dir, 'checkpoint-000000000002.save'), 40)
    await writeFile(join(dir, 'checkpoint-000000000003.save.tmp'), 'half')
    const warned = new Promise<Error>((resolve) => process.once('warning', resolve))
    const again = checkpointDirectory(dir)
    expect(await again.load()).toEqual(checkpoint(1))
    expect(String(await warned)).toMatch(/checkpoint-000000000002\.save is passed over: the save is truncated/)
    await again.release()
  })

  const locked = async (pid: number): Promise<void> => {
    await mkdir(join(dir, 'lock'))
    await writeFile(join(dir, 'lock', `${pid}.someone`), '')
  }
  const deadPid = (): number => spawnSync(process.execPath, ['-e', '']).pid

  test('refuses while another process holds it, and leaves its lock alone', async () => {
    await locked(process.ppid)
    const store = checkpointDirectory(dir)
    await expect(store.load()).rejects.toThrow(`${dir} is in use by process ${process.ppid}: stop it first`)
    await store.release()
    expect(await readdir(dir)).toEqual(['lock'])
    expect(await readdir(join(dir, 'lock'))).toEqual([`${process.ppid}.someone`])
  })

  test('takes over from a process that is no more, and from one that had the pid of this one', async () => {
    for (const pid of [deadPid(), process.pid]) {
      await locked(pid)
      const store = checkpointDirectory(dir)
      expect(await store.load()).toBeUndefined()
      expect(await readdir(join(dir, 'lock'))).toEqual([expect.stringMatching(new RegExp(`^${process.pid}\\.(?!someone)`))])
      await store.release()
      expect(await readdir(dir)).toEqual([])
    }
  })

  test('refuses a second run of the same process, by whatever path, whose release leaves the first its lock', async () => {
    const first = checkpointDirectory(dir)
    await first.load()
    await symlink(dir, `${dir}-link`)
    try {
      const second = checkpointDirectory(`${dir}-link`)
      await expect(second.load()).rejects.toThrow(/-link is in use by another run of this process/)
      await second.release()
      expect(await readdir(dir)).toEqual(['lock'])
      await first.release()
      expect(await second.load()).toBeUndefined()
      await second.release()
    } finally {
      await rm(`${dir}-link`)
    }
  })

  test.each(['no lock', 'the lock of a dead process'])('of several processes that start at once, with %s, one gets it', async (lock) => {
    const children = Array.from({ length: 4 }, () => fork(join(import.meta.dirname, 'lock-contender.ts'), { execArgv: ['--import', 'tsx'] }))
    const answers = (): Promise<unknown[]> => Promise.all(children.map((child) => new Promise((resolve) => child.once('message', resolve))))
    try {
      await answers()
      const dead = deadPid()
      for (let round = 0; round < 25; round++) {
        const place = join(dir, String(round))
        await mkdir(place)
        if (lock !== 'no lock') {
          await mkdir(join(place, 'lock'))
          await writeFile(join(place, 'lock', `${dead}.someone`), '')
        }
        const answered = answers()
        for (const child of children) child.send(place)
        expect((await answered).sort()).toEqual(['held', 'refused', 'refused', 'refused'])
      }
    } finally {
      for (const child of children) child.kill()
    }
  })

  test('what is a save, but not a checkpoint, is passed over, naming the file; an error where there is nothing else', async () => {
    const file = join(dir, 'checkpoint-000000000007.save')
    for (const content of [null, 7, { ...checkpoint(1), sinks: {} }, { ...checkpoint(1), timeline: 'x' }, { ...checkpoint(1), ended: undefined }]) {
      await writeFile(file, encodeSave(content))
      const store = checkpointDirectory(dir)
      await expect(store.load()).rejects.toThrow(`${file} is passed over: it is a save of motorwatch, but not a checkpoint`)
      await store.release()
    }
  })
})
