import type { Page } from '@playwright/test'
import { expect, expectAccessible, sendCall, signIn, test } from './fixtures.ts'
import type { RunningServer } from './start-server.ts'

const SAID = { role: 'Main Agent', start_time: 0, end_time: 2 }

/** Two calls speak of kayaks, one of canoes. */
async function sendThree(server: RunningServer) {
  const words = ['The blue kayak is free.', 'That kayak is taken.', 'We have canoes.']
  for (const [index, content] of words.entries()) {
    await sendCall(server, { call_id: `boat-${index}`, transcript_json: [{ ...SAID, content }] })
  }
}

const rows = (page: Page) => page.getByRole('grid', { name: 'Calls' }).getByRole('row')
const modified = (page: Page) => page.getByText('modified', { exact: true })
const pinned = (page: Page) => page.getByRole('list', { name: 'Pinned views' })

async function saveView(page: Page, name: string) {
  await page.getByRole('button', { name: 'Save view' }).click()
  const dialog = page.getByRole('dialog', { name: 'Save view as' })
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog.getByText('Give the view a name.')).toBeVisible()
  await dialog.getByLabel('Name').fill(name)
  await dialog.getByRole('switch', { name: 'Pin to the navigation' }).click()
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog).toBeHidden()
}

async function chooseAction(page: Page, name: string) {
  await page.getByRole('button', { name: 'View actions' }).click()
  await page.getByRole('menuitem', { name }).click()
}

async function openKayakView(page: Page, server: RunningServer) {
  await sendThree(server)
  await page.goto(`${server.origin}/calls`)
  await page.getByRole('searchbox', { name: 'Search calls' }).fill('kayak')
  await expect(rows(page)).toHaveCount(3)
  await saveView(page, 'Kayaks')
}

test('A reviewer saves a view, changes it, takes the change back and saves another', async ({
  emptyPage: page,
  emptyServer,
}) => {
  await openKayakView(page, emptyServer)
  const link = pinned(page).getByRole('link', { name: /Kayaks/ })
  await expect(link).toHaveText(/2$/)
  await expect(page.getByRole('button', { name: /^View: Kayaks/ })).toBeFocused()
  await expect(link).toHaveAttribute('aria-current', 'page')
  await expect(modified(page)).toHaveCount(0)

  await page.getByRole('searchbox', { name: 'Search calls' }).fill('blue kayak')
  await expect(modified(page)).toBeVisible()
  await page.getByRole('button', { name: 'Revert' }).click()
  await expect(page.getByRole('searchbox', { name: 'Search calls' })).toHaveValue('kayak')
  await expect(modified(page)).toHaveCount(0)
  await expect(page.getByRole('button', { name: /^View: Kayaks/ })).toBeFocused()

  await page.getByRole('searchbox', { name: 'Search calls' }).fill('canoes')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(modified(page)).toHaveCount(0)
  await expect(link).toHaveText(/1$/)
  await expect(page.getByRole('button', { name: /^View: Kayaks/ })).toBeFocused()

  await page.reload()
  await expect(page.getByRole('searchbox', { name: 'Search calls' })).toHaveValue('canoes')
  await expect(rows(page)).toHaveCount(2)
  await expect(modified(page)).toHaveCount(0)
})

test('A view is renamed, deleted and brought back', async ({ emptyPage: page, emptyServer }) => {
  await openKayakView(page, emptyServer)
  await chooseAction(page, 'Rename…')
  const dialog = page.getByRole('dialog', { name: 'Rename the view' })
  await dialog.getByLabel('Name').fill('Boats with paddles')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(pinned(page).getByRole('link', { name: /Boats with paddles/ })).toBeVisible()

  await chooseAction(page, 'Delete')
  await expect(pinned(page)).toHaveCount(0)
  await expect(page.getByRole('button', { name: 'Views', exact: true })).toBeFocused()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(pinned(page).getByRole('link', { name: /Boats with paddles/ })).toBeVisible()
  await expect(page.getByRole('button', { name: /View: Boats with paddles/ })).toBeVisible()
})

test('A link shares the whole view, and a short one opens all of it', async ({
  emptyPage: page,
  emptyServer,
  browser,
}) => {
  await openKayakView(page, emptyServer)
  const header = page.getByRole('columnheader', { name: 'Duration' })
  await header.getByRole('button', { name: 'Duration' }).click()
  await expect(modified(page)).toBeVisible()

  const other = await browser.newPage()
  await signIn(other, emptyServer)
  await other.goto(page.url())
  await expect(other.getByRole('searchbox', { name: 'Search calls' })).toHaveValue('kayak')
  await expect(other.getByRole('columnheader', { name: 'Duration' })).toHaveAttribute(
    'aria-sort',
    /ascending|descending/,
  )
  await expect(modified(other)).toBeVisible()

  const id = new URL(page.url()).searchParams.get('view')
  await other.goto(`${emptyServer.origin}/calls?view=${id}`)
  await expect(other).toHaveURL(/search=kayak.*cols=/)
  await expect(modified(other)).toHaveCount(0)
  await expect(rows(other)).toHaveCount(3)
  await other.close()
})

test('A view is opened with the keyboard alone', async ({ emptyPage: page, emptyServer }) => {
  await openKayakView(page, emptyServer)
  await page.goto(`${emptyServer.origin}/agents`)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await page.keyboard.press('v')
  await expect(page.getByRole('dialog', { name: 'Views' })).toBeVisible()
  await page.keyboard.type('kay')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/view=\d+/)
  await expect(rows(page)).toHaveCount(3)
})

test.describe('on a telephone', () => {
  test.use({ viewport: { width: 390, height: 844 } })

  test('views are opened and saved without scrolling sideways', async ({
    emptyPage: page,
    emptyServer,
  }) => {
    await sendThree(emptyServer)
    await page.goto(`${emptyServer.origin}/calls?search=kayak`)
    await saveView(page, 'Kayaks')
    await page.getByRole('button', { name: /View: Kayaks/ }).click()
    await page.getByRole('option', { name: /Every call/ }).click()
    await expect(page).not.toHaveURL(/view=/)
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - window.innerWidth,
    )
    expect(overflow).toBeLessThanOrEqual(0)
    await expectAccessible(page)
  })
})
