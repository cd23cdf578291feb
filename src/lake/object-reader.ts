/** Where objects are read: a directory, a bucket. Paths have `/` and are relative to it. What rejects names the path, the cause and what to do. */
export interface ObjectReader {
  /** For messages; with a path behind it, it tells where that is. */
  readonly name: string
  /** Rejects where there is no such place. */
  open(): Promise<void>
  /** The paths of all objects that begin with `prefix`, a folder or its beginning, in no order. */
  list(prefix: string): AsyncIterable<string>
  /** Undefined: there is none. */
  get(path: string): Promise<Uint8Array | undefined>
  /** What waits rejects. */
  close(): Promise<void>
}
