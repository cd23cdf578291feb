/** Why a connection did not come about, where waiting would not help. */
export type Failure = 'untrusted' | 'expired' | 'other-host' | 'no-tls' | 'unknown-host'

const CODES: Readonly<Record<string, Failure>> = {
  SELF_SIGNED_CERT_IN_CHAIN: 'untrusted',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'untrusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'untrusted',
  UNABLE_TO_GET_ISSUER_CERT: 'untrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'untrusted',
  CERT_SIGNATURE_FAILURE: 'untrusted',
  CERT_HAS_EXPIRED: 'expired',
  CERT_NOT_YET_VALID: 'expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'other-host',
  EPROTO: 'no-tls',
  ERR_SSL_WRONG_VERSION_NUMBER: 'no-tls',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'no-tls',
  ENOTFOUND: 'unknown-host',
  EAI_AGAIN: 'unknown-host',
}

export type Failed = Error & { readonly code?: unknown; readonly type?: unknown }

/** What an error is of: itself, its causes, and, of several attempts, those of each. */
export function causes(error: unknown): readonly Failed[] {
  if (typeof error !== 'object' || error === null) return []
  const { cause, errors } = error as { readonly cause?: unknown; readonly errors?: unknown }
  return [error as Failed, ...causes(cause), ...(Array.isArray(errors) ? errors.flatMap(causes) : [])]
}

/** Undefined: it may come right by itself, or it is none of these. */
export function failureOf(error: unknown): Failure | undefined {
  for (const { code } of causes(error)) {
    const failure = CODES[String(code)]
    if (failure !== undefined) return failure
  }
  return undefined
}

/** Of a server that has not answered in time, in words; `why` is how asking it failed. */
export const describeSilence = (server: string, at: string, why: string): string =>
  `${server}: ${/ENOTFOUND|EAI_AGAIN/.test(why) ? unknownHost(at) : `no server answers at ${at} (${why}): is it running, and is the address right?`}`

const unknownHost = (at: string): string => `there is no host of that name: ${at}; check the address`

/** In words; `at` is the address, `ca` and `tls` name the options by which that is given. */
export function describeFailure(failure: Failure, { at, ca, tls }: { readonly at: string; readonly ca: string; readonly tls: string }): string {
  switch (failure) {
    case 'untrusted': return `the certificate of ${at} is signed by nobody known here: give the certificate of its authority as ${ca}`
    case 'expired': return `the certificate of ${at} is out of date: renew it, or set the clock of this machine`
    case 'other-host': return `the certificate of ${at} is for another host: use the name that is in it, or have one made for this one`
    case 'no-tls': return `${at} does not speak TLS: use its TLS port, or leave out ${tls}`
    case 'unknown-host': return unknownHost(at)
  }
}
