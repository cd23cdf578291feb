import { languageNow } from './words.js'

let zone = 'UTC'
export const setZone = (to: string): void => { zone = to; formats.clear() }
export const zoneNow = (): string => zone

const formats = new Map<string, Intl.DateTimeFormat>()
const format = (name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat => {
  const key = `${languageNow()} ${name}`
  let found = formats.get(key)
  if (found === undefined) formats.set(key, (found = new Intl.DateTimeFormat(languageNow(), { timeZone: zone, hourCycle: 'h23', ...options })))
  return found
}

const two = '2-digit'
export const clock = (time: number): string => format('clock', { hour: two, minute: two, second: two }).format(time)
export const minute = (time: number): string => format('minute', { hour: two, minute: two }).format(time)
export const day = (time: number): string => format('day', { weekday: 'short', day: 'numeric', month: 'short' }).format(time)
export const moment = (time: number): string => format('moment', { day: 'numeric', month: 'short', hour: two, minute: two, second: two }).format(time)
/** `GMT+7`, or the name where there is one. */
export const zoneName = (time: number): string => format('zone', { timeZoneName: 'short' }).formatToParts(time).find(({ type }) => type === 'timeZoneName')?.value ?? zone

export const count = (n: number): string => new Intl.NumberFormat(languageNow()).format(n)

/** In the figures that tell something. */
export function figure(value: number | null): string {
  if (value === null) return '–'
  const size = Math.abs(value)
  const digits = size >= 1000 ? 0 : size >= 100 ? 0 : size >= 10 ? 1 : 2
  return new Intl.NumberFormat(languageNow(), { minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: size >= 10_000 }).format(value)
}

const units: Readonly<Record<string, string>> = { degC: '°C' }
export const unitText = (unit: string | undefined): string => (unit === undefined ? '' : units[unit] ?? unit)
export const measured = (value: number | null, unit: string | undefined): string => [figure(value), value === null ? '' : unitText(unit)].filter((each) => each !== '').join('\u00a0')

const LETTERS = { en: ['d', 'h', 'min', 's'], id: ['hr', 'jam', 'mnt', 'dtk'] } as const
/** Its two largest units: `1 h 12 min`. */
export function span(milliseconds: number): string {
  const letters = LETTERS[languageNow()]
  const seconds = Math.max(0, Math.round(milliseconds / 1000))
  const parts = [Math.floor(seconds / 86_400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60]
  const first = parts.findIndex((part) => part > 0)
  if (first < 0) return `0\u00a0${letters[3]}`
  return [first, first + 1].filter((i) => i < 4 && parts[i]! > 0).map((i) => `${parts[i]}\u00a0${letters[i]}`).join(' ')
}
