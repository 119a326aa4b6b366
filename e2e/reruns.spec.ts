import type { Page } from '@playwright/test'
import { type JudgeScript, startJudgeServer } from '../src/testing/judge-server.ts'
import { test as base, expect, expectAccessible, sendCall, signIn } from './fixtures.ts'
import { ask, createPoliteness, politeness } from './judged-calls.ts'
import { type RunningServer, startServer } from './start-server.ts'

/** Slow enough that a run is seen going on. */
const DELAY_MS = 2000

const SAID = [
  { role: 'Testing Agent', content: 'Is the blue kayak for rent?', start_time: 0, end_time: 2 },
  { role: 'Main Agent', content: 'Good morning, it is.', start_time: 3, end_time: 4 },
]

const POLITE = {
  applies: true,
  passed: true,
  explanation: 'It greets.',
  evidence: [],
  confidence: 90,
}
const RUDE = { ...POLITE, passed: false, explanation: 'It never greets.' }

function says(answer: object, delayMs = 0): NonNullable<JudgeScript['otherwise']> {
  return { kind: 'answer', content: JSON.stringify(answer), delayMs }
}

type Judged = { server: RunningServer; script: JudgeScript; metricId: number }

/** A server with a judge that says what `script` says, one metric for it, and eight judged calls, half of them hung up. */
const test = base.extend<{ judged: Judged }>({
  judged: async ({ page }, use) => {
    const script: JudgeScript = { otherwise: says(POLITE) }
    await using judge = await startJudgeServer(script)
    const server = await startServer({
      DEMO: '0',
      JUDGE_URL: judge.url,
      JUDGE_MODEL: 'test-model',
      JUDGE_CONCURRENCY: '1',
      JUDGE_INPUT_PRICE: '1000',
      JUDGE_OUTPUT_PRICE: '1000',
    })
    try {
      const metricId = await sendJudgedCalls(server)
      await signIn(page, server)
      await use({ server, script, metricId })
    } finally {
      await server.stop()
    }
  },
})

/** The number of the one metric that judges them. */
async function sendJudgedCalls(server: RunningServer): Promise<number> {
  await switchOthersOff(server)
  const id = await createPoliteness(server, 'Polite?')
  for (let index = 0; index < 8; index++) {
    await sendCall(server, {
      call_id: `kayak-${index}`,
      transcript_json: SAID,
      call_ended_reason: index % 2 ? 'hangup' : 'completed',
    })
  }
  await expect
    .poll(() => countCalls(server, `metric_evaluations.${id}.passed.eq.true`), { timeout: 40_000 })
    .toBe(8)
  return id
}

async function switchOthersOff(server: RunningServer): Promise<void> {
  const { items } = await ask<{ items: { id: number }[] }>(server, '/api/metrics', 'GET')
  for (const { id } of items) await ask(server, `/api/metrics/${id}`, 'PATCH', { isEnabled: false })
}

/** Another question, so that no stored answer fits. */
async function askAnew({ server, metricId }: Judged): Promise<void> {
  const { content } = politeness('Does the agent greet the caller?')
  await ask(server, `/api/metrics/${metricId}`, 'PATCH', { content })
}

async function countCalls(server: RunningServer, filter: string): Promise<number> {
  const path = `/api/calls/count?filter=${encodeURIComponent(filter)}`
  return (await ask<{ count: number }>(server, path, 'GET')).count
}

const activity = (page: Page) => page.getByRole('dialog', { name: 'Activity' })

/** The toast that shows the progress has the same name. */
const question = (page: Page) =>
  page.getByRole('dialog', { name: 'Evaluate again' }).filter({ has: page.getByRole('radiogroup') })

async function useTheme(page: Page, theme: 'light' | 'dark') {
  await page.evaluate((value) => localStorage.setItem('talktrack.theme', value), theme)
}

for (const theme of ['light', 'dark'] as const) {
  test(`A reviewer reruns a filtered view and watches the progress, in the ${theme} theme`, async ({
    page,
    judged,
  }) => {
    const { server, script } = judged
    await useTheme(page, theme)
    await askAnew(judged)
    script.otherwise = says(RUDE, DELAY_MS)
    await page.goto(`${server.origin}/calls?filter=call_ended_reason.eq.hangup`)
    await expect(page.getByText('4 calls', { exact: true })).toBeVisible()
    await page.getByRole('checkbox', { name: 'Select the loaded calls' }).click()
    await page.getByRole('button', { name: 'Rerun evaluation' }).click()

    const dialog = question(page)
    await expect(dialog.getByRole('definition').first()).toHaveText('4')
    await expect(dialog).toContainText('Questions to the judgeabout 4')
    await expect(dialog).toContainText(/Costabout \$/)
    await expectAccessible(page)
    await dialog.getByRole('button', { name: 'Evaluate 4 calls again' }).click()
    await expect(dialog).toHaveCount(0)

    await page.getByRole('link', { name: 'Agents' }).first().click()
    await page.getByRole('button', { name: /^Activity/ }).click()
    await expect(activity(page).getByRole('progressbar')).toHaveAttribute('aria-valuetext', /of 4/)
    await expect(activity(page)).toContainText(/[1-3] left/)
    await expect(activity(page)).toContainText(/tokens · \$/)
    await expect(activity(page)).toContainText('4 judged again')
    await expectAccessible(page)

    await activity(page).getByRole('button', { name: 'What changed' }).click()
    const report = page.getByRole('dialog', { name: 'What the rerun changed' })
    await expect(report.getByRole('row', { name: /Politeness/ })).toContainText('44100 %')
    const flips = report.getByRole('list', { name: 'Results that turned' }).getByRole('listitem')
    await expect(flips).toHaveCount(4)
    await expect(flips.first()).toContainText(/Passed.*Yes.*Failed.*No/s)
    await expectAccessible(page)
    await flips.first().getByRole('link').click()
    await expect(page).toHaveURL(/\/calls\/\d+/)
    await expect(report).toHaveCount(0)
    expect(await countCalls(server, `metric_evaluations.${judged.metricId}.passed.eq.false`)).toBe(
      4,
    )
  })
}

test('A view is judged again from its menu by a chosen metric, and the run is stopped', async ({
  page,
  judged,
}) => {
  const { server, script } = judged
  await askAnew(judged)
  script.otherwise = says(RUDE, 1500)
  const view = await ask<{ id: number }>(server, '/api/views', 'POST', {
    name: 'Hung up',
    visibility: 'personal',
    isPinned: false,
    state: {
      search: '',
      filter: 'call_ended_reason.eq.hangup',
      sort: '-startedAt',
      columns: [{ id: 'callId' }],
      density: 'comfortable',
    },
  })
  await page.goto(
    `${server.origin}/calls?view=${view.id}&filter=call_ended_reason.eq.hangup&cols=callId&density=comfortable`,
  )
  await page.getByRole('button', { name: 'View actions' }).click()
  await page.getByRole('menuitem', { name: 'Evaluate these calls again…' }).click()
  const dialog = question(page)
  await dialog.getByRole('radio', { name: 'Chosen ones' }).click()
  await expect(dialog.getByText('Choose at least one metric.')).toBeVisible()
  await expect(dialog.getByRole('button', { name: 'Evaluate again' })).toBeDisabled()
  await dialog.getByRole('searchbox', { name: 'Find a metric' }).fill('polite')
  await dialog.getByRole('checkbox', { name: /Politeness/ }).check()
  await dialog.getByRole('button', { name: 'Evaluate 4 calls again' }).click()

  await page.locator('[data-toasts]').getByRole('button', { name: 'Cancel' }).click()
  await expect(page.locator('[data-toasts]')).toContainText(/Stopped after \d of 4/)
})

test('The calls on which a rerun failed are tried again', async ({ page, judged }) => {
  const { server, script } = judged
  await askAnew(judged)
  // Not a fault that is tried again by itself.
  script.otherwise = { kind: 'status', status: 400, body: { error: { message: 'No such model' } } }
  await page.goto(`${server.origin}/calls?filter=call_ended_reason.eq.hangup`)
  await page.getByRole('checkbox', { name: 'Select the loaded calls' }).click()
  await page.getByRole('button', { name: 'Rerun evaluation' }).click()
  await page.getByRole('button', { name: 'Evaluate 4 calls again' }).click()
  await expect(page.locator('[data-toasts]')).toContainText('4 failed')

  script.otherwise = says(POLITE)
  await page.getByRole('button', { name: /^Activity/ }).click()
  await activity(page).getByRole('button', { name: 'Retry the 4 failed' }).click()
  await expect(activity(page)).toContainText('4 judged again')
})
