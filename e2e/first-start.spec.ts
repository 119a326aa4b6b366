import { currentRow, expect, findCall, mediaSeconds, test } from './fixtures.ts'
import { startServer } from './start-server.ts'

test('A new user follows the printed link, opens a demo call and hears it', async ({ page }) => {
  const server = await startServer()
  await page.goto(server.signInUrl)
  await expect(page).toHaveURL(/\/calls$/)
  await expect(page.getByRole('status').filter({ hasText: '26 calls' })).toBeVisible()

  // The newest one, which stands at the top; recordings are measured in the order of the list.
  await page.getByRole('link', { name: /^9de8610b/ }).click()
  await expect(page.getByRole('slider', { name: 'Position' })).toBeVisible()
  await page.getByRole('button', { name: 'Play', exact: true }).click()
  await expect.poll(() => mediaSeconds(page)).toBeGreaterThan(1)
  const before = await mediaSeconds(page)
  await expect.poll(() => mediaSeconds(page)).toBeGreaterThan(before + 1)
  await expect(currentRow(page)).toHaveCount(1)
  await server.stop()
})

test('The highlighted segment is always the one that is being heard', async ({
  demoPage: page,
  demoServer,
}) => {
  const id = await findCall(demoServer, 'LB-227904')
  await page.goto(`${demoServer.origin}/calls/${id}`)
  const rows = page.getByRole('list', { name: 'Transcript' }).getByRole('listitem')
  const times = [2, 5, 3]
  for (const index of times) {
    const clock = (await rows.nth(index).getByRole('button').first().textContent()) ?? ''
    await rows.nth(index).getByRole('button').first().click()
    const [minutes = 0, seconds = 0] = clock.split(':').map(Number)
    const spoken = minutes * 60 + seconds
    await expect(rows.nth(index)).toHaveAttribute('aria-current', 'true')
    expect(await mediaSeconds(page)).toBeGreaterThanOrEqual(spoken)
    expect(await mediaSeconds(page)).toBeLessThan(spoken + 1)
  }
})

test('A click on a segment seeks to its start within 50 ms', async ({
  demoPage: page,
  demoServer,
}) => {
  const id = await findCall(demoServer, 'LB-227904')
  await page.goto(`${demoServer.origin}/calls/${id}`)
  const response = await page.request.get(`${demoServer.origin}/api/calls/${id}`)
  const { segments } = (await response.json()) as { segments: { startSeconds: number }[] }
  const rows = page.getByRole('list', { name: 'Transcript' }).getByRole('listitem')
  await expect(rows).toHaveCount(segments.length)
  for (const [index, { startSeconds }] of segments.entries()) {
    await rows.nth(index).getByRole('button').first().click()
    await expect
      .poll(async () => Math.abs((await mediaSeconds(page)) - startSeconds))
      .toBeLessThan(0.05)
  }
})

test('A used sign-in link says so and offers the key instead', async ({ page }) => {
  const server = await startServer({ DEMO: '0' })
  await page.goto(server.signInUrl)
  await expect(page).toHaveURL(/\/calls$/)
  await page.context().clearCookies()
  await page.goto('about:blank')
  await page.goto(server.signInUrl)
  await expect(page.getByText('has been used before')).toBeVisible()
  await page.getByLabel('API key').fill(server.apiKey)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL(/\/calls$/)
  await server.stop()
})

test('Nothing is shown to someone who has not signed in', async ({ page, demoServer }) => {
  await page.goto(`${demoServer.origin}/calls/3?t=4`)
  await expect(page).toHaveURL(/\/sign-in/)
  await page.getByLabel('API key').fill('wrong')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByText('not known here')).toBeVisible()
  await page.getByLabel('API key').fill(demoServer.apiKey)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL(/\/calls\/3\?t=4/)
})
