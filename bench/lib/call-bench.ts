import type { Browser, BrowserContext, Page } from '@playwright/test'
import type { BarePages } from './bare-pages.ts'
import { installProbes } from './page-probes.ts'
import type { RunningServer } from './start-server.ts'

/** What opening calls is measured with; `bare` has the pages to compare with. */
export type CallBench = { browser: Browser; server: RunningServer; bare: BarePages }

export async function newProbedPage(context: BrowserContext): Promise<Page> {
  const page = await context.newPage()
  await page.addInitScript(installProbes)
  return page
}

export async function untilPlayable(page: Page): Promise<void> {
  await page.waitForFunction(() => (window.bench.media?.readyState ?? 0) >= 1)
}
