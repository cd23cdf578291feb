import { chromium } from 'playwright-core'
const [url, out, w='1440', h='900', theme='light', wait='4000', hash=''] = process.argv.slice(2)
const b = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox','--disable-gpu','--disable-dev-shm-usage'] })
const p = await b.newPage({ viewport: { width: +w, height: +h }, colorScheme: theme })
p.on('console', m => console.log('console', m.type(), m.text())); p.on('pageerror', e => console.log('pageerror', e.message))
await p.goto(url + hash); await p.waitForTimeout(+wait)
await p.screenshot({ path: out }); await b.close()
