import type { Browser, BrowserContext, Page } from '@playwright/test'
import { type BarePages, serveBarePages } from './bare-pages.ts'
import { inFreshContext, launchBrowser } from './open-browser.ts'
import { median } from './percentile.ts'
import { say } from './progress.ts'
import { type ScrollResult, scrollThrough } from './scroll-probe.ts'
import type { RunningServer } from './start-server.ts'
import type { Row } from './table.ts'

const OPENINGS = 5
const ROW_PIXELS = 37
/** Half a screen each frame goes through 100,000 rows in a minute; a hand flings at about a seventh of that. */
const STEP_PIXELS = { all: 900, hand: 120 }
const HAND_SECONDS = 10

/** A page that does no more than fetch the same rows and put their text there. */
const BARE_PAGE = `<!doctype html><title>bare</title><body><script type="module">
const { items } = await (await fetch('/api/calls?limit=60')).json()
document.body.innerHTML = '<div role="grid" style="height:800px;overflow:auto"><div role="rowgroup" style="height:3700000px">'
  + items.map((call) => '<div role="row">' + Object.values(call).join(' ') + '</div>').join('') + '</div></div>'
</script>`
const BARE_NAME = 'bare page with 60 plain rows'

type Bench = { browser: Browser; server: RunningServer; bare: BarePages }

/** The list in Chromium: opening it, scrolling through it, and what it holds in memory. */
export async function measureListPage(
  server: RunningServer,
  { calls, limitSeconds }: { calls: number; limitSeconds: number },
): Promise<Row[]> {
  const bare = await serveBarePages(server, { '/': BARE_PAGE })
  const browser = await launchBrowser()
  const bench = { browser, server, bare }
  try {
    return [
      await measureOpening(bench),
      ...(await measureScrolling(bench, { calls, limitSeconds })),
    ]
  } finally {
    await browser.close()
    await bare.stop()
  }
}

const appUrl = ({ server }: Bench) => `${server.address}/calls`
const bareUrl = ({ bare }: Bench) => `${bare.address}/`

async function openPage(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage()
  await page.addInitScript(watchFirstRow)
  await page.goto(url, { waitUntil: 'commit' })
  await page.getByRole('rowgroup').last().getByRole('row').first().waitFor()
  return page
}

/** Runs in the page before anything else: notes the frame after the one that had the first row. */
function watchFirstRow(): void {
  const look = () => {
    const row = document.querySelector('[role=rowgroup]:last-child > [role=row]')
    if (!row?.textContent) return requestAnimationFrame(look)
    requestAnimationFrame((now) => performance.mark('first-row', { startTime: now }))
  }
  look()
}

async function measureOpening(bench: Bench): Promise<Row> {
  const open = (url: string) =>
    inFreshContext(bench, async (context) => {
      const page = await openPage(context, url)
      const mark = await page.waitForFunction(
        () => performance.getEntriesByName('first-row')[0]?.startTime,
      )
      return (await mark.jsonValue()) ?? Number.NaN
    })
  const app: number[] = []
  const bare: number[] = []
  for (let i = 0; i < OPENINGS; i++) {
    app.push(await open(appUrl(bench)))
    bare.push(await open(bareUrl(bench)))
  }
  return {
    what: `page, empty cache: opening to the first row, median of ${OPENINGS}`,
    unit: 'ms',
    figures: [median(app)],
    baseline: { what: BARE_NAME, figures: [median(bare)] },
  }
}

async function measureScrolling(
  bench: Bench,
  { calls, limitSeconds }: { calls: number; limitSeconds: number },
): Promise<Row[]> {
  const toTheEnd = { limitSeconds, targetPixels: (calls - 30) * ROW_PIXELS }
  const forAWhile = { limitSeconds: HAND_SECONDS, targetPixels: Number.POSITIVE_INFINITY }
  const { all, hand } = STEP_PIXELS
  const byHand = await scrollPage(bench, appUrl(bench), { ...forAWhile, step: hand })
  const byHandBare = await scrollPage(bench, bareUrl(bench), { ...forAWhile, step: hand })
  const through = await scrollPage(bench, appUrl(bench), { ...toTheEnd, step: all })
  const throughBare = await scrollPage(bench, bareUrl(bench), { ...forAWhile, step: all })
  return [
    ...scrollRows({ app: byHand, bare: byHandBare, step: hand }),
    ...scrollRows({ app: through, bare: throughBare, step: all }),
    ...sizeRows(through, throughBare),
  ]
}

type ScrollTarget = { step: number; limitSeconds: number; targetPixels: number }
type Scrolled = { scroll: ScrollResult; heapAtStart: number; heapAtEnd: number }

async function scrollPage(bench: Bench, url: string, target: ScrollTarget): Promise<Scrolled> {
  say(`Scrolling through ${url}, ${target.step} px a frame`)
  return inFreshContext(bench, async (context) => {
    const page = await openPage(context, url)
    // What a page loads behind its first picture is not scrolling.
    await page.waitForTimeout(1500)
    const heapAtStart = await heapMegabytes(page)
    const scroll = await page.evaluate(scrollThrough, { scroller: '[role=grid]', ...target })
    return { scroll, heapAtStart, heapAtEnd: await heapMegabytes(page) }
  })
}

/** JavaScript that is reachable, after a collection. */
async function heapMegabytes(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  await session.detach()
  return usedSize / 1e6
}

function scrollRows({ app, bare, step }: { app: Scrolled; bare: Scrolled; step: number }): Row[] {
  const rows = Math.round(app.scroll.pixels / ROW_PIXELS)
  const framesPerSecond = ({ scroll }: Scrolled) => scroll.frames / scroll.seconds
  const latePercent = ({ scroll }: Scrolled) => (100 * scroll.lateFrames) / scroll.frames
  return [
    {
      what: `page: scrolling ${step} px a frame, ${rows} rows in ${app.scroll.seconds.toFixed(0)} s`,
      unit: 'frames/s',
      figures: [framesPerSecond(app)],
      baseline: { what: BARE_NAME, figures: [framesPerSecond(bare)] },
      bars: [{ on: 'value', atLeast: 55 }],
    },
    {
      what: `page: frames longer than 34 ms, ${step} px a frame`,
      unit: '% of frames',
      figures: [latePercent(app)],
      baseline: { what: BARE_NAME, figures: [latePercent(bare)] },
    },
    {
      what: `page: frames that waited for rows, ${step} px a frame`,
      unit: '% of frames',
      figures: [(100 * app.scroll.waitingFrames) / app.scroll.frames],
      baseline: null,
    },
  ]
}

function sizeRows(app: Scrolled, bare: Scrolled): Row[] {
  return [
    {
      what: 'page: most row nodes at once, header included',
      unit: 'nodes',
      figures: [app.scroll.maxRows],
      baseline: { what: BARE_NAME, figures: [bare.scroll.maxRows] },
      bars: [{ on: 'value', atMost: 60 }],
    },
    {
      what: 'page: JavaScript heap, opened / scrolled through',
      unit: 'MB',
      figures: [app.heapAtStart, app.heapAtEnd],
      baseline: { what: BARE_NAME, figures: [bare.heapAtStart, bare.heapAtEnd] },
    },
  ]
}
