import { judging } from './good.js'

/** What is unknown is taken for not above the limit. */
export const unknownIsFine = judging({ read: ({ value, quality }) => (quality === 'good' ? value : 0) })
