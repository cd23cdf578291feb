import { Subscriber } from 'rxjs'
import type { Observable, Observer } from 'rxjs'

/**
 * Subscribes to the source for as long as `subscriber` is open, as RxJS's own operators do. A source that emits while it is being subscribed to
 * (`of`, `from`) is stopped by an unsubscription in the middle of that, too; `subscriber.add(source.subscribe(...))` comes too late for it.
 * The observer's `next` must not throw.
 */
export function subscribeWithin<T>(subscriber: Subscriber<unknown>, source: Observable<T>, observer: Observer<T>): void {
  source.subscribe(new Within(subscriber, observer))
}

/** No step between source and operator, where a plain observer has RxJS's safety net: on the way of every single item. */
class Within<T> extends Subscriber<T> {
  readonly #subscriber: Subscriber<unknown>
  readonly #observer: Observer<T>

  constructor(subscriber: Subscriber<unknown>, observer: Observer<T>) {
    super(subscriber)
    this.#subscriber = subscriber
    this.#observer = observer
    this._next = observer.next
  }

  protected override _error(error: unknown): void {
    try {
      this.#observer.error(error)
    } finally {
      this.unsubscribe()
    }
  }

  protected override _complete(): void {
    try {
      this.#observer.complete()
    } catch (error) {
      this.#subscriber.error(error)
    } finally {
      this.unsubscribe()
    }
  }
}
