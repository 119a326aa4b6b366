import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { expect, expectAccessible, sendCall, test } from './fixtures.ts'
import type { RunningServer } from './start-server.ts'

/** More than the first pages of a list hold: 60, then 200. */
const MANY = 300

const SAID = [{ role: 'Main Agent', content: 'Hello.', start_time: 0, end_time: 1 }]

async function sendMany(server: RunningServer, count: number) {
  for (let index = 0; index < count; index += 10) {
    const numbers = Array.from(
      { length: Math.min(10, count - index) },
      (_, offset) => index + offset,
    )
    await Promise.all(numbers.map((number) => sendCall(server, aCall(number))))
  }
}

function aCall(number: number) {
  return {
    call_id: `many-${String(number).padStart(3, '0')}`,
    transcript_json: SAID,
    // Quotes and a line end: what makes counting the lines of a file wrong.
    call_ended_reason: number % 2 ? 'hangup' : 'said "bye"\r\nand left',
    timestamp: new Date(Date.UTC(2026, 0, 1, 0, number)).toISOString(),
  }
}

async function countCalls(page: Page, server: RunningServer, filter: string): Promise<number> {
  const url = `${server.origin}/api/calls/count?filter=${encodeURIComponent(filter)}`
  const answer = (await (await page.request.get(url)).json()) as { count: number }
  return answer.count
}

async function openList(page: Page, server: RunningServer, count: number) {
  await sendMany(server, count)
  await page.goto(`${server.origin}/calls`)
  await expect(page.getByText(`${count} calls`)).toBeVisible()
}

const bar = (page: Page) => page.getByRole('toolbar', { name: 'Selected calls' })
const toast = (page: Page, text: string) => page.locator('[data-toasts]').getByText(text)

async function selectAllThatMatch(page: Page) {
  await page.getByRole('checkbox', { name: 'Select the loaded calls' }).click()
  await bar(page)
    .getByRole('button', { name: `Select all ${MANY} that match` })
    .click()
  await expect(bar(page).getByRole('status')).toHaveText(`All ${MANY} calls that match selected`)
}

/** The file that an export ends with, once the dialog says how many calls it has. */
async function exportFile(page: Page, format: 'CSV' | 'JSONL'): Promise<string> {
  await page.getByRole('button', { name: 'Export these calls' }).click()
  const dialog = page.getByRole('dialog', { name: 'Export calls' })
  await dialog.getByRole('radio', { name: format }).click()
  const downloading = page.waitForEvent('download')
  await dialog.getByRole('button', { name: `Export ${MANY} calls` }).click()
  await expect(dialog.getByText(`${MANY} of ${MANY} calls exported`)).toBeVisible()
  const text = await readFile(await (await downloading).path(), 'utf8')
  await dialog.getByRole('button', { name: 'Close' }).first().click()
  return text
}

test('All calls that match are tagged, beyond those that are loaded, and it is undone', async ({
  emptyPage: page,
  emptyServer,
}) => {
  await openList(page, emptyServer, MANY)
  await selectAllThatMatch(page)
  await bar(page).getByRole('button', { name: 'Tag…', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: `Tag ${MANY} calls` })
  await dialog.getByRole('combobox', { name: 'Tags' }).fill('x'.repeat(120))
  await dialog.getByRole('combobox', { name: 'Tags' }).press('Enter')
  await expect(dialog.getByRole('alert')).toContainText('at most 50 characters')
  await expect(dialog.getByRole('combobox', { name: 'Tags' })).toHaveValue('x'.repeat(120))
  await dialog.getByRole('combobox', { name: 'Tags' }).fill('to hear')
  await dialog.getByRole('combobox', { name: 'Tags' }).press('Enter')
  await expectAccessible(page)
  await dialog.getByRole('button', { name: `Tag ${MANY} calls` }).click()
  await expect(toast(page, `${MANY} tagged`)).toBeVisible()
  // Still chosen: what is tagged is often reviewed or exported next.
  await expect(bar(page).getByRole('status')).toHaveText(`All ${MANY} calls that match selected`)
  expect(await countCalls(page, emptyServer, 'tag.eq.to hear')).toBe(MANY)
  await expect(page.getByRole('gridcell', { name: 'to hear' }).first()).toBeVisible()

  await page.locator('[data-toasts]').getByRole('button', { name: 'Undo' }).click()
  await expect(toast(page, 'Undone: the calls are as they were')).toBeVisible()
  expect(await countCalls(page, emptyServer, 'tag.eq.to hear')).toBe(0)
  await expect(page.getByRole('gridcell', { name: 'to hear' })).toHaveCount(0)
})

test('A few calls are chosen with keys and with shift, and marked as reviewed', async ({
  emptyPage: page,
  emptyServer,
}) => {
  await openList(page, emptyServer, 8)
  await page.keyboard.press('j')
  await page.keyboard.press('x')
  await expect(bar(page).getByRole('status')).toHaveText('1 call selected')
  // From the first row to the fourth.
  await page.getByRole('checkbox', { name: 'Select many-004' }).click({ modifiers: ['Shift'] })
  await expect(bar(page).getByRole('status')).toHaveText('4 calls selected')
  await page.keyboard.press('x')
  await expect(bar(page).getByRole('status')).toHaveText('3 calls selected')
  await expectAccessible(page)

  await bar(page).getByRole('button', { name: 'Mark reviewed' }).click()
  await page.getByRole('menuitem', { name: 'As failure' }).click()
  await expect(toast(page, '3 reviewed')).toBeVisible()
  await expect(bar(page)).toHaveCount(0)
  await expect(page.getByText('Failure, reviewed')).toHaveCount(3)
})

test('More than fifty calls are changed only after a question that says how many', async ({
  emptyPage: page,
  emptyServer,
}) => {
  await openList(page, emptyServer, 60)
  await page.getByRole('checkbox', { name: 'Select the loaded calls' }).click()
  await bar(page).getByRole('button', { name: 'Mark reviewed' }).click()
  await page.getByRole('menuitem', { name: 'As success' }).click()
  const question = page.getByRole('dialog', { name: 'Mark 60 calls as reviewed: success?' })
  await question.getByRole('button', { name: 'Cancel' }).click()
  expect(await countCalls(page, emptyServer, 'is_reviewed.eq.true')).toBe(0)

  await bar(page).getByRole('button', { name: 'Mark reviewed' }).click()
  await page.getByRole('menuitem', { name: 'As success' }).click()
  await question.getByRole('button', { name: 'Mark 60 calls as reviewed: success' }).click()
  await expect(toast(page, '60 reviewed')).toBeVisible()
  expect(await countCalls(page, emptyServer, 'is_reviewed.eq.true')).toBe(60)

  await page.goto(`${emptyServer.origin}/agents`)
  await page.getByRole('button', { name: 'Activity' }).click()
  await expect(
    page.getByRole('dialog', { name: 'Activity' }).getByText('60 reviewed'),
  ).toBeVisible()
})

test('An export holds every call that matches, and counts them itself', async ({
  emptyPage: page,
  emptyServer,
}) => {
  // The picker of files is the browser's own window, which no test can reach.
  await page.addInitScript(() => Reflect.deleteProperty(window, 'showSaveFilePicker'))
  await openList(page, emptyServer, MANY)

  const jsonl = await exportFile(page, 'JSONL')
  const calls = jsonl
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { callId: string })
  expect(new Set(calls.map(({ callId }) => callId)).size).toBe(MANY)

  const csv = await exportFile(page, 'CSV')
  // A line that begins a call begins with its number and its id; the other lines are inside quotes.
  expect(csv.match(/^\d+,"many-\d{3}",/gm)).toHaveLength(MANY)
})

test('An export that breaks off says so, keeps no file and can be tried again', async ({
  emptyPage: page,
  emptyServer,
}) => {
  await page.addInitScript(() => Reflect.deleteProperty(window, 'showSaveFilePicker'))
  await openList(page, emptyServer, 3)
  await page.route('**/api/calls/export?*', (route) =>
    route.fulfill({
      status: 200,
      headers: { 'content-type': 'text/csv', 'x-call-count': '3' },
      body: 'id,call_id\r\n1,many-000\r\n',
    }),
  )
  await page.getByRole('button', { name: 'Export these calls' }).click()
  const dialog = page.getByRole('dialog', { name: 'Export calls' })
  await dialog.getByRole('button', { name: 'Export 3 calls' }).click()
  await expect(dialog.getByRole('alert')).toContainText('announced 3 calls, but 1 arrived')

  await page.unroute('**/api/calls/export?*')
  const downloading = page.waitForEvent('download')
  await dialog.getByRole('button', { name: 'Try again' }).click()
  await expect(dialog.getByText('3 of 3 calls exported')).toBeVisible()
  await downloading
})
