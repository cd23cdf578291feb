/** What this browser remembers of the reader. */
const read = (name: string): string | undefined => {
  try {
    return localStorage.getItem(`motorwatch ${name}`) ?? undefined
  } catch {
    return undefined
  }
}

export const kept = {
  read,
  write(name: string, value: string | undefined): void {
    try {
      if (value === undefined) localStorage.removeItem(`motorwatch ${name}`)
      else localStorage.setItem(`motorwatch ${name}`, value)
    } catch {
      // A browser that keeps nothing asks again.
    }
  },
}
