import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import { hostname } from 'node:os'

/** What is sent with every answer: nothing is loaded from elsewhere, nothing is written into the page, and it stands in no frame. */
export const headers: Readonly<Record<string, string>> = {
  'content-security-policy': "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
}

export const isLoopback = (address: string): boolean => address === 'localhost' || address === '::1' || address === '::ffff:127.0.0.1' || /^127\.\d+\.\d+\.\d+$/.test(address)

/** The name in `Host`, without its port and brackets; '' where it has none. */
const nameOf = (host: string | undefined): string => {
  try {
    return new URL(`http://${host ?? ''}`).hostname.replace(/^\[|\]$/g, '').toLowerCase()
  } catch {
    return ''
  }
}

/**
 * Whether a request is meant for this server, by the name that it was asked by: an address, `localhost`, this machine's name, or `host`.
 * Any other name may have been pointed at us by a stranger's page (DNS rebinding).
 */
export function isOurHost(request: IncomingMessage, host: string): boolean {
  const name = nameOf(request.headers.host)
  if (isLoopback(host)) return isLoopback(name)
  return isIP(name) !== 0 || name === 'localhost' || name === hostname().toLowerCase() || name === host.toLowerCase()
}

/** Whether it comes from a page of ours and from no other site: browsers say where from, and what is no browser is not led by a stranger's page. */
export function isSameOrigin({ headers: { origin, host, 'sec-fetch-site': site } }: IncomingMessage): boolean {
  if (site !== undefined && site !== 'same-origin') return false
  if (origin === undefined) return site === 'same-origin'
  return origin === `http://${host ?? ''}` || origin === `https://${host ?? ''}`
}

const COOKIE = 'motorwatch_page'

/** What a browser that has shown the token keeps: no page can read it, and no other site has it sent. It is not the token itself. */
const proofOf = (token: string): string => createHash('sha256').update(`motorwatch page ${token}`).digest('base64url')

const same = (a: string, b: string): boolean => timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest())

export const cookieFor = (token: string): string => `${COOKIE}=${proofOf(token)}; HttpOnly; SameSite=Strict; Path=/`

export const isToken = (given: string, token: string): boolean => same(given, token)

export function hasCookie(request: IncomingMessage, token: string): boolean {
  const cookies = (request.headers.cookie ?? '').split(';').map((each) => each.trim())
  const proof = cookies.find((each) => each.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1)
  return proof !== undefined && same(proof, proofOf(token))
}
