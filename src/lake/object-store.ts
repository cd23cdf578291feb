/** Where objects are: a directory, a bucket. Paths have `/` and are relative to it. What rejects names the path, the cause and what to do. */
export interface ObjectStore {
  /** For messages. */
  readonly name: string
  /** Makes it ready and clears away what a crash has left half written. */
  open(): Promise<void>
  /** When it has resolved the object is durable, and until then it is there as it was before, or not at all: never in part. */
  put(path: string, bytes: Uint8Array): Promise<void>
  /** The paths of all objects that begin with `prefix`, in no order. */
  list(prefix: string): AsyncIterable<string>
  /** No error where there is no such object. */
  remove(path: string): Promise<void>
  close(): Promise<void>
}
