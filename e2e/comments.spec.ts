import type { Browser, Page } from '@playwright/test'
import {
  test as base,
  expect,
  expectAccessible,
  mediaSeconds,
  sendCall,
  signIn,
} from './fixtures.ts'
import { sendRecorded } from './judged-calls.ts'
import type { RunningServer } from './start-server.ts'

const TURNS = [
  { role: 'Testing Agent', content: 'Hello, I want to cancel.', start_time: 1, end_time: 3 },
  { role: 'Main Agent', content: 'What is the number?', start_time: 3.8, end_time: 5 },
  { role: 'Testing Agent', content: 'It is seventeen.', start_time: 6, end_time: 7 },
]

/** The page of a recorded call of twelve seconds, with the comments open. */
const test = base.extend<{ commented: { page: Page; callId: number } }>({
  commented: async ({ emptyPage: page, emptyServer }, use) => {
    const callId = await sendRecorded(emptyServer, { callId: 'commented', turns: TURNS })
    await untilHeard(emptyServer, callId)
    await page.goto(`${emptyServer.origin}/calls/${callId}?t=4.5&pane=comments`)
    await expect(commentsOf(page)).toContainText('No comments yet')
    await use({ page, callId })
  },
})

test('A reviewer comments at the second that plays, without the mouse', async ({ commented }) => {
  const { page } = commented
  await expect.poll(() => mediaSeconds(page)).toBeCloseTo(4.5, 1)
  await page.keyboard.press('c')
  const text = page.getByRole('textbox', { name: 'Comment at 0:04' })
  await expect(text).toBeFocused()
  await page.keyboard.type('He asks too early')
  await page.keyboard.press('Control+Enter')

  const thread = commentsOf(page).getByRole('listitem').filter({ hasText: 'He asks too early' })
  await expect(thread).toBeVisible()
  await expect(text).toBeHidden()
  await expect(page.getByRole('link', { name: /^Comments\s*1\s*open/ })).toBeVisible()

  await page.keyboard.press('ArrowRight')
  await expect.poll(() => mediaSeconds(page)).toBeCloseTo(9.5, 1)
  await page.getByRole('button', { name: /^0:04: .*He asks too early/ }).click()
  await expect.poll(() => mediaSeconds(page)).toBeCloseTo(4.5, 1)
  await expect(thread).toHaveAttribute('aria-current', 'true')
})

test('A comment that was not sent waits for its writer', async ({ commented }) => {
  const { page } = commented
  await page.keyboard.press('c')
  await page.keyboard.type('Half a thou')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('region', { name: 'New comment' })).toBeHidden()
  await page.reload()
  await expect(commentsOf(page)).toContainText('No comments yet')
  await page.keyboard.press('c')
  await expect(page.getByRole('textbox', { name: /^Comment at/ })).toHaveValue('Half a thou')
})

test('Two people talk about a moment, and one of them settles it', async ({
  commented,
  browser,
  emptyServer,
}) => {
  const { page, callId } = commented
  const other = await openElsewhere(browser, { server: emptyServer, callId })
  await page.keyboard.press('c')
  await page.keyboard.type('Is this a fault?')
  await page.keyboard.press('Control+Enter')

  const theirs = commentsOf(other).getByRole('listitem').filter({ hasText: 'Is this a fault?' })
  await theirs.getByRole('button', { name: 'Reply' }).click()
  await other.getByRole('textbox', { name: /^Reply to/ }).fill('No, as agreed')
  await theirs.getByRole('button', { name: 'Send reply' }).click()
  const ours = commentsOf(page).getByRole('listitem').filter({ hasText: 'Is this a fault?' })
  await expect(ours.getByRole('list', { name: 'Replies' })).toContainText('No, as agreed')

  await ours.getByRole('button', { name: 'Resolve' }).click()
  await expect(ours).toBeHidden()
  await expect(theirs).toBeHidden()
  await page.getByRole('button', { name: 'Show 1 resolved' }).click()
  await expect(ours).toContainText('Resolved by')
  await other.context().close()
})

test('A deleted comment comes back', async ({ commented }) => {
  const { page } = commented
  await commentsOf(page).getByRole('button', { name: 'On the whole call' }).click()
  await page.getByRole('textbox', { name: 'Comment on the whole call' }).fill('A good one')
  await page.getByRole('button', { name: 'Comment', exact: true }).click()
  const thread = commentsOf(page).getByRole('listitem').filter({ hasText: 'A good one' })
  await thread.getByRole('button', { name: /^Delete the comment of/ }).click()
  await expect(thread).toBeHidden()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(thread).toBeVisible()
})

test('Words of a call without sound are commented on', async ({ emptyPage: page, emptyServer }) => {
  const callId = await sendCall(emptyServer, {
    call_id: 'silent',
    transcript_type: 'cekura',
    transcript_json: TURNS.map(({ role, content }) => ({ role, content })),
  })
  await page.goto(`${emptyServer.origin}/calls/${callId}?pane=comments`)
  const words = page.getByRole('list', { name: 'Transcript' }).getByText('What is the number?')
  await words.selectText()
  await page.keyboard.press('c')
  await page.getByRole('textbox', { name: /^Comment / }).fill('Too curt')
  await page.keyboard.press('Control+Enter')
  const thread = commentsOf(page).getByRole('listitem').filter({ hasText: 'Too curt' })
  await thread.getByRole('button', { name: /^Go to/ }).click()
  const row = page.getByRole('list', { name: 'Transcript' }).locator('[data-pointed]')
  await expect(row).toContainText('What is the number?')
})

for (const theme of ['light', 'dark'] as const) {
  test(`Comments have no serious accessibility fault in the ${theme} theme`, async ({
    commented,
  }) => {
    const { page } = commented
    await page.evaluate((value) => localStorage.setItem('talktrack.theme', value), theme)
    await page.reload()
    await expect(commentsOf(page)).toContainText('No comments yet')
    await page.keyboard.press('c')
    await page.keyboard.type('Seen')
    await page.keyboard.press('Control+Enter')
    await expect(commentsOf(page).getByRole('listitem')).toContainText('Seen')
    await page.keyboard.press('c')
    await expect(page.getByRole('region', { name: 'New comment' })).toBeVisible()
    await expectAccessible(page)
  })
}

test.describe('on a telephone', () => {
  test.use({ viewport: { width: 390, height: 844 } })

  test('comments fit beside nothing', async ({ commented }) => {
    const { page } = commented
    await commentsOf(page).getByRole('button', { name: 'Comment here' }).click()
    await page.getByRole('textbox', { name: 'Comment at 0:04' }).fill('x'.repeat(200))
    await page.getByRole('button', { name: 'Comment', exact: true }).click()
    await expect(commentsOf(page).getByRole('listitem')).toHaveCount(1)
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - window.innerWidth,
    )
    expect(overflow).toBeLessThanOrEqual(0)
  })
})

function commentsOf(page: Page) {
  return page.getByRole('complementary', { name: 'Comments' })
}

/** The same call in another browser with a session of its own. */
async function openElsewhere(
  browser: Browser,
  { server, callId }: { server: RunningServer; callId: number },
): Promise<Page> {
  const context = await browser.newContext()
  const page = await context.newPage()
  await signIn(page, server)
  await page.goto(`${server.origin}/calls/${callId}?pane=comments`)
  await expect(commentsOf(page)).toContainText('No comments yet')
  return page
}

async function untilHeard(server: RunningServer, id: number): Promise<void> {
  await expect
    .poll(async () => {
      const response = await fetch(`${server.origin}/api/calls/${id}`, {
        headers: { 'x-cekura-api-key': server.apiKey },
      })
      return ((await response.json()) as { recordingState: string }).recordingState
    })
    .toBe('ready')
}
