// `npm run screenshots`: the README's pictures, taken from the running product with its demo calls.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from '@playwright/test'
import { type RunningServer, startServer } from '../e2e/start-server.ts'

const FOLDER = join(import.meta.dirname, '../docs/images')
const DESKTOP = { width: 1360, height: 850 }
const TELEPHONE = { width: 390, height: 844 }

const PICTURES = [
  { name: 'call-list', path: () => '/calls', theme: 'light', viewport: DESKTOP },
  { name: 'filter-builder', path: builderPath, theme: 'light', viewport: DESKTOP },
  { name: 'filter-builder-dark', path: builderPath, theme: 'dark', viewport: DESKTOP },
  { name: 'metrics', path: () => '/metrics', theme: 'light', viewport: DESKTOP },
  { name: 'call-detail', path: callPath, theme: 'light', viewport: DESKTOP },
  { name: 'call-detail-dark', path: callPath, theme: 'dark', viewport: DESKTOP },
  { name: 'call-detail-telephone', path: callPath, theme: 'light', viewport: TELEPHONE },
] as const

const server = await startServer()
const browser = await chromium.launch({
  ...(process.env.CHROMIUM_PATH && { executablePath: process.env.CHROMIUM_PATH }),
  args: ['--disable-gpu', '--force-color-profile=srgb'],
})
try {
  await mkdir(FOLDER, { recursive: true })
  const calls = await preparedCalls(server)
  for (const picture of PICTURES) await take(browser, { ...picture, path: picture.path(calls) })
} finally {
  await browser.close()
  await server.stop()
}

type Calls = { id: number; callId: string }[]
type Picture = {
  name: string
  path: string
  theme: 'light' | 'dark'
  viewport: { width: number; height: number }
}

/** The call that shows most: slow replies, a tool that fails and recovers, metadata. */
function callPath(calls: Calls): string {
  const call = calls[0]
  if (call === undefined) throw new Error('The demo call for the pictures is missing')
  return `/calls/${call.id}?t=24.5`
}

/** Three levels, with a rule of each kind that is worth a look. */
function builderPath(): string {
  const filter =
    'outcome.in.(failure,reviewed_failure),or(longest_response_gap.gt.3,and(tool_errors.gte.1,is_reviewed.eq.false)),timestamp.gte.now-7d'
  return `/filters?filter=${filter}`
}

async function take(on: Browser, { name, path, theme, viewport }: Picture): Promise<void> {
  const context = await on.newContext({ viewport, deviceScaleFactor: 2, colorScheme: theme })
  const page = await context.newPage()
  await page.request.post(`${server.origin}/api/session`, { data: { key: server.apiKey } })
  await page.goto(server.origin + path)
  await settled(page)
  await page.screenshot({ path: join(FOLDER, `${name}.png`) })
  await context.close()
}

async function settled(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor()
  await page.waitForLoadState('networkidle')
  await page.evaluate(() => document.fonts.ready)
}

/** The call of the pictures, once every recording has its waveform. */
async function preparedCalls({ origin, apiKey }: RunningServer): Promise<Calls> {
  const headers = { 'x-cekura-api-key': apiKey }
  for (;;) {
    const response = await fetch(`${origin}/api/calls?limit=100`, { headers })
    const { items } = (await response.json()) as {
      items: { recordingState: string; status: string }[]
    }
    if (items.every((item) => item.recordingState !== 'analysing' && item.status !== 'evaluating'))
      break
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  const found = await fetch(`${origin}/api/calls?search=0a1f460b`, { headers })
  return ((await found.json()) as { items: Calls }).items
}
