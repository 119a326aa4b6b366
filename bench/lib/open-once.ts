import type { Page } from '@playwright/test'
import { type CallBench, newProbedPage } from './call-bench.ts'
import { countFetchedBytes } from './fetched-bytes.ts'
import type { ReadyCall } from './observe-recording.ts'
import { inFreshContext } from './open-browser.ts'
import { median } from './percentile.ts'
import { residentMegabytes } from './renderer-memory.ts'

const DRAW_LIMIT_MS = 300_000

export type Opening = {
  drawnMs: number
  transcriptMs: number
  megabytes: number
  kilobytes: number
}

export type Opener = {
  /** On the origin of the page: opens an empty one in the same process first. */
  emptyUrl: string
  url: string
  /** Gets the page ready for the click, and returns the click. */
  prepare: (page: Page) => Promise<() => Promise<void>>
  waitsFor: 'drawnAt' | 'transcriptAt'
}

/** Opens one call by a click in a browser context of its own. */
export function openOnce({ browser, server }: CallBench, opener: Opener): Promise<Opening> {
  return inFreshContext({ browser, server }, async (context) => {
    const page = await newProbedPage(context)
    await page.goto(opener.emptyUrl)
    const emptyMegabytes = await residentMegabytes(browser, page)
    await page.goto(opener.url)
    const click = await opener.prepare(page)
    const fetched = await countFetchedBytes(page)
    await click()
    await page.waitForFunction((probe) => window.bench[probe] !== null, opener.waitsFor, {
      timeout: DRAW_LIMIT_MS,
    })
    const kilobytes = fetched() / 1000
    await page.waitForTimeout(1000)
    const { clickedAt, drawnAt, transcriptAt } = await page.evaluate(() => ({
      ...window.bench,
      media: null,
    }))
    const since = (moment: number | null) => (moment ?? Number.NaN) - (clickedAt ?? 0)
    return {
      drawnMs: since(drawnAt),
      transcriptMs: since(transcriptAt),
      megabytes: (await residentMegabytes(browser, page)) - emptyMegabytes,
      kilobytes,
    }
  })
}

export function appOpener(
  { server }: CallBench,
  { call, waitsFor }: { call: ReadyCall; waitsFor: Opener['waitsFor'] },
): Opener {
  return {
    emptyUrl: `${server.address}/healthz`,
    url: `${server.address}/calls`,
    waitsFor,
    prepare: async (page) => {
      const row = page.getByRole('row').filter({ hasText: call.callId })
      await row.waitFor()
      // The list is at rest: what it loads for itself does not count for the call.
      await page.waitForTimeout(1000)
      const box = await row.boundingBox()
      if (!box) throw new Error(`${call.callId} is not in view.`)
      // Straight to the click: a pointer that rests on a row would load the call ahead.
      return () => page.mouse.click(box.x + box.width / 2, box.y + box.height / 2)
    },
  }
}

export function bareOpener(
  { bare }: CallBench,
  { path, waitsFor }: { path: string; waitsFor: Opener['waitsFor'] },
): Opener {
  return {
    emptyUrl: `${bare.address}/empty`,
    url: bare.address + path,
    waitsFor,
    prepare: async (page) => () => page.getByRole('button', { name: 'Open' }).click(),
  }
}

/** The median of each figure over several openings. */
export async function openRepeatedly(
  bench: CallBench,
  { opener, times }: { opener: Opener; times: number },
): Promise<Opening> {
  const openings: Opening[] = []
  for (let i = 0; i < times; i++) openings.push(await openOnce(bench, opener))
  const medianOf = (key: keyof Opening) => median(openings.map((opening) => opening[key]))
  return {
    drawnMs: medianOf('drawnMs'),
    transcriptMs: medianOf('transcriptMs'),
    megabytes: medianOf('megabytes'),
    kilobytes: medianOf('kilobytes'),
  }
}
