/** Calls of it wait for one another. */
export function inTurn<A extends readonly unknown[], T>(work: (...args: A) => Promise<T>): (...args: A) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (...args) => {
    const next = last.catch(() => undefined).then(() => work(...args))
    last = next
    return next
  }
}
