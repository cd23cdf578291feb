/** Tells what goes on, beside what a program prints. */
export const say = (text: string): void => { process.stderr.write(`servers: ${text}\n`) }
