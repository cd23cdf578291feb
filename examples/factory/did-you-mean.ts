import { closestMatch } from 'leven'

/** Of the known words, the one that begins like this one, or differs by a letter or two; '' where there is none. */
export function didYouMean(word: string, known: readonly string[], show: (near: string) => string): string {
  const near = known.find((each) => word !== '' && each.startsWith(word)) ?? closestMatch(word, known, { maxDistance: 2 })
  return near === undefined ? '' : `: did you mean ${show(near)}?`
}
