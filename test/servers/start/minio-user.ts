import { createCipheriv, pbkdf2Sync, randomBytes } from 'node:crypto'
import type { Client } from 'minio'
import { secret } from './secret.js'

/** As MinIO's administration takes a body: a salt, how the key is made of the secret (2: PBKDF2), a nonce, and one last fragment of a stream of AES-256-GCM. */
function encrypted(text: string, secretKey: string): Buffer {
  const [salt, nonce] = [randomBytes(32), randomBytes(8)]
  const key = pbkdf2Sync(secretKey, salt, 8_192, 32, 'sha256')
  const seal = (number: number, plain: Buffer, data: Buffer): Buffer => {
    const iv = Buffer.concat([nonce, Buffer.alloc(4)])
    iv.writeUInt32LE(number, 8)
    const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(data)
    return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()])
  }
  const head = seal(0, Buffer.alloc(0), Buffer.alloc(0))
  return Buffer.concat([salt, Buffer.from([2]), nonce, seal(1, Buffer.from(text), Buffer.concat([Buffer.from([0x80]), head]))])
}

type Admin = { makeRequestAsync(options: object, payload: Buffer | string, codes: readonly number[], region: string): Promise<unknown> }

/** A user who may do these things, such as `s3:ListBucket`, and no others. */
export async function minioUser(client: Client, secretKey: string, accessKey: string, actions: readonly string[]): Promise<{ readonly accessKey: string; readonly secretKey: string }> {
  const ask = (what: string, query: string, body: Buffer | string): Promise<unknown> =>
    (client as unknown as Admin).makeRequestAsync({ method: 'PUT', bucketName: 'minio', objectName: `admin/v3/${what}`, query, headers: {} }, body, [200], 'us-east-1')
  const own = secret()
  await ask('add-user', `accessKey=${accessKey}`, encrypted(JSON.stringify({ secretKey: own, status: 'enabled' }), secretKey))
  if (actions.length > 0) {
    await ask('add-canned-policy', `name=${accessKey}`, JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: ['arn:aws:s3:::*'] }] }))
    await ask('set-user-or-group-policy', `isGroup=false&policyName=${accessKey}&userOrGroup=${accessKey}`, '')
  }
  return { accessKey, secretKey: own }
}
