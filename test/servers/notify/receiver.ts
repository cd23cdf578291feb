import { appendFileSync } from 'node:fs'
import { createServer } from 'node:http'

/** A receiver of webhooks, a process of its own: each request is a line of JSON in a file before it is answered. `port file` */
const [port = '', file = ''] = process.argv.slice(2)
createServer((request, response) => {
  let body = ''
  request.setEncoding('utf8').on('data', (part: string) => { body += part }).once('end', () => {
    appendFileSync(file, `${JSON.stringify({ at: Date.now(), path: request.url, headers: request.headers, body })}\n`)
    response.writeHead(204).end()
  })
}).listen(Number(port), '127.0.0.1', () => { process.stdout.write('listens\n') })
