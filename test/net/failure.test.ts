import { expect, test } from 'vitest'
import { describeFailure, failureOf } from '../../src/net/failure.js'
import type { Failure } from '../../src/net/failure.js'

const coded = (code: string): Error => Object.assign(new Error('m'), { code })

test('a failure is found in the error, in what caused it, and in those of several attempts', () => {
  expect(failureOf(coded('CERT_HAS_EXPIRED'))).toBe('expired')
  expect(failureOf(new Error('retried', { cause: coded('SELF_SIGNED_CERT_IN_CHAIN') }))).toBe('untrusted')
  expect(failureOf(new AggregateError([coded('ECONNREFUSED'), coded('ENOTFOUND')]))).toBe('unknown-host')
  expect(failureOf(coded('ECONNREFUSED'))).toBeUndefined()
  expect(failureOf('ENOTFOUND')).toBeUndefined()
})

test.each<[Failure, string]>([
  ['untrusted', 'the certificate of h:1 is signed by nobody known here: give the certificate of its authority as CA'],
  ['expired', 'the certificate of h:1 is out of date: renew it, or set the clock of this machine'],
  ['other-host', 'the certificate of h:1 is for another host: use the name that is in it, or have one made for this one'],
  ['no-tls', 'h:1 does not speak TLS: use its TLS port, or leave out TLS'],
  ['unknown-host', 'there is no host of that name: h:1; check the address'],
])('%s', (failure, words) => {
  expect(describeFailure(failure, { at: 'h:1', ca: 'CA', tls: 'TLS' })).toBe(words)
})
