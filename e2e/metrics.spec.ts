import type { Page } from '@playwright/test'
import { answersAnything, startJudgeServer } from '#testing/judge-server.ts'
import { expect, expectAccessible, sendCall, signIn, test } from './fixtures.ts'
import { type RunningServer, startDemoServer, startServer } from './start-server.ts'

const HELLO = [
  {
    role: 'Main Agent',
    content: 'Good morning, this is the boat rental.',
    start_time: 0,
    end_time: 2,
  },
  {
    role: 'Testing Agent',
    content: 'Is the blue kayak still for rent?',
    start_time: 2.6,
    end_time: 4,
  },
]

async function sendCalls(server: RunningServer, ids: readonly string[]): Promise<void> {
  for (const id of ids) await sendCall(server, { call_id: id, transcript_json: HELLO })
}

function prompt(page: Page) {
  return page.getByRole('textbox', { name: 'Prompt' })
}

/** Writes into a code editor as a person does: its own closing of brackets included. */
async function write(page: Page, text: string): Promise<void> {
  await prompt(page).click()
  await page.keyboard.type(text)
}

test('A reviewer creates a metric, tries it on calls, saves it, and sees its column in the list', async ({
  page,
}) => {
  const polite = answersAnything({
    passed: true,
    explanation: 'The agent greets at (00:00).',
    evidence: [{ segment: 0, quote: 'Good morning, this is the boat rental.', note: 'Greets' }],
  })
  await using judge = await startJudgeServer({ otherwise: polite })
  const server = await startServer({
    DEMO: '0',
    JUDGE_URL: judge.url,
    JUDGE_MODEL: 'test-model',
  })
  await signIn(page, server)
  await sendCalls(server, ['kayak-1', 'kayak-2'])

  await page.goto(`${server.origin}/metrics`)
  await expect(page.getByText('test-model')).toBeVisible()
  await page.getByRole('link', { name: 'New metric' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('Greets politely')
  await write(page, 'Does {{agent.nam')
  await page.getByRole('option', { name: /agent\.name/ }).click()
  await page.keyboard.type(' greet the caller? {{agent.mood')
  await expect(page.getByText('Unknown variable: {{agent.mood}}')).toBeVisible()
  for (const _letter of '{{agent.mood}}') await page.keyboard.press('Delete')
  for (const _letter of ' {{agent.mood') await page.keyboard.press('Backspace')
  await expect(prompt(page)).toHaveText('Does {{agent.name}} greet the caller?')
  await expect(page.getByText(/Unknown variable/)).toBeHidden()

  await page.getByRole('button', { name: /^Newest/ }).click()
  const calls = page.getByRole('list', { name: 'Calls to try on' })
  await expect(calls.getByRole('listitem')).toHaveCount(2)
  await page.getByRole('button', { name: 'Try it' }).click()
  await expect(page.getByText('2 calls tried')).toBeVisible()
  const written = calls.getByRole('region', { name: 'As written here' }).first()
  await expect(written).toContainText('Yes')
  await expect(written).toContainText('The agent greets')
  await expect(written).toContainText('Good morning, this is the boat rental.')
  await expectAccessible(page)

  await page.getByRole('switch', { name: /Add to the rubric/ }).click()
  await page.getByRole('button', { name: 'Save metric' }).click()
  await expect(page.getByRole('heading', { name: 'Greets politely', level: 1 })).toBeVisible()
  await expect(page.getByText('version 1', { exact: true })).toBeVisible()
  await page.goto(`${server.origin}/metrics?tab=rubric`)
  await expect(page.getByLabel('The rubric as a sentence')).toContainText('Greets politely is yes')

  await sendCalls(server, ['kayak-3'])
  await page.goto(`${server.origin}/calls`)
  await page.getByRole('button', { name: 'Columns and density' }).click()
  await page.getByRole('searchbox', { name: 'Find a metric' }).fill('Greets')
  await page.getByText('Greets politely', { exact: true }).click()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('columnheader', { name: 'Greets politely' })).toBeVisible()
  const row = page.getByRole('row', { name: /kayak-3/ })
  await expect(row).toContainText('Yes')
  await server.stop()
})

test('Another version shows what it changed, differs in words when tried, and is taken back', async ({
  page,
}) => {
  const otherwise: Parameters<typeof startJudgeServer>[0] = {
    otherwise: (request) => {
      const isStrict = JSON.stringify(request.body.messages).includes('by name')
      return answersAnything({ passed: !isStrict, explanation: 'Looked at the greeting.' })(request)
    },
  }
  await using judge = await startJudgeServer(otherwise)
  const server = await startServer({ DEMO: '0', JUDGE_URL: judge.url, JUDGE_MODEL: 'test-model' })
  await signIn(page, server)
  await page.goto(`${server.origin}/metrics/new`)
  await page.getByRole('textbox', { name: 'Name' }).fill('Greets')
  await write(page, 'Does the agent greet?')
  await page.getByRole('button', { name: 'Save metric' }).click()
  await expect(page.getByRole('heading', { name: 'Greets', level: 1 })).toBeVisible()
  await sendCalls(server, ['canoe-1'])

  await prompt(page).fill('Does the agent greet by name?')
  await expect(page.getByText('Saving makes version 2.')).toBeVisible()
  await page
    .getByRole('textbox', { name: 'Call ID or number' })
    .or(page.getByRole('combobox', { name: 'Call ID or number' }))
    .fill('canoe-1')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  const calls = page.getByRole('list', { name: 'Calls to try on' })
  await expect(calls.getByRole('listitem')).toHaveCount(1)
  await expect(async () => {
    await page.getByRole('button', { name: 'Try it' }).click()
    await expect(calls).toContainText('Differs: Yes, passed became No, failed', { timeout: 2000 })
  }).toPass()

  await page.getByRole('link', { name: 'Metrics', exact: true }).first().click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByText('version 2', { exact: true })).toBeVisible()
  await page.getByRole('link', { name: 'Versions' }).click()
  await expect(page.getByRole('region', { name: 'Prompt' })).toContainText(
    'Removed: Does the agent greet?',
  )
  await page.getByRole('button', { name: /^Version 1/ }).click()
  await page.getByRole('button', { name: 'Restore this version' }).click()
  await expect(page.getByText('version 3', { exact: true })).toBeVisible()
  await page.getByRole('link', { name: 'Definition' }).click()
  await expect(prompt(page)).toHaveText('Does the agent greet?')
  await server.stop()
})

test('Metrics come from the catalogue, are switched off, deleted and brought back', async ({
  emptyPage: page,
  emptyServer,
}) => {
  await page.goto(`${emptyServer.origin}/metrics`)
  await expect(page.getByRole('region', { name: 'Judge' })).toContainText('No judge is configured')
  const row = page.getByRole('row', { name: /Talk Ratio/ })
  const toggle = row.getByRole('switch')
  await expect(toggle).toBeChecked()
  await toggle.click()
  await expect(toggle).not.toBeChecked()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(toggle).toBeChecked()

  const remove = async () => {
    await row.getByRole('button', { name: 'More for Talk Ratio' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await expect(row).toBeHidden()
  }
  await remove()
  await page.getByRole('button', { name: 'Undo' }).last().click()
  await expect(row).toBeVisible()

  await remove()
  await page.getByRole('button', { name: 'Catalogue' }).click()
  const dialog = page.getByRole('dialog', { name: 'Catalogue of metrics' })
  await dialog.getByRole('checkbox', { name: 'Talk Ratio' }).check()
  await expect(dialog.getByRole('checkbox', { name: 'Humanness' })).toBeDisabled()
  await dialog.getByRole('button', { name: 'Add 1 metric' }).click()
  await expect(dialog).toBeHidden()
  await expect(row).toBeVisible()
})

test('The rubric warns of a rule that points the wrong way, and is saved and taken back', async ({
  emptyPage: page,
  emptyServer,
}) => {
  await page.goto(`${emptyServer.origin}/metrics?tab=rubric`)
  const sentence = page.getByLabel('The rubric as a sentence')
  const before = await sentence.textContent()
  await page.getByRole('combobox', { name: 'Add a rule for a metric' }).click()
  await page.getByRole('combobox', { name: /^Search/ }).fill('Latency (in ms)')
  await page.keyboard.press('Enter')
  const rule = page.getByRole('listitem', { name: 'Rule for Latency (in ms)' })
  await rule.getByRole('spinbutton').fill('2000')
  await expect(sentence).toContainText('Latency (in ms) is at most 2,000 ms')
  await rule.getByRole('combobox').click()
  await page.getByRole('option', { name: 'is at least' }).click()
  await expect(rule).toContainText('Lower is better')
  await rule.getByRole('combobox').click()
  await page.getByRole('option', { name: 'is at most' }).click()
  await page.getByRole('button', { name: 'Save rubric' }).click()
  await expect(page.getByText('The rubric is saved.')).toBeVisible()
  await page.reload()
  await expect(sentence).toContainText('Latency (in ms) is at most 2,000 ms')
  await rule.getByRole('button', { name: /^Remove the rule/ }).click()
  await page.getByRole('button', { name: 'Save rubric' }).click()
  await expect(sentence).toHaveText(before ?? '')
})

for (const theme of ['light', 'dark'] as const) {
  test(`The pages of metrics have no serious accessibility fault in the ${theme} theme`, async ({
    page,
  }) => {
    test.slow()
    // Of its own: the results of the demo calls are there at once, and no recording is waited for.
    const { origin, stop } = await startSignedIn(page)
    await page.evaluate((value) => localStorage.setItem('talktrack.theme', value), theme)
    for (const path of [
      '/metrics',
      '/metrics?catalogue=1',
      '/metrics?tab=rubric',
      '/metrics/new',
    ]) {
      await page.goto(origin + path)
      await untilLoaded(page)
      await expectAccessible(page)
    }
    await page.goto(`${origin}/metrics`)
    await page.getByRole('link', { name: 'CSAT', exact: true }).click()
    for (const tab of ['Definition', 'Results', 'Versions']) {
      await page.getByRole('link', { name: tab, exact: true }).click()
      await untilLoaded(page)
      await expectAccessible(page)
    }
    await stop()
  })
}

test.describe('on a telephone', () => {
  test.use({ viewport: { width: 390, height: 844 } })

  test('no page of metrics scrolls sideways', async ({ page }) => {
    const { origin, stop } = await startSignedIn(page)
    const paths = ['/metrics', '/metrics?tab=rubric', '/metrics/new', '/metrics/1?tab=results']
    for (const path of paths) {
      await page.goto(origin + path)
      await untilLoaded(page)
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - window.innerWidth,
      )
      expect(overflow, path).toBeLessThanOrEqual(0)
    }
    await stop()
  })
})

async function startSignedIn(page: Page): Promise<RunningServer> {
  const server = await startDemoServer()
  await signIn(page, server)
  return server
}

async function untilLoaded(page: Page): Promise<void> {
  await expect(page.locator('h1').first()).toBeAttached()
  await expect(page.getByRole('status', { name: /^Loading/ })).toHaveCount(0)
}
