import { spawn } from 'node:child_process'
import { mkdirSync, statSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { chromium } from 'playwright-core'
import type { Page } from 'playwright-core'
import { chromiumArgs, chromiumPath } from '../test/page/browser/chromium.js'

/** The pictures of the live page in docs/images, of a simulated factory in a real Chromium. */
const to = new URL('../docs/images/', import.meta.url)
const MOST = 150_000
const executablePath = chromiumPath()
if (executablePath === undefined) throw new Error('there is no Chromium: install one, or say in MOTORWATCH_CHROMIUM where it is')
mkdirSync(to, { recursive: true })

const factory = spawn(process.execPath, ['--import', 'tsx', 'examples/factory.ts', '--machines', '12', '--speed', '120', '--duration', '24h', '--port', '0', '--zone', 'Asia/Jakarta'], { stdio: ['ignore', 'pipe', 'inherit'] })
const lines = createInterface({ input: factory.stdout })
const url = await new Promise<string>((resolve) => { lines.on('line', (line) => { if (line.startsWith('page: ')) resolve(line.slice('page: '.length)) }) })
const browser = await chromium.launch({ executablePath, args: [...chromiumArgs] })
const open = async (options: Parameters<typeof browser.newContext>[0]): Promise<Page> => {
  const context = await browser.newContext({ locale: 'en-GB', ...options })
  await context.addInitScript("localStorage.setItem('motorwatch who', 'Sri')")
  const page = await context.newPage()
  await page.goto(url)
  return page
}
const shoot = async (page: Page, name: string): Promise<void> => {
  const path = new URL(`${name}.png`, to).pathname
  await page.screenshot({ path })
  const { size } = statSync(path)
  process.stdout.write(`${name}.png ${Math.round(size / 1000)} kB\n`)
  if (size > MOST) throw new Error(`${name}.png is larger than ${MOST / 1000} kB`)
}

try {
  const page = await open({ viewport: { width: 1240, height: 640 }, colorScheme: 'light' })
  // Until the winding of one is too hot, and the voltage of another too high.
  await page.locator('.card').filter({ hasText: 'LINE_01_MOTOR_07' }).locator('.symbol.high').first().waitFor({ timeout: 120_000 })
  await page.locator('.alarm').filter({ hasText: 'vibration-danger' }).getByRole('button', { name: 'Acknowledge' }).click()
  await page.mouse.move(600, 630)
  await page.locator('.alarm').filter({ hasText: 'winding' }).first().waitFor()
  await page.locator('.panel-timeline select').selectOption('120')
  await page.waitForTimeout(2_500)
  await shoot(page, 'overview')
  const machine = new URL('#/machine/LINE_01_MOTOR_07', url).href
  await page.goto(machine)
  await page.locator('.panel-charts select').selectOption('1')
  await page.locator('.switch input').first().check()
  await page.waitForTimeout(3_500)
  await shoot(page, 'machine')
  await page.setViewportSize({ width: 1240, height: 1100 })
  await page.locator('summary').first().click()
  await page.locator('.parts').nth(1).waitFor()
  await page.locator('.panel-alarms').screenshot({ path: new URL('alarm.png', to).pathname })
  const dark = await open({ viewport: { width: 1240, height: 640 }, colorScheme: 'dark' })
  await dark.waitForTimeout(2_500)
  await shoot(dark, 'dark')
  const phone = await open({ viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true })
  await phone.waitForTimeout(2_000)
  await shoot(phone, 'phone')
} finally {
  await browser.close()
  factory.kill()
}
