import type { Page } from '@playwright/test'
import { answers, type JudgeScript, startJudgeServer } from '../src/testing/judge-server.ts'
import {
  test as base,
  currentRow,
  expect,
  expectAccessible,
  mediaSeconds,
  signIn,
} from './fixtures.ts'
import {
  ask,
  createPoliteness,
  decideBy,
  sendRecorded,
  switchJudgedMetricsOff,
} from './judged-calls.ts'
import { type RunningServer, startServer } from './start-server.ts'

const TURNS = [
  {
    role: 'Testing Agent',
    content: 'Hello, I want to cancel my order.',
    start_time: 1,
    end_time: 3,
  },
  { role: 'Main Agent', content: 'What is the number?', start_time: 3.8, end_time: 5 },
  { role: 'Testing Agent', content: 'It is seventeen.', start_time: 6, end_time: 7 },
  { role: 'Main Agent', content: 'Your order is gone, bye.', start_time: 9.5, end_time: 11 },
]

const RUDE = {
  evidence: [
    { segment: 3, quote: 'Your order is gone', note: 'No word of regret' },
    { segment: 1, quote: 'What is the number?', note: 'No greeting' },
    { segment: 1, quote: 'Shut up and give me the number', note: 'Rude' },
  ],
  explanation: 'The agent never greets the caller (00:03).',
  applies: true,
  passed: false,
  confidence: 90,
}

const POLITE = { ...RUDE, evidence: [], explanation: 'Short, but polite.', passed: true }

type Judged = {
  server: RunningServer
  script: JudgeScript
  metricId: number
  /** A recorded call that the judge found rude. */
  callId: number
}

/** A server of one's own with a judge that says what `script` says, one metric for it, and one judged call. */
const test = base.extend<{ judged: Judged }>({
  judged: async ({ page }, use) => {
    const script: JudgeScript = { otherwise: answers(RUDE) }
    const judge = await startJudgeServer(script)
    const server = await startServer({
      DEMO: '0',
      JUDGE_URL: judge.url,
      JUDGE_MODEL: 'test-model',
    })
    await switchJudgedMetricsOff(server)
    const metricId = await createPoliteness(server)
    await decideBy(server, metricId)
    const callId = await sendRecorded(server, { callId: 'rude', turns: TURNS })
    await untilJudged(server, callId)
    await signIn(page, server)
    await use({ server, script, metricId, callId })
    await server.stop()
    await judge[Symbol.asyncDispose]()
  },
})

test('A reviewer clicks evidence and hears the right second', async ({ page, judged }) => {
  await page.goto(`${judged.server.origin}/calls/${judged.callId}`)
  await expect(page.getByRole('slider', { name: 'Position' })).toBeVisible()
  const results = page.getByRole('complementary', { name: 'Results' })
  const evidence = results.getByRole('list', { name: 'Evidence' }).first()

  await evidence.getByRole('button', { name: /Your order is gone/ }).click()
  await expect.poll(() => mediaSeconds(page)).toBeCloseTo(9.5, 1)
  await expect(currentRow(page)).toContainText('Your order is gone, bye.')
  await expect(pointedRow(page)).toContainText('Your order is gone, bye.')
  await page.keyboard.press('Space')
  await expect.poll(() => mediaSeconds(page)).toBeGreaterThan(9.6)
  await page.keyboard.press('Space')

  await expect(evidence.getByText('Not found in this call')).toBeVisible()
  await expect(evidence.getByRole('button', { name: /Shut up/ })).toHaveCount(0)

  await results.getByRole('button', { name: 'Go to 00:03' }).click()
  await expect.poll(() => mediaSeconds(page)).toBeCloseTo(3, 1)
  await expect(pointedRow(page)).toHaveCount(0)
})

test('A reviewer walks through the evidence with n and p', async ({ page, judged }) => {
  await page.goto(`${judged.server.origin}/calls/${judged.callId}`)
  await expect(page.getByRole('list', { name: 'Evidence' }).first()).toBeVisible()
  await page.keyboard.press('n')
  await expect.poll(() => mediaSeconds(page)).toBeGreaterThan(0)
  const first = await mediaSeconds(page)
  await page.keyboard.press('n')
  await expect.poll(() => mediaSeconds(page)).not.toBeCloseTo(first, 1)
  await page.keyboard.press('p')
  await expect.poll(() => mediaSeconds(page)).toBeCloseTo(first, 1)
  await expect(page.getByRole('button', { name: /^Evidence/ })).toHaveAttribute(
    'aria-pressed',
    'true',
  )
})

test('A reviewer reruns a call and sees the verdict change', async ({ page, judged }) => {
  const { server, script, metricId, callId } = judged
  await page.goto(`${server.origin}/calls/${callId}`)
  const results = page.getByRole('complementary', { name: 'Results' })
  const header = page.getByRole('main').locator('header')
  await expect(header).toContainText('Failure')
  await expect(results.getByRole('list', { name: 'Conditions' })).toContainText('Politeness is yes')

  const metric = await ask<{ content: object }>(server, `/api/metrics/${metricId}`, 'GET')
  await ask(server, `/api/metrics/${metricId}`, 'PATCH', {
    content: { ...metric.content, prompt: 'Is the agent polite enough? Short is polite.' },
  })
  script.otherwise = answers(POLITE)
  await page.keyboard.press('r')
  await expect(page.getByRole('menuitem', { name: 'All metrics' })).toBeFocused()
  await page.keyboard.press('Enter')

  const changes = results.getByRole('region', { name: 'What changed' })
  await expect(changes).toContainText('Politeness')
  await expect(changes).toContainText(/No.*Yes/s)
  await expect(header).toContainText('Success')

  const row = results
    .getByRole('listitem')
    .filter({ hasText: 'Politeness' })
    .filter({
      has: page.getByRole('button', { expanded: false }),
    })
  await row.getByRole('button', { name: /Politeness/ }).click()
  await results.getByRole('button', { name: 'History' }).first().click()
  const history = results.getByRole('list', { name: 'History' })
  await expect(history.getByRole('listitem')).toHaveCount(2)
  await expect(history.getByRole('listitem').first()).toContainText('Counts')
  await expect(history.getByRole('listitem').first()).toContainText('version 1 → 2')
})

test('A reviewer sees how often the judge changes its mind', async ({ page, judged }) => {
  await page.goto(`${judged.server.origin}/calls/${judged.callId}`)
  await page.getByRole('button', { name: 'Judge stability' }).first().click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('5 questions to the judge')
  await dialog.getByRole('spinbutton', { name: 'How many times' }).fill('3')
  await dialog.getByRole('button', { name: 'Ask 3 times' }).click()
  await expect(dialog).toContainText('The judge gave the same answer all 3 times.')
  await expectAccessible(page)
})

for (const theme of ['light', 'dark'] as const) {
  test(`Results have no serious accessibility fault in the ${theme} theme`, async ({
    page,
    judged,
  }) => {
    await page.evaluate((value) => localStorage.setItem('talktrack.theme', value), theme)
    await page.goto(`${judged.server.origin}/calls/${judged.callId}`)
    const results = page.getByRole('complementary', { name: 'Results' })
    await results
      .getByRole('button', { name: /Your order is gone/ })
      .first()
      .click()
    await expect(pointedRow(page)).toBeVisible()
    await expectAccessible(page)
  })
}

test.describe('on a telephone', () => {
  test.use({ viewport: { width: 390, height: 844 } })

  test('evidence leads to the words, and back to where the reviewer was', async ({
    page,
    judged,
  }) => {
    await page.goto(`${judged.server.origin}/calls/${judged.callId}`)
    await page.getByRole('link', { name: /^Results/ }).click()
    const results = page.getByRole('complementary', { name: 'Results' })
    const quote = results.getByRole('button', { name: /Your order is gone/ }).first()
    await quote.click()
    await expect(pointedRow(page)).toBeInViewport()
    await expect.poll(() => mediaSeconds(page)).toBeCloseTo(9.5, 1)
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - window.innerWidth,
    )
    expect(overflow).toBeLessThanOrEqual(0)
    await page.getByRole('link', { name: /^Results/ }).click()
    await expect(quote).toBeInViewport()
    await expectAccessible(page)
  })
})

function pointedRow(page: Page) {
  return page.getByRole('list', { name: 'Transcript' }).locator('[data-pointed]')
}

async function untilJudged(server: RunningServer, id: number): Promise<void> {
  await expect
    .poll(async () => {
      type Call = { status: string; recordingState: string }
      const call = await ask<Call>(server, `/api/calls/${id}`, 'GET')
      return [call.status, call.recordingState]
    })
    .toEqual(['failure', 'ready'])
}
