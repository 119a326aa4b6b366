import type { Page } from '@playwright/test'
import { expect, findCall, mediaSeconds, sendCall, test } from './fixtures.ts'
import type { RunningServer } from './start-server.ts'

/**
 * The caller's words end at 1.92, 13.126, 30.917, 37.384, 46.881 and 57.721 s, the agent answers at 4.82, 17.226,
 * 32.717, 41.184, 51.281 and 60.921 s: every reply takes longer than 1.5 s.
 */
const SLOW_CALL = 'LB-OUT-823812'

async function openSlowCall(page: Page, server: RunningServer): Promise<void> {
  const id = await findCall(server, SLOW_CALL)
  await page.goto(`${server.origin}/calls/${id}`)
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible()
  await expect.poll(() => page.evaluate(() => window.talktrackMedia?.readyState)).toBeGreaterThan(0)
}

/** Leaves the marks of one kind under the waveform. */
async function showOnly(page: Page, kind: string): Promise<void> {
  const legend = page.getByRole('group', { name: 'Marks shown under the waveform' })
  await expect(legend.getByRole('button', { name: kind })).toBeVisible()
  // Evidence comes with the results, a moment after the call.
  await expect(legend.getByRole('button', { name: 'Evidence' })).toBeVisible()
  for (const text of await legend.getByRole('button', { pressed: true }).allTextContents()) {
    if (text.startsWith(kind)) continue
    await legend.getByRole('button').filter({ hasText: text }).click()
  }
  await expect(legend.getByRole('button', { pressed: true })).toHaveCount(1)
}

function setMediaSeconds(page: Page, seconds: number): Promise<void> {
  return page.evaluate((target) => {
    if (window.talktrackMedia) window.talktrackMedia.currentTime = target
  }, seconds)
}

const reel = (page: Page) => page.getByRole('button', { name: /^Listen to what matters/ })

test('A reviewer goes to the slowest reply first, then to the next slowest', async ({
  demoPage: page,
  demoServer,
}) => {
  await openSlowCall(page, demoServer)
  // Waits by length: 4.4 s, 4.1 s, 3.8 s, 3.2 s, 2.9 s, 1.8 s
  await page.keyboard.press('g')
  await expect(page.getByText('Slow reply 1 of 6, 4,400 ms')).toBeVisible()
  await expect.poll(() => mediaSeconds(page)).toBeCloseTo(46.881, 1)
  await page.keyboard.press('g')
  await expect(page.getByText('Slow reply 2 of 6, 4,100 ms')).toBeVisible()
  await expect.poll(() => mediaSeconds(page)).toBeCloseTo(13.126, 1)
  for (let press = 0; press < 5; press++) await page.keyboard.press('g')
  await expect(page.getByText('Slow reply 1 of 6, 4,400 ms')).toBeVisible()
})

test('A reviewer hears only what matters, for as long as the button says', async ({
  demoPage: page,
  demoServer,
}) => {
  await openSlowCall(page, demoServer)
  await showOnly(page, 'Slow replies')
  // With two seconds around each wait 6.82 + 8.1 + 5.8 + 7.8 + 8.4 + 7.2 = 44.12 s in six parts
  await expect(reel(page)).toHaveAccessibleName(/^Listen to what matters: 1:\d\d in 0:44$/)

  await page.keyboard.press('h')
  await expect(reel(page)).toHaveAttribute('aria-pressed', 'true')
  await expect(page.getByText('Part 1 of 6: slow reply')).toBeVisible()
  await expect(page.locator('[data-highlights="6"]')).toBeAttached()
  // The first part ends at 6.82 s, the second begins at 11.126 s.
  await setMediaSeconds(page, 6.6)
  await expect(page.getByText('Part 2 of 6: slow reply')).toBeVisible()
  expect(await mediaSeconds(page)).toBeGreaterThan(11)

  // The last part ends at 62.921 s.
  await setMediaSeconds(page, 62.5)
  await expect(reel(page)).toHaveAttribute('aria-pressed', 'false')
  await expect.poll(() => page.evaluate(() => window.talktrackMedia?.paused)).toBe(true)
  expect(await mediaSeconds(page)).toBeLessThan(64)
  await expect(page.locator('[data-highlights]')).toHaveCount(0)
})

test('Whoever goes to another place, or presses the key again, hears the whole recording', async ({
  demoPage: page,
  demoServer,
}) => {
  await openSlowCall(page, demoServer)
  await showOnly(page, 'Slow replies')
  await page.keyboard.press('h')
  await expect(reel(page)).toHaveAttribute('aria-pressed', 'true')
  await page.keyboard.press('h')
  await expect(reel(page)).toHaveAttribute('aria-pressed', 'false')

  await page.keyboard.press('h')
  await page.getByRole('button', { name: 'Pause', exact: true }).click()
  await expect(page.getByText(/^Part \d of 6/)).toBeVisible()
  await page.getByRole('slider', { name: 'Position' }).focus()
  await page.keyboard.press('Home')
  await expect(page.getByText('Part 1 of 6: slow reply')).toBeVisible()
  // 5 s lie in the first part, 10 s between the first and the second.
  await page.keyboard.press('ArrowRight')
  await expect(reel(page)).toHaveAttribute('aria-pressed', 'true')
  await page.keyboard.press('ArrowRight')
  await expect(reel(page)).toHaveAttribute('aria-pressed', 'false')
})

test('Without anything that matters the button says why', async ({
  demoPage: page,
  demoServer,
}) => {
  await openSlowCall(page, demoServer)
  await showOnly(page, 'Slow replies')
  await page.getByRole('button', { name: /^Slow replies/ }).click()
  await expect(reel(page)).toBeDisabled()
  await expect(reel(page)).toHaveAccessibleName(/Everything that matters is hidden/)
  await page.keyboard.press('h')
  expect(await page.evaluate(() => window.talktrackMedia?.paused)).toBe(true)
})

test('Gaps and marks are each one stop of the keyboard', async ({ demoPage: page, demoServer }) => {
  await openSlowCall(page, demoServer)
  const gaps = page.getByRole('slider', { name: /^Response gaps/ })
  await gaps.focus()
  await expect(gaps).toHaveAttribute(
    'aria-valuetext',
    '1 of 6, 0:01: The agent replies after 2,900 ms (budget 1,500 ms)',
  )
  await page.keyboard.press('ArrowRight')
  await expect(gaps).toHaveAttribute('aria-valuetext', /^2 of 6, 0:13: The agent .* 4,100 ms/)
  await expect(page.getByRole('tooltip')).toContainText('4,100 ms')
  await page.keyboard.press('Enter')
  await expect.poll(() => mediaSeconds(page)).toBeCloseTo(13.126, 1)
  await expect(page.getByRole('slider', { name: 'Position' })).toHaveAttribute(
    'aria-valuetext',
    /^0:13 of 1:\d\d, .*slow reply after 4,100 ms \(budget 1,500 ms\)$/,
  )

  const marks = page.getByRole('toolbar', { name: 'Marks' }).getByRole('button')
  await marks.first().focus()
  await page.keyboard.press('ArrowRight')
  await expect(marks.nth(1)).toBeFocused()
  await page.keyboard.press('End')
  await expect(marks.last()).toBeFocused()
  await expect(marks.last()).toHaveAttribute('tabindex', '0')
  await expect(marks.first()).toHaveAttribute('tabindex', '-1')
})

test('The project says from which wait on a reply is slow', async ({
  emptyPage: page,
  emptyServer,
}) => {
  const transcript_json = [
    { role: 'Testing Agent', content: 'I want to cancel.', start_time: 0.5, end_time: 2 },
    { role: 'Main Agent', content: 'It is cancelled.', start_time: 4, end_time: 6 },
  ]
  const id = await sendCall(emptyServer, { call_id: 'budget', transcript_json })
  await page.goto(`${emptyServer.origin}/calls/${id}`)
  await expect(page.getByText('It is cancelled.')).toBeVisible()
  await page.keyboard.press('g')
  await expect(page.getByText('Slow reply 1 of 1, 2,000 ms')).toBeVisible()

  await page.goto(`${emptyServer.origin}/settings`)
  const budget = page.getByRole('spinbutton', { name: 'Response budget' })
  await expect(budget).toHaveValue('1.5')
  const saved = page.waitForResponse((response) => response.request().method() === 'PATCH')
  await budget.fill('3')
  await budget.press('Enter')
  expect((await saved).ok()).toBe(true)
  await page.reload()
  await expect(budget).toHaveValue('3')

  const project = page.waitForResponse((response) => response.url().endsWith('/api/project'))
  await page.goto(`${emptyServer.origin}/calls/${id}`)
  await project
  await expect(page.getByText('It is cancelled.')).toBeVisible()
  await page.keyboard.press('g')
  await expect(page.getByText(/^Slow reply/)).toHaveCount(0)
})
