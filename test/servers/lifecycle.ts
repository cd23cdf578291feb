import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { isRunning } from './is-running.js'
import type { Server } from './start/index.js'

/** Killed, it is down; started again, it is another process at the same address. */
export async function killAndRestart(server: Server): Promise<void> {
  const { pid, address } = server
  await server.kill('SIGKILL')
  expect(isRunning(pid)).toBe(false)
  await server.restart()
  expect(isRunning(server.pid)).toBe(true)
  expect(server.pid).not.toBe(pid)
  expect(server.address).toBe(address)
}

export async function stopsWithoutTrace(server: Server): Promise<void> {
  expect(existsSync(server.log)).toBe(true)
  await server.stop()
  expect(isRunning(server.pid)).toBe(false)
  expect(existsSync(dirname(server.log))).toBe(false)
}

/** Stopped when the test ends, if it was not before. */
export const started = async <S extends { stop(): Promise<void> }>(starting: Promise<S>): Promise<S> => {
  const server = await starting
  onTestFinished(() => server.stop())
  return server
}
