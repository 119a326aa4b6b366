import { expect, signIn, test } from './fixtures.ts'
import { startDemoServer } from './start-server.ts'

test('A key is shown once, works, and is revoked', async ({ emptyPage: page, emptyServer }) => {
  await page.goto(`${emptyServer.origin}/settings`)
  await page.getByRole('button', { name: 'Create key' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Voice platform')
  await dialog.getByRole('button', { name: /create/i }).click()
  await expect(dialog).toContainText(/tt_[\w-]{43}/)
  const key = /tt_[\w-]{43}/.exec((await dialog.textContent()) ?? '')?.[0] ?? ''
  const read = () =>
    fetch(`${emptyServer.origin}/observability/v1/call-logs/`, {
      headers: { 'x-cekura-api-key': key },
    })
  expect((await read()).status).toBe(200)
  await dialog
    .getByRole('button', { name: /done|close/i })
    .first()
    .click()
  await page.reload()
  await expect(page.getByText('Voice platform')).toBeVisible()
  await expect(page.getByText(key)).toHaveCount(0)
  await page.getByRole('button', { name: 'Revoke Voice platform' }).click()
  await page
    .getByRole('alertdialog')
    .or(page.getByRole('dialog'))
    .getByRole('button', { name: /revoke/i })
    .click()
  await expect(page.getByText('Voice platform')).toHaveCount(0)
  expect((await read()).status).toBe(401)
})

test('An agent is added and changed', async ({ emptyPage: page, emptyServer }) => {
  await page.goto(`${emptyServer.origin}/agents`)
  await page.getByRole('button', { name: 'Add agent' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Night desk')
  await dialog.getByRole('textbox', { name: 'Assistant id' }).fill('asst-night')
  await dialog
    .getByRole('button', { name: /add|save|create/i })
    .last()
    .click()
  await expect(page.getByRole('link', { name: 'Night desk', exact: true })).toBeVisible()
  await page.getByRole('link', { name: 'Night desk', exact: true }).click()
  await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('Night shift')
  await page.getByRole('dialog').getByRole('button', { name: /save/i }).click()
  await expect(page.getByRole('link', { name: 'Night shift', exact: true })).toBeVisible()
  await page.reload()
  await expect(page.getByRole('link', { name: 'Night shift', exact: true })).toBeVisible()
})

test('The demo goes in one click and leaves nothing behind', async ({ page }) => {
  const server = await startDemoServer()
  await signIn(page, server)
  await page.goto(`${server.origin}/settings`)
  await page.getByRole('button', { name: 'Remove demo data' }).click()
  await page
    .getByRole('alertdialog')
    .or(page.getByRole('dialog'))
    .getByRole('button', { name: /remove/i })
    .click()
  await expect(page.getByText('There are no demo calls.')).toBeVisible()
  await page.goto(`${server.origin}/agents`)
  await expect(page.getByRole('link', { name: 'My agent', exact: true })).toBeVisible()
  await expect(page.getByText('Demo')).toHaveCount(0)
  await server.stop()
})

test('The theme is switched by hand and stays', async ({ demoPage: page, demoServer }) => {
  await page.goto(`${demoServer.origin}/settings`)
  await page.getByRole('radio', { name: 'Dark' }).click()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await page.reload()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
})
