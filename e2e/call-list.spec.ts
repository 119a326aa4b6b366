import { expect, expectAccessible, sendCall, signIn, test } from './fixtures.ts'
import type { RunningServer } from './start-server.ts'

const HELLO = [
  {
    role: 'Testing Agent',
    content: 'Is the blue kayak still for rent?',
    start_time: 0,
    end_time: 2,
  },
  { role: 'Main Agent', content: 'It is.', start_time: 3, end_time: 4 },
]

async function sendMany(server: RunningServer, count: number) {
  const start = Date.UTC(2026, 0, 1)
  for (let index = 0; index < count; index++) {
    await sendCall(server, {
      call_id: `many-${String(index).padStart(3, '0')}`,
      transcript_json: HELLO,
      call_ended_reason: index % 2 ? 'hangup' : 'completed',
      timestamp: new Date(start + index * 60_000).toISOString(),
    })
  }
}

test('Search finds a call by what was said in it, and the link shares the search', async ({
  demoPage: page,
  demoServer,
  browser,
}) => {
  await expect(page.getByText('26 calls')).toBeVisible()
  await page.keyboard.press('/')
  await page.keyboard.type('fifty nine dollars')
  const rows = page.getByRole('grid', { name: 'Calls' }).getByRole('row')
  await expect(rows).toHaveCount(2)
  await expect(page).toHaveURL(/search=fifty/)

  const other = await browser.newPage()
  await signIn(other, demoServer)
  await other.goto(page.url())
  await expect(other.getByRole('grid', { name: 'Calls' }).getByRole('row')).toHaveCount(2)
  await other.close()

  await page.getByRole('searchbox', { name: 'Search calls' }).fill('no such words anywhere')
  await expect(page.getByText(/no calls match|no matches|nothing matches/i).first()).toBeVisible()
})

test('Headers sort the whole list, and the order survives a reload', async ({ demoPage: page }) => {
  const header = page.getByRole('columnheader', { name: 'Duration' })
  await header.getByRole('button', { name: 'Duration' }).click()
  await expect(header).toHaveAttribute('aria-sort', /ascending|descending/)
  await page.reload()
  await expect(header).toHaveAttribute('aria-sort', /ascending|descending/)
  await expect(page).toHaveURL(/sort=-?durationSeconds/)
})

test('Hidden columns stay hidden after a reload', async ({ demoPage: page }) => {
  await expect(page.getByRole('columnheader', { name: 'Topic' })).toBeVisible()
  await page.getByRole('button', { name: 'Columns and density' }).click()
  await page.getByRole('checkbox', { name: 'Topic', exact: true }).press('Space')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('columnheader', { name: 'Topic' })).toHaveCount(0)
  await page.reload()
  await expect(page.getByRole('columnheader', { name: 'Agent' })).toBeVisible()
  await expect(page.getByRole('columnheader', { name: 'Topic' })).toHaveCount(0)
})

test('A new call appears by itself at the top of the list', async ({
  emptyPage: page,
  emptyServer,
}) => {
  await expect(page.getByText(/no calls yet|first call/i).first()).toBeVisible()
  await sendCall(emptyServer, { call_id: 'fresh-1', transcript_json: HELLO })
  await expect(page.getByRole('link', { name: /fresh-1/ })).toBeVisible()
})

test('A reviewer narrows the list by quick chips, chips and cells, and the link shares it', async ({
  demoPage: page,
  demoServer,
  browser,
}) => {
  const rows = page.getByRole('grid', { name: 'Calls' }).getByRole('row')
  await expect(page.getByText('26 calls')).toBeVisible()

  await page.getByRole('button', { name: 'Slow' }).click()
  await expect(page).toHaveURL(/filter=longest_response_gap\.gt\.3$/)
  await expect(page.getByText('26 calls')).toHaveCount(0)
  const slowCount = (await rows.count()) - 1

  await page
    .getByRole('region', { name: 'Quick filters' })
    .getByRole('button', { name: 'Status' })
    .click()
  await page.getByRole('checkbox', { name: 'Failure', exact: true }).press('Space')
  await page.keyboard.press('Escape')
  await expect(page).toHaveURL(/outcome\.eq\.failure/)
  await expect(page.getByRole('button', { name: 'Status is Failure' }).first()).toBeVisible()
  await expect(rows.filter({ hasText: 'Success' })).toHaveCount(0)

  const other = await browser.newPage()
  await signIn(other, demoServer)
  await other.goto(page.url())
  const shared = other.getByRole('grid', { name: 'Calls' }).getByRole('row')
  await expect(shared).toHaveCount(await rows.count())
  await other.close()

  await page.getByRole('button', { name: 'Remove: Status is Failure' }).click()
  await expect(rows).toHaveCount(slowCount + 1)
  await page.getByRole('button', { name: 'Slow', pressed: true }).click()
  await expect(page.getByText('26 calls')).toBeVisible()
  await expect(page).not.toHaveURL(/filter/)
})

test('A rule is changed where its chip stands', async ({ demoPage: page }) => {
  await page.goto(`${new URL(page.url()).origin}/calls?filter=duration.gte.60`)
  await page.getByRole('button', { name: 'Duration is at least 1m', exact: true }).click()
  await page.getByRole('textbox', { name: 'Value' }).fill('65')
  await page.keyboard.press('Tab')
  await expect(page).toHaveURL(/duration\.gte\.65/)
  await expect(
    page.getByRole('button', { name: 'Duration is at least 1m 5s', exact: true }),
  ).toBeVisible()
})

test('The active row lends its values to the filter by keyboard', async ({ demoPage: page }) => {
  await expect(page.getByText('26 calls')).toBeVisible()
  await page.keyboard.press('j')
  await page.keyboard.press('i')
  await page.getByRole('menuitem', { name: /^Only calls with agent/ }).click()
  await expect(page).toHaveURL(/agent\.id\.eq\.\d+/)
  await expect(page.getByText('26 calls')).toHaveCount(0)
  await expect(page.getByRole('grid', { name: 'Calls' })).toBeFocused()
})

test('A right click on a cell offers its value', async ({ demoPage: page }) => {
  await expect(page.getByText('26 calls')).toBeVisible()
  const cell = page
    .getByRole('row')
    .nth(1)
    .getByRole('gridcell')
    .and(page.locator('[data-column="status"]'))
  const box = await cell.boundingBox()
  await page.mouse.click((box?.x ?? 0) + 20, (box?.y ?? 0) + 12, { button: 'right' })
  await page.getByRole('menuitem', { name: /^Without status/ }).click()
  await expect(page).toHaveURL(/outcome\.neq\./)
  await expect(page.getByRole('grid', { name: 'Calls' })).toBeFocused()
})

test('A filter that cannot be read never shows every call', async ({ demoPage: page }) => {
  const { origin } = new URL(page.url())
  await page.goto(`${origin}/calls?filter=duration.gte.soon`)
  const bar = page.getByRole('alert')
  await expect(bar).toContainText('expected a number of seconds')
  await expect(bar.getByRole('link', { name: 'Repair in the builder' })).toHaveAttribute(
    'href',
    /^\/filters\?filter=duration/,
  )
  await expect(page.getByRole('grid')).toHaveCount(0)
  await bar.getByRole('button', { name: 'Drop the filter' }).click()
  await expect(page.getByText('26 calls')).toBeVisible()
})

test('A link of an earlier version still filters', async ({ demoPage: page }) => {
  const { origin } = new URL(page.url())
  await page.goto(`${origin}/calls?status=failure`)
  await expect(page.getByRole('button', { name: 'Status is Failure' }).first()).toBeVisible()
  await expect(page.getByRole('row').filter({ hasText: 'Success' })).toHaveCount(0)
})

test('A search shows the words that were said and opens the call at them', async ({
  demoPage: page,
}) => {
  await page.getByRole('searchbox', { name: 'Search calls' }).fill('order number')
  await page.getByText('Best match').click()
  await expect(page).toHaveURL(/sort=relevance/)
  await expect(page.locator('mark').first()).toHaveText(/order|number/i)
  await page
    .getByRole('link', { name: /^Open at/ })
    .first()
    .click()
  await expect(page).toHaveURL(/\/calls\/\d+\?search=order\+number.*&t=\d/)
  await page.getByRole('link', { name: 'Back to the list' }).click()
  await expect(page).toHaveURL(/\/calls\?search=order\+number/)
})

test('A link with columns shows them and leaves the browser’s own alone', async ({
  demoPage: page,
}) => {
  const { origin } = new URL(page.url())
  await page.goto(`${origin}/calls?cols=callId,toolErrorCount.120&density=compact`)
  await expect(page.getByRole('columnheader', { name: 'Tool errors' })).toBeVisible()
  await expect(page.getByRole('columnheader', { name: 'Topic' })).toHaveCount(0)
  await page.goto(`${origin}/calls`)
  await expect(page.getByRole('columnheader', { name: 'Topic' })).toBeVisible()
  await expect(page.getByRole('columnheader', { name: 'Tool errors' })).toHaveCount(0)
})

test('New calls appear by themselves only where the filter lets them through', async ({
  emptyPage: page,
  emptyServer,
}) => {
  await sendCall(emptyServer, {
    call_id: 'kayak-1',
    transcript_json: HELLO,
    call_ended_reason: 'kayak',
  })
  await page.goto(`${emptyServer.origin}/calls?filter=call_ended_reason.eq.kayak`)
  await expect(page.getByRole('link', { name: /kayak-1/ })).toBeVisible()
  await sendCall(emptyServer, {
    call_id: 'canoe-1',
    transcript_json: HELLO,
    call_ended_reason: 'canoe',
  })
  await sendCall(emptyServer, {
    call_id: 'kayak-2',
    transcript_json: HELLO,
    call_ended_reason: 'kayak',
  })
  await expect(page.getByRole('link', { name: /kayak-2/ })).toBeVisible()
  await expect(page.getByRole('link', { name: /canoe-1/ })).toHaveCount(0)
})

test('Tags are put on a call and taken off, and the list can ask for them', async ({
  emptyPage: page,
  emptyServer,
}) => {
  const id = await sendCall(emptyServer, { call_id: 'tagged', transcript_json: HELLO })
  await page.goto(`${emptyServer.origin}/calls/${id}`)
  await page.getByRole('button', { name: 'Add tags' }).click()
  await page.getByRole('combobox', { name: 'Tags of this call' }).fill('follow up')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  const tags = page.getByRole('list', { name: 'Tags', exact: true })
  await expect(tags.getByText('follow up')).toBeVisible()
  await page.goto(`${emptyServer.origin}/calls?filter=tag.eq.follow+up`)
  await expect(page.getByRole('link', { name: /tagged/ })).toBeVisible()
  await page.goto(`${emptyServer.origin}/calls/${id}`)
  await page.getByRole('button', { name: 'Remove tag follow up' }).click()
  await expect(tags).toHaveCount(0)
  await page.reload()
  await expect(page.getByRole('button', { name: 'Add tags' })).toBeVisible()
})

test('A new call moves nothing under a reviewer who has scrolled away', async ({
  emptyPage: page,
  emptyServer,
}) => {
  await sendMany(emptyServer, 90)
  await page.goto(`${emptyServer.origin}/calls`)
  await expect(page.getByRole('link', { name: /many-089/ })).toBeVisible()
  await page.getByRole('link', { name: /many-080/ }).hover()
  await page.mouse.wheel(0, 1200)
  const anchor = page.getByRole('link', { name: /many-05/ }).first()
  await expect(anchor).toBeVisible()
  const name = (await anchor.getAttribute('aria-label')) ?? ''
  const before = await anchor.boundingBox()
  await sendCall(emptyServer, { call_id: 'late', transcript_json: HELLO })
  const pill = page.getByRole('button', { name: /1 new call/ })
  await expect(pill).toBeVisible()
  const after = await page.getByRole('link', { name }).boundingBox()
  expect(after?.y).toBe(before?.y)
  await pill.click()
  await expect(page.getByRole('link', { name: /late/ })).toBeVisible()
})

test('Back returns to the same place of the list', async ({ emptyPage: page, emptyServer }) => {
  await sendMany(emptyServer, 90)
  await page.goto(`${emptyServer.origin}/calls`)
  await expect(page.getByRole('link', { name: /many-089/ })).toBeVisible()
  await page.getByRole('link', { name: /many-085/ }).hover()
  await page.mouse.wheel(0, 1200)
  // In the middle of what is then seen: rows just outside the view are in the page too.
  const link = page.getByRole('link', { name: /many-052/ })
  await expect(link).toBeInViewport()
  await link.click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('many-052')
  await page.goBack()
  await expect(link).toBeInViewport()
})

test('The list holds few rows in the page however many calls there are', async ({
  emptyPage: page,
  emptyServer,
}) => {
  await sendMany(emptyServer, 150)
  await page.goto(`${emptyServer.origin}/calls`)
  await expect(page.getByText('150 calls')).toBeVisible()
  await page.getByRole('link', { name: /many-149/ }).focus()
  await page.keyboard.press('End')
  await expect(page.getByRole('link', { name: /many-000/ })).toBeVisible()
  expect(await page.getByRole('grid', { name: 'Calls' }).getByRole('row').count()).toBeLessThan(61)
})

test('The list is walked and a call opened with the keyboard alone', async ({ demoPage: page }) => {
  await expect(page.getByText('26 calls')).toBeVisible()
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/calls\/\d+/)
})

const LATENCY = 'Latency (in ms)'

/** A call whose agent answers after so many seconds. */
function answeredAfter(gapSeconds: number) {
  const [question, answer] = HELLO
  const start = 2 + gapSeconds
  const said = [question, { ...answer, start_time: start, end_time: start + 1 }]
  return { call_id: `gap-${gapSeconds}`, transcript_json: said }
}

for (const theme of ['light', 'dark'] as const) {
  test(`A metric column is shown, sorted and filtered, in the ${theme} theme`, async ({
    emptyPage: page,
    emptyServer,
  }) => {
    await page.evaluate((value) => localStorage.setItem('talktrack.theme', value), theme)
    for (const gapSeconds of [2, 4, 1, 3]) await sendCall(emptyServer, answeredAfter(gapSeconds))
    await page.goto(`${emptyServer.origin}/calls`)
    await expect(page.getByText('4 calls', { exact: true })).toBeVisible()

    await page.getByRole('button', { name: 'Columns and density' }).click()
    const metrics = page.getByRole('region', { name: 'Metrics' })
    await metrics.getByRole('searchbox', { name: 'Find a metric' }).fill('latency')
    await metrics.getByRole('checkbox', { name: LATENCY, exact: true }).press('Space')
    await expect(page.getByRole('list', { name: 'Columns' })).toContainText(LATENCY)
    await expectAccessible(page)
    await page.keyboard.press('Escape')

    // A result that comes after the rows were read arrives by the live channel.
    const cells = page.locator('[data-column^="metric:"]')
    await expect(cells.filter({ hasText: 'ms' })).toHaveCount(4)
    const header = page.getByRole('columnheader', { name: LATENCY })
    await header.getByRole('button', { name: LATENCY }).click()
    await expect(header).toHaveAttribute('aria-sort', 'descending')
    await expect(page).toHaveURL(/sort=-metric:\d+/)
    await expect(cells).toContainText(['4,000 ms', '3,000 ms', '2,000 ms', '1,000 ms'])
    await page.reload()
    await expect(cells).toContainText(['4,000 ms', '3,000 ms', '2,000 ms', '1,000 ms'])
    await expectAccessible(page)

    await cells.nth(1).click({ button: 'right' })
    await page.getByRole('menuitem', { name: `Calls with ${LATENCY} of at least 3,000 ms` }).click()
    await expect(page).toHaveURL(/filter=metric_evaluations\.\d+\.value\.gte\.3000/)
    await expect(cells).toContainText(['4,000 ms', '3,000 ms'])
    await expect(page.getByRole('region', { name: 'Filter', exact: true })).toContainText(LATENCY)
  })
}
