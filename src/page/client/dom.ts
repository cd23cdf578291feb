type Child = Node | string | undefined | false
type Attributes = Readonly<Record<string, string | boolean | number | ((event: Event) => void) | undefined>>

const put = (element: Element, attributes: Attributes, children: readonly Child[]): void => {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue
    if (typeof value === 'function') element.addEventListener(name, value)
    else element.setAttribute(name, value === true ? '' : String(value))
  }
  element.append(...children.filter((child) => child !== undefined && child !== false))
}

/** An element: its attributes, listeners by the name of their event, and what is in it. Text is text: nothing of the data becomes markup. */
export function h<K extends keyof HTMLElementTagNameMap>(name: K, attributes: Attributes = {}, ...children: readonly Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(name)
  put(element, attributes, children)
  return element
}

export function svg<K extends keyof SVGElementTagNameMap>(name: K, attributes: Attributes = {}, ...children: readonly Child[]): SVGElementTagNameMap[K] {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name)
  put(element, attributes, children)
  return element
}

/** Changes the page only where it is other, so that nothing is read out again and no selection is lost. */
export function text(element: Element, value: string): void {
  if (element.textContent !== value) element.textContent = value
}

export function attribute(element: Element, name: string, value: string | undefined): void {
  if (value === undefined) element.removeAttribute(name)
  else if (element.getAttribute(name) !== value) element.setAttribute(name, value)
}

/** A row that is made once and then kept up. */
export interface Row<T> {
  readonly element: HTMLElement
  update(value: T): void
}

/** Rows by key, in the order that they are given in; those that stay are never taken out of the page, so that focus stays where it is. */
export function rows<T>(parent: HTMLElement, keyOf: (value: T) => string, make: (value: T) => Row<T>): (values: readonly T[]) => void {
  const made = new Map<string, Row<T>>()
  return (values) => {
    const keys = new Set(values.map(keyOf))
    for (const [key, row] of made) {
      if (keys.has(key)) continue
      row.element.remove()
      made.delete(key)
    }
    values.forEach((value, i) => {
      const key = keyOf(value)
      let row = made.get(key)
      if (row === undefined) made.set(key, (row = make(value)))
      row.update(value)
      if (parent.children[i] !== row.element) parent.insertBefore(row.element, parent.children[i] ?? null)
    })
  }
}
