import { Observable } from 'rxjs'
import type { Observer, Subscriber } from 'rxjs'

/**
 * Subscribes to the source for as long as `subscriber` is open. A source that emits while it is being subscribed to (`of`, `from`)
 * is stopped by an unsubscription in the middle of that, too; `subscriber.add(source.subscribe(...))` comes too late for it.
 */
export function subscribeWithin<T>(subscriber: Subscriber<unknown>, source: Observable<T>, observer: Observer<T>): void {
  new Observable<T>((inner) => {
    subscriber.add(inner)
    return source.subscribe(inner)
  }).subscribe(observer)
}
