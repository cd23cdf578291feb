import { pino } from 'pino'
import { SECRETS } from 'motorwatch/configuration'
import type { Configuration } from 'motorwatch/configuration'

/** One line of what happens; with the same as fields, where lines are for machines. */
export type WorkerLog = (text: string, fields?: { readonly level?: 'info' | 'warn' | 'error' } & Readonly<Record<string, unknown>>) => void

/** Lines of text, or of JSON (pino). Secrets of the configuration are in neither. */
export function workerLog(format: 'text' | 'json' | undefined, write: (line: string) => void): WorkerLog {
  if (format !== 'json') return (text) => { write(text) }
  const logger = pino(
    { formatters: { level: (level) => ({ level }) }, timestamp: pino.stdTimeFunctions.isoTime, redact: { paths: SECRETS.map((name) => `configuration.*.${name}`), censor: '(set, not shown)' } },
    { write: (line: string) => { write(line.trimEnd()) } },
  )
  return (text, { level = 'info', ...fields } = {}) => { logger[level](fields, text) }
}

/** As it goes into the log. */
export const loggable = (configuration: Configuration): Readonly<Record<string, Readonly<Record<string, unknown>>>> =>
  Object.fromEntries(Object.entries(configuration).map(([part, values]) => [part, Object.fromEntries(Object.entries(values as Readonly<Record<string, unknown>>).map(([name, value]) => [name, value instanceof URL || value instanceof RegExp ? String(value) : value]))]))
