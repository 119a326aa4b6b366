import type { Page } from '@playwright/test'
import { answersAnything, startJudgeServer } from '../src/testing/judge-server.ts'
import { expect, expectAccessible, sendCall, signIn, test } from './fixtures.ts'
import { ask, createPoliteness } from './judged-calls.ts'
import { type RunningServer, startServer } from './start-server.ts'

const TURNS = [
  { role: 'Testing Agent', content: 'Is the blue kayak free?', start_time: 0, end_time: 2 },
  { role: 'Main Agent', content: 'No idea.', start_time: 7, end_time: 8 },
]

const RUDE = {
  passed: false,
  explanation: 'The agent does not care (00:07).',
  evidence: [{ segment: 1, quote: 'No idea.', note: 'Curt' }],
}

type Judged = { server: RunningServer; metricId: number; callIds: number[] }

/** Three calls that the judge found impolite. */
async function judgeCalls(server: RunningServer): Promise<Judged> {
  const metricId = await createPoliteness(server)
  const callIds: number[] = []
  for (const name of ['kayak-1', 'kayak-2', 'kayak-3']) {
    callIds.push(await sendCall(server, { call_id: name, transcript_json: TURNS }))
  }
  for (const id of callIds) await untilJudged(server, { id, metricId })
  return { server, metricId, callIds }
}

async function untilJudged(
  server: RunningServer,
  { id, metricId }: { id: number; metricId: number },
): Promise<void> {
  await expect(async () => {
    type Answer = { items: { metricId: number; state: string }[] }
    const { items } = await ask<Answer>(server, `/api/calls/${id}/verdicts`, 'GET')
    expect(items.find((item) => item.metricId === metricId)?.state).toBe('scored')
  }).toPass()
}

async function openResults(page: Page, { server, callIds }: Judged): Promise<void> {
  await page.goto(`${server.origin}/calls/${callIds[0]}`)
  await expect(page.getByRole('button', { name: /^Politeness/ })).toBeVisible()
}

test('A reviewer learns how far a metric can be trusted, and listens to where people disagree', async ({
  page,
}) => {
  await using judge = await startJudgeServer({ otherwise: answersAnything(RUDE) })
  const server = await startServer({ DEMO: '0', JUDGE_URL: judge.url, JUDGE_MODEL: 'test-model' })
  const judged = await judgeCalls(server)
  const { metricId, callIds } = judged
  await signIn(page, server)

  await openResults(page, judged)
  const politeness = page.getByRole('listitem').filter({ hasText: 'Politeness' })
  await expect(politeness.getByRole('link', { name: 'No votes yet' })).toBeVisible()
  await page.goto(`${server.origin}/metrics/${metricId}?tab=agreement`)
  await expect(page.getByRole('heading', { name: 'No votes in 30 days' })).toBeVisible()
  await expectAccessible(page)

  const votes = [
    { agrees: true },
    { agrees: true },
    { agrees: false, expectedValue: true, note: 'Honest, not rude.' },
  ]
  for (const [index, vote] of votes.entries()) {
    await ask(server, `/api/calls/${callIds[index]}/votes/${metricId}`, 'POST', vote)
  }
  await openResults(page, judged)
  const badge = politeness.getByRole('link', { name: /^Agrees with people 2 of 3/ })
  await expect(badge).toContainText('few votes')
  await badge.click()

  await expect(page).toHaveURL(/tab=agreement/)
  await expect(page.getByText('67 %', { exact: true }).first()).toBeVisible()
  const table = page.getByRole('table', { name: 'What the metric said, and what people say' })
  await expect(table.getByRole('row', { name: /^No/ }).getByRole('cell')).toHaveText([
    /^1\s*33 %$/,
    /^2\s*67 %$/,
    '3',
  ])
  await expect(page.getByText('“Honest, not rude.”')).toBeVisible()
  await expectAccessible(page)

  await page.getByRole('radio', { name: 'A year' }).click()
  await expect(page).toHaveURL(/days=365/)
  await page.reload()
  await expect(page.getByRole('radio', { name: 'A year' })).toBeChecked()

  // The evidence is at second 7.
  await page.getByRole('link', { name: 'kayak-3 at 0:07' }).click()
  await expect(page).toHaveURL(new RegExp(`/calls/${callIds[2]}\\?t=5$`))
  await server.stop()
})
