import { causes, describeFailure, failureOf } from '../../net/failure.js'
import type { Diagnosis } from '../../net/patiently.js'
import { type BrokerOptions, Final } from './broker.js'

const USER = 'check `username` and `password` (MOTORWATCH_MQTT_USERNAME, MOTORWATCH_MQTT_PASSWORD)'

/** What a broker says for good: return codes of 3.1.1, reason codes of 5. */
function refusal(code: unknown, { clientId, version = '5', username }: BrokerOptions): string | undefined {
  const who = username === undefined ? 'a client without a user' : `the user '${username}'`
  switch (code) {
    case 1: case 132: return `does not speak MQTT ${version}: set \`version\` (MOTORWATCH_MQTT_VERSION) to '${version === '5' ? '3.1.1' : '5'}'`
    case 2: case 133: return `refuses the client id '${clientId}': give another as \`clientId\` (MOTORWATCH_MQTT_CLIENT_ID)`
    case 4: case 134: return `refuses ${who} or its password: ${USER}`
    case 5: case 135: return `refuses ${who}: not authorised, or the password is wrong; ${USER}, and that this user may connect`
    case 138: return `has banned the client '${clientId}'`
    case 140: return 'asks for another way to authenticate than user and password'
    default: return undefined
  }
}

/** `before`: it has been connected before; then what may be an outage is waited for. `late`: it has been tried for long enough at the start. */
export function diagnoseMqtt(error: unknown, options: BrokerOptions, { before, late }: { readonly before: boolean; readonly late: boolean }): Diagnosis {
  const { host, protocol } = new URL(options.url)
  if (error instanceof Final) return { passing: false, message: error.message }
  const all = causes(error)
  const refused = refusal((error as { readonly code?: unknown }).code, options)
  if (refused !== undefined) return { passing: false, message: `the broker at ${host} ${refused}` }
  const failure = failureOf(error)
  if (failure !== undefined && !(before && failure === 'unknown-host'))
    return { passing: false, message: describeFailure(failure, { at: host, ca: '`ca` (MOTORWATCH_MQTT_CA_FILE)', tls: `the s of ${protocol}//` }) }
  const why = all.map(({ message }) => message).findLast((message) => message !== '') ?? String(error)
  if (before || !late) return { passing: true, message: why }
  const reset = /ECONNRESET|closed by the other side|socket disconnected|socket hang up/.test(all.map(({ message, code }) => `${message} ${String(code)}`).join())
  const hint = !reset ? 'is it running, and is the address right?' : /s:$/.test(protocol) ? 'perhaps it does not speak TLS there: use its TLS port, or mqtt:// for mqtts://' : 'perhaps it speaks TLS there: write mqtts:// for mqtt://'
  return { passing: false, message: `no broker answers at ${host} (${why}): ${hint}` }
}
