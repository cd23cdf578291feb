import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runTool } from '../provide/run-tool.js'

export interface Certificate {
  /** Paths, in PEM. */
  readonly cert: string
  readonly key: string
}

/** An authority of one's own, with what it has signed, in a folder. */
export interface Authority {
  /** The path of its certificate, and what is in it. */
  readonly file: string
  readonly ca: string
  /** `host`: as `IP:127.0.0.1` or `DNS:broker`. `days` that it is valid, from now; below 0: it has run out. */
  issue(name: string, host: string, days?: number): Promise<Certificate>
  /** The same as a key store of Java. */
  keyStore(certificate: Certificate, password: string): Promise<string>
}

const DAYS = 2

export async function authority(folder: string, name = 'ca'): Promise<Authority> {
  const [key, file] = [join(folder, `${name}.key`), join(folder, `${name}.pem`)]
  await runTool('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', file, '-days', String(DAYS), '-subj', `/CN=${name} of motorwatch's tests`])
  return {
    file,
    ca: await readFile(file, 'utf8'),
    async issue(of, host, days = DAYS) {
      const at = (end: string): string => join(folder, `${name}-${of}.${end}`)
      await runTool('openssl', ['req', '-newkey', 'rsa:2048', '-nodes', '-keyout', at('key'), '-out', at('csr'), '-subj', `/CN=${of}`])
      await writeFile(at('ext'), `subjectAltName=${host}\n`)
      await runTool('openssl', ['x509', '-req', '-in', at('csr'), '-CA', file, '-CAkey', key, '-CAcreateserial', '-out', at('crt'), '-days', String(days), '-extfile', at('ext')])
      return { cert: at('crt'), key: at('key') }
    },
    async keyStore({ cert, key: of }, password) {
      const path = cert.replace(/crt$/, 'p12')
      await runTool('openssl', ['pkcs12', '-export', '-in', cert, '-inkey', of, '-certfile', file, '-out', path, '-passout', 'env:KEYSTORE'], { env: { KEYSTORE: password } })
      return path
    },
  }
}
