const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

const escapeUnits = (char: string): string =>
  Array.from({ length: char.length }, (_, i) => `\\u${char.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')

const cut = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}...` : text)

const json = (value: unknown): string => {
  try {
    return JSON.stringify(value) ?? typeof value
  } catch {
    return typeof value
  }
}

/** Text for a message, without quotes: one printable line of at most 60 characters. */
export const showText = (text: string): string => cut(text.slice(0, 61).replace(unprintable, escapeUnits))

/** A value for a message: one printable line of at most 60 characters, text in quotes, what is absent as `nothing`. */
export const show = (value: unknown): string => {
  if (value === undefined) return 'nothing'
  if (typeof value === 'number') return String(value)
  return showText(json(typeof value === 'string' ? value.slice(0, 61) : value))
}
