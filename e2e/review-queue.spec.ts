import type { Page } from '@playwright/test'
import { expect, expectAccessible, sendCall, signIn, test } from './fixtures.ts'
import type { RunningServer } from './start-server.ts'

const TURNS = [
  { role: 'Testing Agent', content: 'I want to cancel.', start_time: 0.5, end_time: 2 },
  { role: 'Main Agent', content: 'It is cancelled.', start_time: 2.5, end_time: 4 },
]

type QueueOptions = { isBlind?: boolean }

async function sendCalls(server: RunningServer, count: number): Promise<number[]> {
  const ids: number[] = []
  for (let index = 0; index < count; index += 1) {
    const body = { call_id: `queued-${index}`, transcript_type: 'cekura', transcript_json: TURNS }
    ids.push(await sendCall(server, body))
  }
  return ids
}

async function makeQueue(server: RunningServer, options: QueueOptions = {}): Promise<number> {
  const response = await fetch(`${server.origin}/api/queues`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-cekura-api-key': server.apiKey },
    body: JSON.stringify({ name: 'Monday', reason: 'All of them', selection: {}, ...options }),
  })
  expect(response.ok, await response.clone().text()).toBe(true)
  return ((await response.json()) as { id: number }).id
}

const queueBar = (page: Page) => page.getByRole('region', { name: 'Queue', exact: true })

/** The id of the call that the page shows as a part of a queue. */
async function queuedCall(page: Page): Promise<number> {
  await page.waitForURL(/\/calls\/\d+\?queue=/)
  await expect(queueBar(page)).toBeVisible()
  return Number(/\/calls\/(\d+)/.exec(page.url())?.[1])
}

test('A reviewer turns a filter into a queue and reviews five calls by keyboard alone', async ({
  emptyPage: page,
  emptyServer,
}) => {
  await sendCalls(emptyServer, 5)
  await page.goto(`${emptyServer.origin}/calls`)
  await page.getByRole('button', { name: 'Review these as a queue' }).focus()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Review these as a queue' })
  await expect(dialog).toContainText('5 calls match now')
  await expect(dialog.getByRole('textbox', { name: 'Name' })).toBeFocused()
  await page.keyboard.type('Monday')
  await page.keyboard.press('Enter')

  const reviewed = new Set<number>()
  for (let done = 0; done < 5; done += 1) {
    await expect(queueBar(page)).toContainText(`${done} of 5 done`)
    reviewed.add(await queuedCall(page))
    const decision = page.getByRole('region', { name: 'Decision' })
    await decision.getByRole('button', { name: 'Failure' }).first().focus()
    await page.keyboard.press('Enter')
    await expect(decision.getByRole('button', { name: 'Failure' }).first()).toHaveAttribute(
      'aria-pressed',
      'true',
    )
    await page.keyboard.press('Control+Enter')
  }
  await expect(page.getByText('Every call of this queue is done.')).toBeVisible()
  expect(reviewed.size).toBe(5)
  await expectAccessible(page)
})

test('Two browsers on one queue never get the same call', async ({ browser, emptyServer }) => {
  await sendCalls(emptyServer, 4)
  const id = await makeQueue(emptyServer)
  const pages = await Promise.all(
    [0, 1].map(async () => {
      const page = await (await browser.newContext()).newPage()
      await signIn(page, emptyServer)
      return page
    }),
  )
  await Promise.all(pages.map((page) => page.goto(`${emptyServer.origin}/queues/${id}`)))
  const given = await Promise.all(pages.map(queuedCall))
  expect(new Set(given).size).toBe(2)

  const [first, second] = pages
  const [firstId] = given
  await second?.goto(`${emptyServer.origin}/calls/${firstId}?queue=${id}`)
  if (second) await expect(queueBar(second)).toContainText('has this call open')
  if (first) await expect(queueBar(first).getByRole('button', { name: 'Done' })).toBeVisible()
  for (const page of pages) await page.context().close()
})

test('A call that was put off comes back at the end, and "done" can be undone', async ({
  emptyPage: page,
  emptyServer,
}) => {
  await sendCalls(emptyServer, 2)
  const id = await makeQueue(emptyServer)
  await page.goto(`${emptyServer.origin}/queues/${id}`)
  const first = await queuedCall(page)
  await queueBar(page).getByRole('button', { name: 'Skip' }).click()
  await expect(page).not.toHaveURL(new RegExp(`/calls/${first}\\?`))
  const second = await queuedCall(page)
  const success = page.getByRole('region', { name: 'Decision' }).getByRole('button', {
    name: 'Success',
  })
  await success.first().click()
  await queueBar(page).getByRole('button', { name: 'Done' }).click()
  await expect(page).toHaveURL(new RegExp(`/calls/${first}\\?`))
  const toasts = page.locator('[data-toasts]').getByRole('dialog')
  await toasts
    .filter({ hasText: 'Done with this call.' })
    .getByRole('button', { name: 'Undo' })
    .click()
  await expect(page).toHaveURL(new RegExp(`/calls/${second}\\?`))
  await expect(queueBar(page)).toContainText('0 of 2 done')
})

test('A blind queue hides what the judge said until the reviewer has decided', async ({
  emptyPage: page,
  emptyServer,
}) => {
  await sendCalls(emptyServer, 1)
  const id = await makeQueue(emptyServer, { isBlind: true })
  await page.goto(`${emptyServer.origin}/queues/${id}`)
  await queuedCall(page)
  await expect(page.getByText('The judge’s results are hidden')).toBeVisible()
  await expect(page.getByText('Outcome hidden')).toBeVisible()
  await expect(queueBar(page)).not.toContainText('All of them')
  await expect(page.getByRole('region', { name: 'Rubric' })).toBeHidden()
  await expectAccessible(page)

  const decision = page.getByRole('region', { name: 'Decision' })
  await decision.getByRole('button', { name: 'Failure' }).first().click()
  await expect(page.getByText('The judge’s results are hidden')).toBeHidden()
  await expect(page.getByRole('region', { name: 'Rubric' })).toBeVisible()
  await expect(queueBar(page)).toContainText('You: failure, judge:')
  await expect(queueBar(page)).toContainText('All of them')
})
