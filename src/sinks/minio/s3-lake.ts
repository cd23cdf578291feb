import type { Item, Sink } from '../../model/index.js'
import { cutting, type CuttingOptions } from '../lake/cutting.js'
import { lakeIn } from '../lake/lake-in.js'
import type { S3 } from '../../s3/s3.js'

export const SINK = 'lake sink'

/** Where snapshots are, and out of whose way kinds of those names go. */
const FOLDERS: Readonly<Record<string, string>> = { snapshot: 'fused', raw: 'kind-raw', fused: 'kind-fused' }

/** The kind of what is in a folder. */
export const kindOf = (folder: string): string => Object.entries(FOLDERS).find(([, name]) => name === folder)?.[0] ?? decodeURIComponent(folder)

/** As the sinks of a lake are called in checkpoints, before `#` and their partition. */
export const lakeName = ({ bucket, prefix = '' }: { readonly bucket: string, readonly prefix?: string }): string => `s3:${bucket}/${prefix}`

export interface S3LakeOptions extends CuttingOptions {
  readonly name: string
  readonly partition?: string
}

/** `lakeSink` in an object store. */
export function s3LakeIn<T extends Item>(store: Omit<S3, 'get' | 'putNew'>, { name, partition, ...options }: S3LakeOptions): Sink<T> {
  if (partition !== undefined && !/^[\w.-]{1,64}$/.test(partition)) {
    throw new RangeError(`${SINK}: partition is '${partition.slice(0, 80)}'; expected 1 to 64 of A-Z, a-z, 0-9, '.', '_' and '-'`)
  }
  return lakeIn({
    name: store.name,
    open: () => store.open(),
    put: (path, bytes) => store.put(path, bytes),
    async* list() {
      for (const folder of await store.folders()) if (folder !== 'raw') yield* store.list(`${folder}/day=`)
    },
    remove: path => store.remove(path),
    close: () => store.close(),
  }, {
    sink: SINK,
    shared: true,
    name: partition === undefined ? name : `${name}#${partition}`,
    folderOf: kind => FOLDERS[kind] ?? encodeURIComponent(kind),
    ...(partition === undefined ? {} : { partition }),
    ...cutting(SINK, options),
  })
}
