/** The end of a long text: where something went wrong. */
export const lastLines = (text: string, count = 20): string => text.trimEnd().split('\n').slice(-count).join('\n')
