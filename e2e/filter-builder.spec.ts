import type { Page } from '@playwright/test'
import { expect, expectAccessible, sendCall, test } from './fixtures.ts'

/** Three levels: all of (longer than 20 s, any of (no recording, none of (reviewed))). */
const THREE_LEVELS = 'duration.gte.20,or(has_recording.eq.false,not(is_reviewed.eq.true))'

async function openBuilder(page: Page, filter = ''): Promise<void> {
  await page.goto(`${new URL(page.url()).origin}/filters${filter && `?filter=${filter}`}`)
  await expect(page.getByRole('heading', { name: /calls?$/ })).toBeVisible()
}

function filterOf(page: Page): string {
  return new URL(page.url()).searchParams.get('filter') ?? ''
}

/** Types into the list of fields that a new rule opens by itself, and takes the first. */
async function chooseField(page: Page, name: string): Promise<void> {
  await page.getByRole('combobox', { name: 'Search: Field' }).fill(name)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('combobox', { name: 'Search: Field' })).toBeHidden()
}

/** Presses keys no faster than the page draws, as hands do. */
async function press(page: Page, key: string): Promise<void> {
  await page.keyboard.press(key)
  await page.evaluate(async () => {
    for (let frame = 0; frame < 4; frame++) await new Promise(requestAnimationFrame)
  })
}

function matchingCalls(page: Page) {
  return page.getByRole('list', { name: 'First matching calls' }).getByRole('link')
}

test('A reviewer builds a filter of three levels by mouse and shares the link', async ({
  demoPage: page,
}) => {
  await openBuilder(page)
  const root = page.getByRole('listitem', { name: /^All of/ }).first()
  await root.getByRole('button', { name: 'Rule', exact: true }).click()
  await chooseField(page, 'duration')
  await page.getByRole('textbox', { name: 'Value' }).fill('20')

  await root.getByRole('button', { name: 'Group', exact: true }).click()
  const any = page.getByRole('listitem', { name: /^Any of/ })
  await any.getByRole('button', { name: 'Rule', exact: true }).click()
  await chooseField(page, 'has a recording')
  await any.getByRole('button', { name: 'no', exact: true }).click()

  await any.getByRole('button', { name: 'Group', exact: true }).click()
  const inner = any.getByRole('listitem', { name: /^Any of/ })
  await inner.getByRole('button', { name: 'None', exact: true }).click()
  const none = any.getByRole('listitem', { name: /^None of/ })
  await none.getByRole('button', { name: 'Rule', exact: true }).click()
  await chooseField(page, 'reviewed')

  await expect.poll(() => filterOf(page)).toBe(THREE_LEVELS)
  await expectAccessible(page)
  const found = await matchingCalls(page).allInnerTexts()
  await page.reload()
  await expect(matchingCalls(page)).toHaveText(found)
  await expect(page.getByRole('listitem', { name: 'Reviewed: yes' })).toBeVisible()
})

test('A reviewer builds the same filter by keyboard alone', async ({ demoPage: page }) => {
  await openBuilder(page)
  await page.getByRole('listitem', { name: /^All of/ }).focus()
  await press(page, 'a')
  await chooseField(page, 'duration')
  await expect(page.getByRole('textbox', { name: 'Value' })).toBeFocused()
  await page.keyboard.type('20')
  await press(page, 'Escape')

  await press(page, 'a')
  await chooseField(page, 'has a recording')
  await expect(page.getByRole('button', { name: 'yes', exact: true })).toBeFocused()
  await press(page, 'Tab')
  await press(page, 'Enter')
  await press(page, 'Escape')
  await expect(page.getByRole('listitem', { name: 'Has a recording: no' })).toBeFocused()
  await press(page, 'Control+g')
  await expect(page.getByRole('listitem', { name: /of 1 condition/ })).toBeFocused()
  await press(page, 'Enter')
  await press(page, 'Tab')
  await press(page, 'Enter')
  await press(page, 'Escape')
  await expect(page.getByRole('listitem', { name: /^Any of/ })).toBeFocused()

  await press(page, 'ArrowRight')
  await press(page, 'a')
  await chooseField(page, 'reviewed')
  await press(page, 'Escape')
  await press(page, 'Control+g')
  await press(page, 'Enter')
  await press(page, 'Tab')
  await press(page, 'Tab')
  await press(page, 'Enter')
  await expect.poll(() => filterOf(page)).toBe(THREE_LEVELS)
})

test('A reviewer undoes by button, by key and by the browser', async ({ demoPage: page }) => {
  await openBuilder(page, 'duration.gte.20,is_demo.eq.true')
  await page.getByRole('listitem', { name: 'Is a demo call: yes' }).focus()
  await page.keyboard.press('Delete')
  await expect.poll(() => filterOf(page)).toBe('duration.gte.20')
  await page.keyboard.press('Control+z')
  await expect.poll(() => filterOf(page)).toBe('duration.gte.20,is_demo.eq.true')
  await expect(page.getByRole('listitem', { name: 'Is a demo call: yes' })).toBeVisible()
  await page.getByRole('button', { name: 'Redo' }).click()
  await expect(page.getByRole('listitem', { name: 'Is a demo call: yes' })).toBeHidden()
  await expect.poll(() => filterOf(page)).toBe('duration.gte.20')
  await page.goBack()
  await expect(page.getByRole('listitem', { name: 'Is a demo call: yes' })).toBeVisible()
})

test('A reviewer drags a rule into a group, and no group into itself', async ({
  demoPage: page,
}) => {
  await openBuilder(page, 'duration.gte.20,or(is_demo.eq.true,has_recording.eq.true)')
  const drag = async (from: string | RegExp, to: string | RegExp) => {
    const handle = page.getByRole('listitem', { name: from }).locator('.cursor-grab').first()
    const target = page.getByRole('listitem', { name: to })
    const height = (await target.boundingBox())?.height ?? 0
    await handle.dragTo(target, { targetPosition: { x: 200, y: height - 4 } })
  }
  await drag(/^Any of/, /^Has a recording/)
  await drag(/^Duration/, /^Is a demo call/)
  await expect
    .poll(() => filterOf(page))
    .toBe('and(or(is_demo.eq.true,duration.gte.20,has_recording.eq.true))')
})

test('A reviewer who undoes a move keeps the focus on the rule', async ({ demoPage: page }) => {
  await openBuilder(page, 'duration.gte.20,or(is_demo.eq.true,has_recording.eq.true)')
  const rule = page.getByRole('listitem', { name: /^Duration/ })
  await rule.focus()
  await page.keyboard.press('Alt+ArrowRight')
  await expect(rule).toBeFocused()
  await expect.poll(() => filterOf(page)).not.toContain('duration.gte.20,or(')
  await page.keyboard.press('Control+z')
  await expect.poll(() => filterOf(page)).toContain('duration.gte.20,or(')
  await expect(rule).toBeFocused()
})

test('A reviewer sees calls arrive while building, and the searched words in the sentence', async ({
  emptyPage: page,
  emptyServer,
}) => {
  await openBuilder(page, 'timestamp.gte.today')
  await expect(page.getByText('Calls that started today (UTC) or later')).toBeVisible()
  await expect(page.getByRole('heading', { name: '0 calls' })).toBeVisible()
  await sendCall(emptyServer, {
    call_id: 'fresh-1',
    transcript_json: [{ role: 'user', content: 'Please cancel it.', start_time: 0, end_time: 2 }],
  })
  await expect(page.getByRole('heading', { name: '1 call', exact: true })).toBeVisible()
  await expect(matchingCalls(page)).toHaveCount(1)
  await page.getByRole('searchbox', { name: 'Search words in the calls' }).fill('cancel')
  await expect(page.getByText('and of these only those that mention “cancel”')).toBeVisible()
})

test('A reviewer is told why a call is not there, and why another is', async ({
  demoPage: page,
}) => {
  await openBuilder(page, 'duration.gte.60')
  await page
    .getByRole('button', { name: /^Why is/ })
    .first()
    .click()
  await expect(page.getByText('is among these calls.')).toBeVisible()
  await expect(page.getByRole('listitem', { name: /^Duration/ })).toContainText('holds')

  const value = page.getByRole('textbox', { name: 'Value' })
  await value.fill('2h')
  await expect(page.getByText('Rules that keep it out: Duration is at least 2h.')).toBeVisible()
  await expect(page.getByRole('listitem', { name: /^Duration/ })).toContainText(
    /does not hold.*it is 1m/,
  )

  await page.getByLabel('Call ID or number').fill('no-such-call')
  await page.getByRole('button', { name: 'Explain', exact: true }).click()
  await expect(page.getByText('There is no call “no-such-call”')).toBeVisible()
})

test('A reviewer writes the filter as text, and loses none of it to a mistake', async ({
  demoPage: page,
}) => {
  await openBuilder(page, 'duration.gte.60')
  await page.getByRole('radio', { name: 'Text' }).click()
  const editor = page.getByRole('textbox', { name: 'Filter as JSON' })
  await editor.click()
  await page.keyboard.press('Control+a')
  await page.keyboard.insertText('{"field": "duratio", "op": "gte", "value": 30}')
  await expect(page.getByText('did you mean “duration”')).toBeVisible()
  expect(filterOf(page)).toBe('duration.gte.60')
  await expectAccessible(page)

  await page.getByRole('radio', { name: 'Tree' }).click()
  await page.getByRole('radio', { name: 'Text' }).click()
  await expect(editor).toHaveText('{"field": "duratio", "op": "gte", "value": 30}')
  await editor.click()
  await page.keyboard.press('Control+a')
  await page.keyboard.insertText('{"field": "duration", "op": "gte", "value": 30}')
  await expect.poll(() => filterOf(page)).toBe('duration.gte.30')
})

test('A link with a mistake says what is wrong, and can be repaired', async ({
  demoPage: page,
}) => {
  await openBuilder(page, 'duration.gte.soon')
  await expect(page.getByText('expected a number of seconds')).toBeVisible()
  await page.getByLabel('Filter as it stands in the address').fill('duration.gte.30')
  await expect.poll(() => filterOf(page)).toBe('duration.gte.30')
  await page.getByRole('radio', { name: 'Tree' }).click()
  await expect(page.getByRole('listitem', { name: /^Duration is at least 30/ })).toBeVisible()
})
