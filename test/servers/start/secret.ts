import { randomBytes } from 'node:crypto'

/** A name or password that nobody has had before. */
export const secret = (bytes = 16): string => randomBytes(bytes).toString('hex')
