import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { bundle } from '../src/page/bundle.js'

/** The page's client, beside the built server: `npm run build` runs it behind tsc. */
const [from, to] = ['../src/page/client/', '../dist/page/client/'].map((folder) => new URL(folder, import.meta.url)) as [URL, URL]
mkdirSync(to, { recursive: true })
for (const file of ['page.html', 'page.css', 'icon.svg']) copyFileSync(new URL(file, from), new URL(file, to))
writeFileSync(new URL('client.js', to), await bundle())
