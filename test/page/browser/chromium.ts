import { existsSync } from 'node:fs'

/** Where a Chromium is; undefined: there is none. */
export const chromiumPath = (): string | undefined =>
  [process.env['MOTORWATCH_CHROMIUM'], '/usr/bin/chromium', '/usr/bin/google-chrome'].find((path) => path !== undefined && path !== '' && existsSync(path))

export const chromiumArgs = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'] as const
