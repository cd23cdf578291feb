/** Kafka has failed in the middle, or another worker has taken over: what was done is found out by reading the journal again. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
}
