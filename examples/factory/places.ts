import { accessSync, constants, statSync } from 'node:fs'
import type { Stats } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { WrongOption } from './wrong-option.js'

/** What a run writes below `--out`. */
export const kept = { alarms: 'alarms.jsonl', rejected: 'rejected.jsonl', lake: 'lake', checkpoints: 'checkpoints', spool: 'spool', report: 'report.json', commands: 'commands.jsonl' } as const

/** The alarms that have ended, which `reportSink` keeps beside its report. */
export const besideReport = (report: string): string => `${report}.alarms.jsonl`

interface Places {
  readonly input?: string | undefined
  readonly rules?: string | undefined
  readonly out?: string | undefined
  readonly report?: string | undefined
}

/** Refuses, before anything is written, places where the run could not write, and those where it would overwrite or read again what it reads. */
export function checkPlaces({ input = '-', rules = 'reference', out, report }: Places): void {
  const read = [['--input', input], ['--rules', rules]] as const
  const refuseOverwriting = (option: string, written: readonly string[], instead: string): void => {
    for (const path of written)
      for (const [what, file] of read) if (same(path, file)) throw new WrongOption(`${option}: it would overwrite ${path}, which ${what} reads: ${instead}`)
  }
  const refuseWithin = (option: string, folder: string, instead: string): void => {
    if (same(folder, input)) throw new WrongOption(`${option}: what it writes would be read by --input ${input}: ${instead}`)
  }
  if (out !== undefined) {
    const another = 'name another directory'
    for (const name of [kept.checkpoints, kept.lake, kept.spool]) refuseNoDirectory(`--out ${out}`, join(out, name), another)
    const ownReport = join(out, kept.report)
    refuseOverwriting(`--out ${out}`, [join(out, kept.alarms), join(out, kept.rejected), ...(report === undefined ? filesOfReport(ownReport) : [])], another)
    refuseWithin(`--out ${out}`, out, another)
  }
  if (report !== undefined) {
    const another = 'name another file'
    refuseNoFile(`--report ${report}`, report)
    refuseNoDirectory(`--report ${report}`, dirname(report), another)
    if (out !== undefined && isKept(out, report)) throw new WrongOption(`--report ${report}: --out ${out} writes there itself: ${another}`)
    refuseOverwriting(`--report ${report}`, filesOfReport(report), another)
    refuseWithin(`--report ${report}`, dirname(report), 'name a file in another folder')
  }
}

const filesOfReport = (report: string): readonly string[] => [report, `${report}.tmp`, besideReport(report)]

/** A report may lie in the directory, too, but not in the place of something else. */
function isKept(out: string, path: string): boolean {
  const [top = ''] = relative(resolve(out), resolve(path)).split(sep)
  return top !== kept.report && Object.values<string>(kept).includes(top)
}

function refuseNoFile(option: string, path: string): void {
  const is = statOf(path)
  if (is?.isDirectory() === true || /[\\/]$/.test(path)) throw new WrongOption(`${option}: it is a folder: name a file in it, such as ${join(path, kept.report)}`)
  if (is?.isFile() === false) throw new WrongOption(`${option}: it is a device or a pipe, and a report replaces what is there: name a file`)
}

/** Where it is missing, it must be possible to make it. */
function refuseNoDirectory(option: string, path: string, instead: string): void {
  let there = resolve(path)
  while (statOf(there) === undefined && dirname(there) !== there) there = dirname(there)
  if (statOf(there)?.isDirectory() !== true) throw new WrongOption(`${option}: ${there} is a file, and a directory is expected there: ${instead}`)
  try {
    accessSync(there, constants.W_OK)
  } catch (error) {
    throw new WrongOption(`${option}: ${(error as Error).message}: give the right to write there, or ${instead}`, { cause: error })
  }
}

function same(a: string, b: string): boolean {
  const [one, other] = [statOf(a), statOf(b)]
  return one !== undefined && other !== undefined && one.dev === other.dev && one.ino === other.ino
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path)
  } catch {
    return undefined
  }
}
