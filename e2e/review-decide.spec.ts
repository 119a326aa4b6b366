import type { Page } from '@playwright/test'
import { answers, type JudgeScript, startJudgeServer } from '../src/testing/judge-server.ts'
import { test as base, expect, expectAccessible, sendCall, signIn } from './fixtures.ts'
import { ask, createPoliteness, decideBy, switchJudgedMetricsOff } from './judged-calls.ts'
import { type RunningServer, startServer } from './start-server.ts'

const TURNS = [
  { role: 'Testing Agent', content: 'I want to cancel my order.', start_time: 1, end_time: 3 },
  { role: 'Main Agent', content: 'What is the number?', start_time: 3.8, end_time: 5 },
  { role: 'Testing Agent', content: 'It is seventeen.', start_time: 6, end_time: 7 },
  { role: 'Main Agent', content: 'Your order is gone, bye.', start_time: 9.5, end_time: 11 },
]

const RUDE = {
  evidence: [{ segment: 3, quote: 'Your order is gone', note: 'No word of regret' }],
  explanation: 'The agent never greets the caller (00:03).',
  applies: true,
  passed: false,
  confidence: 90,
}

type Judged = {
  server: RunningServer
  /** Three calls that the judge found rude, in the order of the list: newest first. */
  callIds: [number, number, number]
}

/** A server of one's own with a judge that finds everything impolite, and three calls that failed by that. */
const test = base.extend<{ judged: Judged }>({
  judged: async ({ page }, use) => {
    const script: JudgeScript = { otherwise: answers(RUDE) }
    const judge = await startJudgeServer(script)
    const server = await startServer({ DEMO: '0', JUDGE_URL: judge.url, JUDGE_MODEL: 'test-model' })
    await switchJudgedMetricsOff(server)
    await decideBy(server, await createPoliteness(server))
    const oldest = await sendJudged(server, 'first-call', '2026-01-01T10:00:00Z')
    const middle = await sendJudged(server, 'second-call', '2026-01-02T10:00:00Z')
    const newest = await sendJudged(server, 'third-call', '2026-01-03T10:00:00Z')
    await signIn(page, server)
    await use({ server, callIds: [newest, middle, oldest] })
    await server.stop()
    await judge[Symbol.asyncDispose]()
  },
})

test('A reviewer agrees and disagrees with a result by keys', async ({ page, judged }) => {
  await openCall(page, judged, 0)
  await page.keyboard.press('y')
  const votes = page.getByRole('region', { name: 'Votes on Politeness' })
  await expect(votes.getByRole('listitem')).toContainText('You agree')
  await expect(votes.getByRole('button', { name: 'Agree', exact: true })).toHaveAttribute(
    'aria-pressed',
    'true',
  )
  await expect(page.getByText('You agree with Politeness')).toBeVisible()

  await page.keyboard.press('x')
  const form = page.getByRole('form', { name: 'Disagree with Politeness' })
  // The judge said no, so yes is what it should have been.
  await expect(form.getByRole('radio', { name: 'Yes' })).toBeFocused()
  await expect(form.getByRole('radio', { name: 'Yes' })).toBeChecked()
  await page.keyboard.press('Tab')
  await page.keyboard.type('Short is not rude')
  await page.keyboard.press('Enter')
  await expect(form).toHaveCount(0)
  await expect(votes.getByRole('listitem')).toContainText('You disagree, expected Yes')
  await expect(votes.getByRole('listitem')).toContainText('Short is not rude')

  await page.keyboard.press('x')
  await expect(form).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(form).toHaveCount(0)
  await page.reload()
  await expect(votes.getByRole('listitem')).toContainText('You disagree, expected Yes')
})

test('A reviewer decides, and takes it back by undo', async ({ page, judged }) => {
  await openCall(page, judged, 0)
  const decision = page.getByRole('region', { name: 'Decision' })
  await expect(decision).toContainText('Judge: Failure')
  await decision.getByRole('button', { name: 'Success' }).click()
  await expect(decision).toContainText('You reviewed it')
  await expect(page.getByRole('main').locator('header')).toContainText('Success, reviewed')

  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(decision).toContainText('Judge: Failure')
  await page.getByText('Review history').first().click()
  const history = page.getByRole('list', { name: 'Review history' })
  await expect(history.locator('s')).toHaveCount(1)
})

test('A decision that somebody else took meanwhile is shown before it is replaced', async ({
  page,
  judged,
}) => {
  const [callId] = judged.callIds
  const grace = await keyOf(judged.server, 'Grace')
  await openCall(page, judged, 0)
  const decision = page.getByRole('region', { name: 'Decision' })
  await expect(decision).toContainText('Judge: Failure')
  let isOvertaken = false
  await page.route(`**/api/calls/${callId}/review`, async (route) => {
    if (route.request().method() === 'POST' && !isOvertaken) {
      isOvertaken = true
      await decideAs(judged.server, { key: grace, callId, decision: 'failure' })
    }
    await route.continue()
  })
  await decision.getByRole('button', { name: 'Success' }).click()
  const notices = page.getByRole('region', { name: 'Notifications' })
  await expect(notices).toContainText('Grace')
  // Urgent notices are announced by a copy, and hidden from readers until the focus is there.
  await notices.getByRole('button', { name: 'Decide anyway', includeHidden: true }).click()
  await expect(decision).toContainText('You reviewed it')
})

async function keyOf(server: RunningServer, name: string): Promise<string> {
  const response = await fetch(`${server.origin}/api/keys`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-cekura-api-key': server.apiKey },
    body: JSON.stringify({ name, scope: 'project' }),
  })
  return ((await response.json()) as { key: string }).key
}

async function decideAs(
  server: RunningServer,
  { key, callId, decision }: { key: string; callId: number; decision: string },
): Promise<void> {
  const response = await fetch(`${server.origin}/api/calls/${callId}/review`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-cekura-api-key': key },
    body: JSON.stringify({ decision }),
  })
  expect(response.ok).toBe(true)
}

test('A reviewer finishes two calls with the keyboard alone', async ({ page, judged }) => {
  const [newest, middle, oldest] = judged.callIds
  await openCall(page, judged, 0)
  await page.keyboard.press('Control+Enter')
  await expect(page).toHaveURL(new RegExp(`/calls/${middle}(\\?|$)`))
  const decision = page.getByRole('region', { name: 'Decision' })
  await expect(page.getByRole('heading', { name: 'second-call' })).toBeVisible()
  await expect(decision).toContainText('Judge: Failure')

  await decision.getByRole('textbox', { name: 'Feedback' }).focus()
  await page.keyboard.type('The agent hangs up')
  await page.keyboard.press('Control+Enter')
  await expect(page).toHaveURL(new RegExp(`/calls/${oldest}(\\?|$)`))

  await expect.poll(() => statusOf(judged.server, newest)).toBe('reviewed_failure')
  await expect.poll(() => statusOf(judged.server, middle)).toBe('reviewed_failure')
  const call = await ask<{ feedback: string }>(judged.server, `/api/calls/${middle}`, 'GET')
  expect(call.feedback).toBe('The agent hangs up')

  await expect(page.getByRole('heading', { name: 'first-call' })).toBeVisible()
  await page.keyboard.press('Control+Enter')
  await expect(page.getByText('That was the last call of the list')).toBeVisible()
})

for (const theme of ['light', 'dark'] as const) {
  test(`Voting has no serious accessibility fault in the ${theme} theme`, async ({
    page,
    judged,
  }) => {
    await page.evaluate((value) => localStorage.setItem('talktrack.theme', value), theme)
    await openCall(page, judged, 0)
    await page.keyboard.press('Control+Enter')
    await expect(page.getByRole('heading', { name: 'second-call' })).toBeVisible()
    await page.keyboard.press('k')
    await expect(page.getByRole('heading', { name: 'third-call' })).toBeVisible()
    await expect(page.getByRole('region', { name: 'Decision' })).toContainText('You reviewed it')
    await page.getByText('Review history').first().click()
    await page.keyboard.press('y')
    await expect(page.getByText('You agree with Politeness')).toBeVisible()
    await page.keyboard.press('x')
    await expect(page.getByRole('form', { name: 'Disagree with Politeness' })).toBeVisible()
    await expectAccessible(page)
  })
}

test.describe('on a telephone', () => {
  test.use({ viewport: { width: 390, height: 844 } })

  test('the decision stands at the end of the results', async ({ page, judged }) => {
    await openCall(page, judged, 0)
    await page.getByRole('link', { name: /^Results/ }).click()
    const decision = page.getByRole('region', { name: 'Decision' })
    await decision.getByRole('button', { name: 'Failure' }).click()
    await expect(decision).toContainText('You reviewed it')
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - window.innerWidth,
    )
    expect(overflow).toBeLessThanOrEqual(0)
    await expectAccessible(page)
  })
})

/** Opens a call and waits until keys mean something there. */
async function openCall(page: Page, { server, callIds }: Judged, index: 0 | 1 | 2): Promise<void> {
  const answered = page.waitForResponse((answer) => answer.url().endsWith('/review'))
  await page.goto(`${server.origin}/calls/${callIds[index]}`)
  await answered
  // The way to the next call is known once the list is here.
  await expect(page.locator('h1')).toBeVisible()
  if (index < 2) {
    await expect(page.getByRole('button', { name: 'Next call' })).toHaveAttribute(
      'aria-disabled',
      'false',
    )
  }
}

async function statusOf(server: RunningServer, id: number): Promise<string> {
  return (await ask<{ status: string }>(server, `/api/calls/${id}`, 'GET')).status
}

async function sendJudged(
  server: RunningServer,
  callId: string,
  startedAt: string,
): Promise<number> {
  const id = await sendCall(server, {
    call_id: callId,
    timestamp: startedAt,
    transcript_type: 'cekura',
    transcript_json: TURNS,
  })
  await expect.poll(() => statusOf(server, id)).toBe('failure')
  return id
}
