import type { Store } from './store.js'

/** One page of the page. */
export interface View {
  readonly element: HTMLElement
  readonly title: string
  update(store: Store): void
  leave?(): void
}
