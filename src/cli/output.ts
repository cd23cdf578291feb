import pc from 'picocolors'

/** Where a command prints what it has found. */
export interface Output {
  readonly colors: ReturnType<typeof pc.createColors>
  line(text?: string): void
}

/** Colours are for a terminal alone, whatever else the environment says, and `NO_COLOR` turns them off. */
export const outputTo = (stream: NodeJS.WritableStream & { readonly isTTY?: boolean }): Output => ({
  colors: pc.createColors(stream.isTTY === true && !process.env['NO_COLOR']),
  line: (text = '') => {
    stream.write(`${text}\n`)
  },
})
