import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
} from '@playwright/test'
import { findChromium } from './find-program.ts'
import type { RunningServer } from './start-server.ts'

const VIEWPORT = { width: 1440, height: 900 }

/** A real Chromium without a window; what it would do by itself in the background is off. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: findChromium(),
    args: [
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      '--autoplay-policy=no-user-gesture-required',
      '--enable-precise-memory-info',
    ],
  })
}

/** Runs `work` in a context with empty caches, signed in to the server. */
export async function inFreshContext<T>(
  {
    browser,
    server,
    options = {},
  }: {
    browser: Browser
    server: RunningServer
    options?: BrowserContextOptions
  },
  work: (context: BrowserContext) => Promise<T>,
): Promise<T> {
  const context = await browser.newContext({ viewport: VIEWPORT, ...options })
  try {
    const session = await context.request.post(`${server.address}/api/session`, {
      data: { key: server.apiKey },
    })
    if (!session.ok()) throw new Error(`Signing in was answered with ${session.status()}.`)
    return await work(context)
  } finally {
    await context.close()
  }
}
