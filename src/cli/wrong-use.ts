/** It was called in a way that it cannot do: in words for the one who did, with exit code 2. */
export const wrongUse = (message: string): Error => Object.assign(new Error(message), { code: 'WRONG_USE' })

export const isWrongUse = (error: unknown): error is Error => error instanceof Error && (error as NodeJS.ErrnoException).code === 'WRONG_USE'
