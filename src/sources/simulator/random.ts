/** The whole state of one stream of random numbers: four 32-bit integers, so JSON keeps it exactly. */
export interface Random {
  a: number
  b: number
  c: number
  d: number
}

/** Four well mixed 32-bit integers from a text (MurmurHash3-like, after bryc's public-domain cyrb128). Also a fingerprint: equal texts, equal numbers. */
export function hash128(text: string): [number, number, number, number] {
  let h1 = 1779033703
  let h2 = 3144134277
  let h3 = 1013904242
  let h4 = 2773480762
  for (let i = 0; i < text.length; i++) {
    const k = text.charCodeAt(i)
    h1 = h2 ^ Math.imul(h1 ^ k, 597399067)
    h2 = h3 ^ Math.imul(h2 ^ k, 2869860233)
    h3 = h4 ^ Math.imul(h3 ^ k, 951274213)
    h4 = h1 ^ Math.imul(h4 ^ k, 2716044179)
  }
  h1 = Math.imul(h3 ^ (h1 >>> 18), 597399067)
  h2 = Math.imul(h4 ^ (h2 >>> 22), 2869860233)
  h3 = Math.imul(h1 ^ (h3 >>> 17), 951274213)
  h4 = Math.imul(h2 ^ (h4 >>> 19), 2716044179)
  h1 ^= h2 ^ h3 ^ h4
  return [h1 | 0, (h2 ^ h1) | 0, (h3 ^ h1) | 0, (h4 ^ h1) | 0]
}

/** A stream that depends on the text alone. */
export function randomFrom(text: string): Random {
  const [a, b, c, d] = hash128(text)
  const random = { a, b, c, d }
  for (let i = 0; i < 15; i++) uniform(random)
  return random
}

/** The next number of the stream, in [0, 1), a multiple of 2^-32. The generator is sfc32 (Chris Doty-Humphrey, PractRand). */
export function uniform(random: Random): number {
  const t = (((random.a + random.b) | 0) + random.d) | 0
  random.d = (random.d + 1) | 0
  random.a = random.b ^ (random.b >>> 9)
  random.b = (random.c + (random.c << 3)) | 0
  random.c = (((random.c << 21) | (random.c >>> 11)) + t) | 0
  return (t >>> 0) / 4294967296
}

/**
 * Fills `out`, of even length, with standard normal numbers by Box and Muller's formula: always as many draws as numbers,
 * so that two runs stay in step whatever happens in them, and never beyond 6.7 (32-bit draws).
 */
export function fillNormals(random: Random, out: Float64Array): void {
  for (let i = 0; i < out.length; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - uniform(random)))
    const angle = 2 * Math.PI * uniform(random)
    out[i] = radius * Math.cos(angle)
    out[i + 1] = radius * Math.sin(angle)
  }
}
