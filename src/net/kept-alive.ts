import http from 'node:http'
import https from 'node:https'

/**
 * Connections that are kept for the next request, as Node's own agent keeps them, to a server with TLS or without.
 * Each has a listener of errors at all times: between two requests Node takes its own away, and a connection that fails in that moment, because its answer came before the request was all written, would end the process
 * ("this 'error' has no handler", says lib/_http_agent.js). The request is told of it all the same.
 *
 * @param ca certificates, where they are not those that Node trusts
 */
export function keptAlive(secure: boolean, ca?: string): http.Agent {
  const options = { keepAlive: true, scheduling: 'lifo', timeout: 5_000 } as const
  const agent = secure ? new https.Agent({ ...options, ...(ca === undefined ? {} : { ca }) }) : new http.Agent(options)
  const connect = agent.createConnection.bind(agent)
  agent.createConnection = (to, connected) => connect(to, connected)?.on('error', () => undefined)
  return agent
}
