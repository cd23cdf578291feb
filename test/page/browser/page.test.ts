import axe from 'axe-core'
import type { Item } from 'motorwatch'
import { plant, servePage } from 'motorwatch/page'
import type { AlarmsKnown } from 'motorwatch/page'
import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { connect } from 'node:net'
import { chromium } from 'playwright-core'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { chromiumArgs, chromiumPath } from './chromium.js'
import { factoryPage } from './factory-page.js'
import type { FactoryPage } from './factory-page.js'

const executablePath = chromiumPath()
const inCi = Boolean(process.env['CI'])
if (executablePath === undefined && !inCi) console.warn('SKIPPED: the live page in Chromium. There is none at /usr/bin/chromium or /usr/bin/google-chrome, nor where MOTORWATCH_CHROMIUM says')

test.runIf(inCi)('a CI has a Chromium', () => { expect(executablePath).toBeDefined() })

describe.skipIf(executablePath === undefined)(`the live page in Chromium${executablePath === undefined ? ' (SKIPPED: there is no Chromium)' : ''}`, () => {
  let browser: Browser
  let factory: FactoryPage
  const contexts: BrowserContext[] = []
  const wrong: string[] = []

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath!, args: [...chromiumArgs] })
    factory = await factoryPage()
  })
  afterEach(async () => {
    await Promise.all(contexts.splice(0).map((context) => context.close()))
    // What the console says of errors, a policy that was violated among them, and every request to somewhere else.
    expect(wrong.splice(0)).toEqual([])
  })
  afterAll(async () => {
    await browser?.close()
    await factory?.stop()
  })

  const look = async (url = factory.page.url, options: Parameters<Browser['newContext']>[0] = {}, who: string | null = 'Sri'): Promise<Page> => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB', ...options })
    contexts.push(context)
    if (who !== null) await context.addInitScript((name) => { localStorage.setItem('motorwatch who', name) }, who)
    const page = await context.newPage()
    const { host } = new URL(url)
    page.on('console', (message) => { if (message.type() === 'error' && !/ERR_CONNECTION|Failed to load resource|ERR_EMPTY|ERR_INCOMPLETE/.test(message.text())) wrong.push(message.text()) })
    page.on('pageerror', (error) => wrong.push(error.message))
    page.on('request', (request) => { if (new URL(request.url()).host !== host) wrong.push(`a request to ${request.url()}`) })
    await page.goto(url)
    await page.locator('.alarm').first().waitFor()
    return page
  }
  const alarm = (page: Page, rule: string) => page.locator('.alarm').filter({ hasText: rule })

  test('shows every machine with its state, the banner of a simulation, the age of the data and the plant\'s time', async () => {
    const page = await look()
    await expect.poll(() => page.locator('.card .state').allTextContents()).toEqual(['running', 'running', 'running'])
    expect(await page.locator('.card .name').allTextContents()).toEqual(['LINE_01_MOTOR_01', 'LINE_01_MOTOR_02', 'LINE_01_MOTOR_03'])
    expect(await page.locator('.banner').textContent()).toContain('Simulation')
    const pulse = await page.locator('.pulse').textContent()
    for (const word of ['GMT+7', 'Data', 'Delay', 'readings/s']) expect(pulse).toContain(word)
    // Nothing is green.
    const greens = await page.evaluate(() => [...document.querySelectorAll('*')].flatMap((element) => { const { color, backgroundColor, fill } = getComputedStyle(element); return [color, backgroundColor, fill] })
      .filter((value) => { const [r = 0, g = 0, b = 0] = (/\d+/g[Symbol.match](value) ?? []).map(Number); return g > r + 30 && g > b + 30 }))
    expect(greens).toEqual([])
  })

  test('acknowledging goes through the pipeline and is answered beside the button', async () => {
    const page = await look()
    const mine = alarm(page, 'voltage-present')
    await mine.getByRole('button', { name: 'Acknowledge' }).click()
    await expect.poll(() => mine.locator('.result').textContent(), { timeout: 15_000 }).toBe('done')
    await expect.poll(() => mine.locator('.status').textContent()).toBe('acknowledged · by Sri')
    expect(await mine.getByRole('button', { name: 'Acknowledge' }).isHidden()).toBe(true)
    expect(Object.values(factory.seen.all())).toContainEqual(expect.objectContaining({ rule: 'voltage-present', status: 'acknowledged' }))
  })

  test('says how far alarms are known that workers make elsewhere, and never that none stands where that is not known', async () => {
    const seen = plant({ rules: [], apart: true })
    const alarms = { state: 'known' as AlarmsKnown['state'], left: 0, behind: 0, workers: 2 }
    seen.take([{ kind: 'alarm', id: 'a', occurrence: 'hot/m1/0', time: 1_000, machine: 'm1', rule: 'hot', state: 'raised', status: 'unacknowledged', severity: 'high', class: 'thermal', message: 'm1: hot', raisedAt: 1_000, value: 121, limit: 120 } as Item])
    const served = await servePage({ plant: seen, about: { title: 'workers', mode: 'live' }, port: 0, alarms: () => ({ ...alarms, ...(alarms.state === 'lost' ? { why: 'kafka: connect ECONNREFUSED' } : {}) }) })
    try {
      const page = await look(served.url)
      const isGrey = (): Promise<boolean> => page.evaluate(() => document.documentElement.classList.contains('lost'))
      const trouble = page.locator('.trouble')
      expect(await page.locator('.pulse').textContent()).toContain('up to date')
      expect(await page.locator('.card .state').textContent()).toBe('not heard')
      expect([await isGrey(), await trouble.isHidden()]).toEqual([false, true])
      await page.goto(`${served.url}#/lists`)
      await expect.poll(() => page.locator('.empty').first().textContent()).toBe('None.')
      Object.assign(alarms, { state: 'reading', left: 1_234 })
      await expect.poll(() => trouble.textContent()).toBe('The alarms of before are being read: messages left: 1,234')
      expect(await page.locator('.empty').allTextContents()).toEqual(Array.from({ length: 3 }, () => 'Which alarms stand is not known.'))
      expect(await isGrey()).toBe(true)
      Object.assign(alarms, { state: 'unwatched', left: 0 })
      await expect.poll(() => trouble.textContent()).toContain('No worker is at work')
      Object.assign(alarms, { state: 'lost' })
      await expect.poll(() => trouble.textContent()).toMatch(/^Connection to Kafka lost: .*\(kafka: connect ECONNREFUSED\)$/)
      expect(await isGrey()).toBe(true)
      Object.assign(alarms, { state: 'known', behind: 10_000 })
      await expect.poll(() => page.locator('.pulse').textContent()).toContain('10,000 readings behind')
      expect(await isGrey()).toBe(false)
    } finally {
      await served.close()
    }
  })

  test('shelving takes an alarm out of what stands, into the list of what is shelved, and back', async () => {
    const page = await look()
    const mine = alarm(page, 'too-dry')
    await mine.getByRole('combobox').selectOption('15')
    await mine.getByRole('button', { name: 'Shelve' }).click()
    await page.mouse.move(5, 5)
    await expect.poll(() => mine.evaluateAll((all) => all.every((each) => each.classList.contains('gone'))), { timeout: 15_000 }).toBe(true)
    await page.getByRole('link', { name: /Set aside/ }).click()
    const shelved = page.getByRole('region', { name: 'Shelved' }).locator('.alarm')
    await expect.poll(() => shelved.locator('.status').textContent()).toMatch(/^shelved · until .* · by Sri$/)
    await shelved.getByRole('button', { name: 'Unshelve' }).click()
    await expect.poll(() => Object.values(factory.seen.all()).some((each) => (each as { rule?: string; status?: string }).rule === 'too-dry' && (each as { status?: string }).status === 'unacknowledged'), { timeout: 15_000 }).toBe(true)
  })

  test('a refusal is shown with its reason', async () => {
    const page = await look(`${factory.page.url}#/machine/LINE_01_MOTOR_02`)
    // Nothing of this machine is out of service.
    await page.getByRole('button', { name: 'Back to service' }).last().click()
    await expect.poll(() => page.locator('.panel-alarms > .buttons .result').textContent(), { timeout: 15_000 }).toMatch(/^refused: ./)
  })

  test('who it is is asked once', async () => {
    const page = await look(undefined, {}, null)
    await alarm(page, 'winding-warm').getByRole('button', { name: 'Acknowledge' }).click()
    await page.getByLabel('Name').fill('Budi')
    await page.getByRole('button', { name: 'Save' }).click()
    await expect.poll(() => alarm(page, 'winding-warm').locator('.status').textContent(), { timeout: 15_000 }).toContain('by Budi')
    expect(await page.evaluate(() => localStorage.getItem('motorwatch who'))).toBe('Budi')
  })

  test('an alarm is explained by the parts of its condition', async () => {
    const page = await look()
    const mine = alarm(page, 'voltage-present')
    await mine.locator('summary').click()
    const parts = mine.locator('.parts').first()
    await expect.poll(() => parts.locator('tbody tr').count()).toBe(2)
    expect(await parts.textContent()).toMatch(/voltage above 300holds\d{3}\sV300\sV\+/)
    await expect.poll(() => mine.locator('.parts').count()).toBe(2)
  })

  test('the curves of a machine are drawn, each with its unit and its limits', async () => {
    const page = await look(`${factory.page.url}#/machine/LINE_01_MOTOR_01`)
    await expect.poll(() => page.locator('.chart canvas').count()).toBe(7)
    const inks = await page.locator('.chart canvas').evaluateAll((all) => all.map((canvas) => { const { data } = (canvas as HTMLCanvasElement).getContext('2d')!.getImageData(60, 0, 400, 160); let inked = 0; for (let i = 3; i < data.length; i += 4) if (data[i]! > 0) inked++; return inked }))
    expect(inks.every((inked) => inked > 200)).toBe(true)
    expect(await page.locator('.chart[data-sensor=voltage] .unseen').textContent()).toContain('limit medium 300')
  })

  test('a lost connection turns everything grey and says so; it comes back without a loss', async () => {
    // Between the browser and the server, so that it can be cut.
    const sockets = new Set<Socket>()
    const { port } = new URL(factory.page.url)
    const between = createServer((client) => {
      const server = connect(Number(port), '127.0.0.1')
      for (const socket of [client, server]) {
        sockets.add(socket)
        socket.on('error', () => undefined).on('close', () => { sockets.delete(socket); client.destroy(); server.destroy() })
      }
      client.pipe(server).pipe(client)
    })
    await new Promise<void>((resolve) => { between.listen(0, '127.0.0.1', resolve) })
    const at = (between.address() as AddressInfo).port
    const page = await look(`http://127.0.0.1:${at}/`)
    await new Promise<void>((resolve) => {
      between.close(() => { resolve() })
      for (const socket of sockets) socket.destroy()
    })
    await expect.poll(() => page.locator('.trouble').textContent(), { timeout: 15_000 }).toContain('Connection lost')
    expect(await page.locator('main').evaluate((main) => getComputedStyle(main).filter)).toContain('grayscale(1)')
    const answered = page.waitForResponse((response) => response.url().includes('/events') && response.status() === 200, { timeout: 30_000 })
    await new Promise<void>((resolve) => { between.listen(at, '127.0.0.1', resolve) })
    await answered
    await expect.poll(() => page.locator('.trouble').isHidden(), { timeout: 15_000 }).toBe(true)
    const events = Object.keys(factory.seen.all()).filter((key) => key.startsWith('event ')).length
    await page.getByRole('link', { name: 'Events', exact: true }).click()
    await expect.poll(() => page.locator('.events tbody tr').count()).toBeGreaterThanOrEqual(events)
    for (const socket of sockets) socket.destroy()
    between.close()
  })

  test('the keyboard alone acknowledges: Tab to the alarm, Enter', async () => {
    const page = await look()
    const mine = alarm(page, 'too-dry')
    let found = false
    for (let i = 0; i < 60 && !found; i++) {
      await page.keyboard.press('Tab')
      found = await page.evaluate(() => document.activeElement?.textContent === 'Acknowledge' && document.activeElement.closest('.alarm')?.textContent?.includes('too-dry') === true)
    }
    expect(found).toBe(true)
    expect(await page.evaluate(() => getComputedStyle(document.activeElement!).outlineStyle)).not.toBe('none')
    await page.keyboard.press('Enter')
    await expect.poll(() => mine.locator('.status').textContent(), { timeout: 15_000 }).toContain('acknowledged · by Sri')
  })

  test.each(['light', 'dark'] as const)('axe finds nothing wrong in any view, %s', async (colorScheme) => {
    const page = await look(undefined, { colorScheme })
    for (const hash of ['', '#/machine/LINE_01_MOTOR_01', '#/lists', '#/log']) {
      await page.goto(`${factory.page.url}${hash}`)
      await page.locator(hash.includes('machine') ? '.chart canvas' : hash === '#/log' ? '.events a' : hash === '' ? '.alarm' : '.lists').first().waitFor()
      for (const summary of await page.locator('summary').all()) await summary.click()
      // Not by a script element: the policy of the page allows none.
      await page.evaluate(axe.source)
      const { violations } = await page.evaluate(async () => (globalThis as unknown as { axe: typeof axe }).axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }))
      expect(violations.map(({ id, nodes }) => `${hash} ${id}: ${nodes.map(({ html, failureSummary }) => `${html.slice(0, 150)} ${failureSummary}`).slice(0, 3).join(' | ')}`)).toEqual([])
    }
  })

  test.each(['', '#/machine/LINE_01_MOTOR_01', '#/lists', '#/log'])('on a phone nothing has to be pushed sideways: %s', async (hash) => {
    const page = await look(undefined, { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true })
    await page.goto(`${factory.page.url}${hash}`)
    await page.locator('main section').first().waitFor()
    await page.waitForTimeout(1_500)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
  })

  test('speaks Indonesian where the browser does, and switches', async () => {
    const page = await look(undefined, { locale: 'id-ID' })
    expect(await page.locator('nav').textContent()).toContain('Ikhtisar')
    expect(await page.locator('html').getAttribute('lang')).toBe('id')
    await page.locator('.settings select').first().selectOption('en')
    await expect.poll(() => page.locator('nav').textContent()).toContain('Overview')
  })

  test('on another address it comes in by the token, which does not stay in the address', async () => {
    const other = await factoryPage({ host: '0.0.0.0' })
    try {
      const page = await look(other.page.url)
      expect(new URL(page.url()).hash).toBe('')
      await page.reload()
      await page.locator('.alarm').first().waitFor()
      const stranger = await (await browser.newContext()).newPage()
      contexts.push(stranger.context())
      await stranger.goto(new URL('/', other.page.url).href)
      await expect.poll(() => stranger.locator('.trouble').textContent(), { timeout: 15_000 }).toContain('token')
      expect(await stranger.locator('.card').count()).toBe(0)
    } finally {
      await other.stop()
    }
  })

  test('says that the run has ended', async () => {
    const other = await factoryPage()
    const page = await look(other.page.url)
    other.page.ended('ended')
    await expect.poll(() => page.locator('.trouble').textContent()).toContain('The data have ended')
    await other.stop()
    await page.waitForTimeout(3_000)
    expect(await page.locator('.trouble').textContent()).toContain('The data have ended')
    expect(await page.locator('.card').count()).toBe(3)
  })
})
