import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

/** One file of the page. */
export interface Asset {
  readonly type: string
  readonly body: string
}

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** The page, its script and its style: in the package as they were built; in a clone the script is bundled when it is first asked for. */
export function assets(): (path: string) => Promise<Asset> | undefined {
  const kept = new Map<string, Promise<Asset>>()
  const load: Readonly<Record<string, () => Promise<Asset>>> = {
    '/': async () => ({ type: 'text/html; charset=utf-8', body: await readFile(here('./client/page.html'), 'utf8') }),
    '/page.css': async () => ({ type: 'text/css; charset=utf-8', body: await readFile(here('./client/page.css'), 'utf8') }),
    '/client.js': async () => ({ type: 'text/javascript; charset=utf-8', body: await script() }),
    '/icon.svg': async () => ({ type: 'image/svg+xml', body: await readFile(here('./client/icon.svg'), 'utf8') }),
  }
  return (path) => {
    const found = kept.get(path)
    if (found !== undefined || !Object.hasOwn(load, path)) return found
    const loading = load[path]!()
    kept.set(path, loading)
    loading.catch(() => { kept.delete(path) })
    return loading
  }
}

const script = async (): Promise<string> => {
  const built = here('./client/client.js')
  if (existsSync(built)) return readFile(built, 'utf8')
  // In a clone. The package has it built, and esbuild is no dependency of it.
  const { bundle } = await import('./bundle.js')
  return bundle()
}
