import { didYouMean } from './arguments.js'
import { checkCommand } from './check-command.js'
import { evaluateCommand } from './evaluate-command.js'
import { learnCommand } from './learn-command.js'
import { outputTo } from './output.js'
import type { Output } from './output.js'
import { replayCommand } from './replay-command.js'
import { testCommand } from './test-command.js'
import { isWrongUse, wrongUse } from './wrong-use.js'

type Command = (args: readonly string[], output: Output) => Promise<number>

const commands: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['test', testCommand], ['check', checkCommand], ['replay', replayCommand], ['learn', learnCommand], ['evaluate', evaluateCommand],
  // Loaded when it is asked for: it brings the client of Kafka.
  ['dead-letters', async (args, output) => (await import('./dead-letters-command.js')).deadLettersCommand(args, output)],
])

export const help = `motorwatch: rules for electric motors, tested, checked and replayed; dead letters

  motorwatch test RULES TESTS...                        runs rule tests, and shows what differs
  motorwatch check RULES...                             what is wrong with rules, one line each
  motorwatch replay FILE --rules RULES --against RULES  what two sets of rules would have raised over recorded readings
  motorwatch learn FILE --rules RULES --out MACHINES    what detectors learn of machines from recorded readings, as a file
  motorwatch evaluate FILE --rules RULES --truth TRUTH  how early rules find what was the matter, and how often they are wrong
  motorwatch dead-letters [--to original --yes]         what was not taken in from Kafka, and why; sends it again
  motorwatch COMMAND --help                             more about a command

RULES: a file { "rules": [...] }, or 'reference', 'nameplate' or 'learned'. What takes RULES takes --signals MODULE, for a user's own signals.
Exit code: 0 all is well, 1 it is not (or it failed), 2 wrong options or files.
`

/** Runs a command; resolves to the exit code. */
export async function main(args: readonly string[], { stdout, stderr }: { readonly stdout: NodeJS.WritableStream; readonly stderr: NodeJS.WritableStream }): Promise<number> {
  const output = outputTo(stdout)
  const [name, ...rest] = args
  try {
    if (name === '--help' || name === '-h' || name === 'help') {
      output.line(help.trimEnd())
      return 0
    }
    const known = [...commands.keys()]
    if (name === undefined) throw wrongUse(`it needs a command: ${known.join(', ')}`)
    const command = commands.get(name)
    if (command === undefined) throw wrongUse(name.startsWith('-') ? `the command comes first: ${known.join(', ')}` : `there is no command '${name}'${didYouMean(name, known)}`)
    return await command(rest, output)
  } catch (error) {
    const wrong = isWrongUse(error)
    const { message, stack } = error instanceof Error ? error : { message: String(error), stack: undefined }
    const of = name !== undefined && commands.has(name) ? ` ${name}` : ''
    stderr.write(`motorwatch${of}: ${process.env['DEBUG'] && !wrong ? (stack ?? message) : message}${wrong ? `\n(motorwatch${of} --help tells how it is used)` : ''}\n`)
    return wrong ? 2 : 1
  }
}
