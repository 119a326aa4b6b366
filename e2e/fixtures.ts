import { AxeBuilder } from '@axe-core/playwright'
import { test as base, expect, type Page } from '@playwright/test'
import { type RunningServer, startDemoServer, startServer } from './start-server.ts'

type WorkerFixtures = {
  /** One server with the demo calls for all tests of a worker that only look. */
  demoServer: RunningServer
}

type TestFixtures = {
  /** A server of one's own without calls, for tests that change things. */
  emptyServer: RunningServer
  /** Signed in on the demo server, with every demo recording prepared. */
  demoPage: Page
  /** Signed in on the empty server. */
  emptyPage: Page
  /** Fails the test if a page breaks its content security policy or throws. */
  watchedPage: undefined
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  demoServer: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from this pattern
    async ({}, use) => {
      const server = await startDemoServer()
      await use(server)
      await server.stop()
    },
    { scope: 'worker' },
  ],
  // biome-ignore lint/correctness/noEmptyPattern: as above
  emptyServer: async ({}, use) => {
    const server = await startServer({ DEMO: '0' })
    await use(server)
    await server.stop()
  },
  demoPage: async ({ page, demoServer }, use) => {
    await signIn(page, demoServer)
    await use(page)
  },
  emptyPage: async ({ page, emptyServer }, use) => {
    await signIn(page, emptyServer)
    await use(page)
  },
  watchedPage: [
    async ({ page }, use) => {
      await observeMedia(page)
      const errors: string[] = []
      page.on('pageerror', (error) => errors.push(error.message))
      page.on('console', (message) => {
        const isRefusal = message.text().includes('Content Security Policy')
        if (isRefusal && !pagesUnderAxe.has(page)) errors.push(message.text())
      })
      await use(undefined)
      expect(errors).toEqual([])
    },
    { auto: true },
  ],
})

export { expect }

/** Opens a session by the API key and lands on the call list. */
export async function signIn(page: Page, server: RunningServer): Promise<void> {
  await page.request.post(`${server.origin}/api/session`, { data: { key: server.apiKey } })
  await page.goto(`${server.origin}/calls`)
}

/** Sends a call as a client does and answers with its id. */
export async function sendCall(server: RunningServer, body: object): Promise<number> {
  const response = await fetch(`${server.origin}/observability/v1/observe/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-cekura-api-key': server.apiKey },
    body: JSON.stringify({ agent: 1, ...body }),
  })
  const answer = (await response.json()) as { id: number }
  expect(response.ok, JSON.stringify(answer)).toBe(true)
  return answer.id
}

/** The id of the one call that a search finds. */
export async function findCall(server: RunningServer, search: string): Promise<number> {
  const url = `${server.origin}/api/calls?search=${encodeURIComponent(search)}`
  const response = await fetch(url, { headers: { 'x-cekura-api-key': server.apiKey } })
  const { items } = (await response.json()) as { items: { id: number }[] }
  const [only] = items
  if (only === undefined) throw new Error(`No call is found by ${search}`)
  return only.id
}

/** axe measures contrast with inline styles of its own, which the policy refuses. */
const pagesUnderAxe = new WeakSet<Page>()

/** Fails with what axe calls serious or critical. */
export async function expectAccessible(page: Page): Promise<void> {
  pagesUnderAxe.add(page)
  const { violations } = await new AxeBuilder({ page })
    // Base UI's focus guards are hidden from readers and pass the focus on at once.
    .exclude('[data-base-ui-focus-guard]')
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze()
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  expect(serious.map(({ id, nodes }) => [id, nodes.map((node) => node.html)])).toEqual([])
}

declare global {
  interface Window {
    /** The page's player, which is in no document. */
    talktrackMedia?: HTMLAudioElement
  }
}

/** Remembers the page's media element, so that tests can ask it for the truth. */
async function observeMedia(page: Page): Promise<void> {
  await page.addInitScript(() => {
    window.Audio = class extends window.Audio {
      constructor(source?: string) {
        super(source)
        window.talktrackMedia = this
      }
    }
  })
}

/** Seconds at which the media element stands; -1 where the page has none. */
export function mediaSeconds(page: Page): Promise<number> {
  return page.evaluate(() => window.talktrackMedia?.currentTime ?? -1)
}

/** The text of the transcript row that is marked as the current one. */
export function currentRow(page: Page) {
  return page.getByRole('list', { name: 'Transcript' }).locator('[aria-current]')
}
