import { expect, sendCall, signIn, test } from './fixtures.ts'
import type { RunningServer } from './start-server.ts'

const HELLO = [
  {
    role: 'Testing Agent',
    content: 'Is the blue kayak still for rent?',
    start_time: 0,
    end_time: 2,
  },
  { role: 'Main Agent', content: 'It is.', start_time: 3, end_time: 4 },
]

async function sendMany(server: RunningServer, count: number) {
  const start = Date.UTC(2026, 0, 1)
  for (let index = 0; index < count; index++) {
    await sendCall(server, {
      call_id: `many-${String(index).padStart(3, '0')}`,
      transcript_json: HELLO,
      call_ended_reason: index % 2 ? 'hangup' : 'completed',
      timestamp: new Date(start + index * 60_000).toISOString(),
    })
  }
}

test('Search finds a call by what was said in it, and the link shares the search', async ({
  demoPage: page,
  demoServer,
  browser,
}) => {
  await expect(page.getByText('26 calls')).toBeVisible()
  await page.keyboard.press('/')
  await page.keyboard.type('fifty nine dollars')
  const rows = page.getByRole('grid', { name: 'Calls' }).getByRole('row')
  await expect(rows).toHaveCount(2)
  await expect(page).toHaveURL(/search=fifty/)

  const other = await browser.newPage()
  await signIn(other, demoServer)
  await other.goto(page.url())
  await expect(other.getByRole('grid', { name: 'Calls' }).getByRole('row')).toHaveCount(2)
  await other.close()

  await page.getByRole('searchbox', { name: 'Search calls' }).fill('no such words anywhere')
  await expect(page.getByText(/no calls match|no matches|nothing matches/i).first()).toBeVisible()
})

test('Headers sort the whole list, and the order survives a reload', async ({ demoPage: page }) => {
  const header = page.getByRole('columnheader', { name: 'Duration' })
  await header.getByRole('button', { name: 'Duration' }).click()
  await expect(header).toHaveAttribute('aria-sort', /ascending|descending/)
  await page.reload()
  await expect(header).toHaveAttribute('aria-sort', /ascending|descending/)
  await expect(page).toHaveURL(/sort=-?durationSeconds/)
})

test('Hidden columns stay hidden after a reload', async ({ demoPage: page }) => {
  await expect(page.getByRole('columnheader', { name: 'Topic' })).toBeVisible()
  await page.getByRole('button', { name: 'Columns and density' }).click()
  await page.getByRole('checkbox', { name: /Topic/ }).press('Space')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('columnheader', { name: 'Topic' })).toHaveCount(0)
  await page.reload()
  await expect(page.getByRole('columnheader', { name: 'Agent' })).toBeVisible()
  await expect(page.getByRole('columnheader', { name: 'Topic' })).toHaveCount(0)
})

test('A new call appears by itself at the top of the list', async ({
  emptyPage: page,
  emptyServer,
}) => {
  await expect(page.getByText(/no calls yet|first call/i).first()).toBeVisible()
  await sendCall(emptyServer, { call_id: 'fresh-1', transcript_json: HELLO })
  await expect(page.getByRole('link', { name: /fresh-1/ })).toBeVisible()
})

test('A new call moves nothing under a reviewer who has scrolled away', async ({
  emptyPage: page,
  emptyServer,
}) => {
  await sendMany(emptyServer, 90)
  await page.goto(`${emptyServer.origin}/calls`)
  await expect(page.getByRole('link', { name: /many-089/ })).toBeVisible()
  await page.getByRole('link', { name: /many-080/ }).hover()
  await page.mouse.wheel(0, 1200)
  const anchor = page.getByRole('link', { name: /many-05/ }).first()
  await expect(anchor).toBeVisible()
  const name = (await anchor.getAttribute('aria-label')) ?? ''
  const before = await anchor.boundingBox()
  await sendCall(emptyServer, { call_id: 'late', transcript_json: HELLO })
  const pill = page.getByRole('button', { name: /1 new call/ })
  await expect(pill).toBeVisible()
  const after = await page.getByRole('link', { name }).boundingBox()
  expect(after?.y).toBe(before?.y)
  await pill.click()
  await expect(page.getByRole('link', { name: /late/ })).toBeVisible()
})

test('Back returns to the same place of the list', async ({ emptyPage: page, emptyServer }) => {
  await sendMany(emptyServer, 90)
  await page.goto(`${emptyServer.origin}/calls`)
  await expect(page.getByRole('link', { name: /many-089/ })).toBeVisible()
  await page.getByRole('link', { name: /many-085/ }).hover()
  await page.mouse.wheel(0, 1200)
  const link = page.getByRole('link', { name: /many-05/ }).first()
  const name = (await link.getAttribute('aria-label')) ?? ''
  await link.click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('many-05')
  await page.goBack()
  await expect(page.getByRole('link', { name })).toBeInViewport()
})

test('The list holds few rows in the page however many calls there are', async ({
  emptyPage: page,
  emptyServer,
}) => {
  await sendMany(emptyServer, 150)
  await page.goto(`${emptyServer.origin}/calls`)
  await expect(page.getByText('150 calls')).toBeVisible()
  await page.getByRole('link', { name: /many-149/ }).focus()
  await page.keyboard.press('End')
  await expect(page.getByRole('link', { name: /many-000/ })).toBeVisible()
  expect(await page.getByRole('grid', { name: 'Calls' }).getByRole('row').count()).toBeLessThan(61)
})

test('The list is walked and a call opened with the keyboard alone', async ({ demoPage: page }) => {
  await expect(page.getByText('26 calls')).toBeVisible()
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/calls\/\d+/)
})
