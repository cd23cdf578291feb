import type { Answer, Ask } from './connection.js'
import { writePath } from './deliver.js'
import { persist } from './persist.js'
import type { Patience } from './persist.js'
import { missing, wrongTarget } from './target.js'
import type { Target } from './target.js'

/**
 * Makes sure that the token may write to the bucket, by a write of nothing: so it needs no other right than that.
 * With `retention` (milliseconds; Infinity: for ever) a bucket that is not there is made; one that is there stays as it is.
 */
export async function ensureBucket(target: Target, retention: number | undefined, ask: Ask, patience: Patience): Promise<void> {
  const { url, org, bucket } = target
  const tryWrite = (): Promise<Answer> => persist(`told of the bucket '${bucket}'`, signal => ask('POST', writePath(target), '', signal), patience)
  const found = await tryWrite()
  if (mayWrite(found)) return
  if (retention === undefined || missing(found) !== 'bucket') throw wrongTarget(target, found)

  const refuse = (answer: Answer): Error => new Error(`influx sink: cannot make the bucket '${bucket}' in the org '${org}': ${answer.status === 200 ? 'the token may not see that org' : `${url} answers ${answer.status} ${answer.message}`}; `
    + 'give a token that may make buckets, or make it beforehand and leave out \'create\'')
  const orgs = await persist(`told of the org '${org}'`, signal => ask('GET', `/api/v2/orgs?org=${encodeURIComponent(org)}`, undefined, signal), patience)
  const id = (orgs.body as { readonly orgs?: readonly { readonly id?: unknown }[] } | undefined)?.orgs?.[0]?.id
  if (orgs.status !== 200 || typeof id !== 'string') throw refuse(orgs)
  const rules = retention === Infinity ? [] : [{ type: 'expire', everySeconds: retention / 1_000 }]
  const made = await persist(`made the bucket '${bucket}'`, signal => ask('POST', '/api/v2/buckets', { orgID: id, name: bucket, retentionRules: rules }, signal), patience)
  if (made.status === 201) return
  if (!mayWrite(await tryWrite())) throw refuse(made)
}

/** The answer to a write of nothing is 204, or 400 where the server misses the points: it comes to that after it has found org, bucket and right. */
const mayWrite = ({ status, message }: Answer): boolean => status === 204 || (status === 400 && /points/i.test(message))
