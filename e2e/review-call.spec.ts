import { currentRow, expect, findCall, mediaSeconds, sendCall, test } from './fixtures.ts'

const TURNS = [
  { role: 'Testing Agent', content: 'I want to cancel.', start_time: 0.5, end_time: 2 },
  { role: 'Main Agent', content: 'Let me look that up.', start_time: 2.5, end_time: 4 },
  {
    role: 'Function Call',
    start_time: 4,
    end_time: 4,
    data: { id: 't1', name: 'find_order', arguments: '{"order":{"id":17,"kind":"refund"}}' },
  },
  {
    role: 'Function Call Result',
    start_time: 5.5,
    end_time: 5.5,
    data: { id: 't1', name: 'find_order', result: '{"error":"timeout"}' },
  },
  { role: 'Main Agent', content: 'It is cancelled.', start_time: 6, end_time: 7 },
]

test('A link with ?t= opens the call at that second, paused', async ({
  demoPage: page,
  demoServer,
}) => {
  const id = await findCall(demoServer, 'LB-227904')
  await page.goto(`${demoServer.origin}/calls/${id}?t=34.2`)
  await expect.poll(() => mediaSeconds(page)).toBeCloseTo(34.2, 1)
  expect(await page.evaluate(() => window.talktrackMedia?.paused)).toBe(true)
  await expect(page.getByRole('slider', { name: 'Position' })).toHaveAttribute(
    'aria-valuetext',
    /^0:34 of 1:05/,
  )
})

test('A reviewer works through calls with the keyboard alone', async ({
  demoPage: page,
  demoServer,
}) => {
  const id = await findCall(demoServer, 'LB-227904')
  await page.goto(`${demoServer.origin}/calls/${id}`)
  await expect(page.getByRole('slider', { name: 'Position' })).toBeVisible()

  await page.keyboard.press('ArrowRight')
  await expect.poll(() => mediaSeconds(page)).toBeCloseTo(5, 1)
  await page.keyboard.press('Shift+ArrowLeft')
  await expect.poll(() => mediaSeconds(page)).toBeCloseTo(4, 1)
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await expect(currentRow(page)).toContainText("I'm sorry, let me check that")
  await page.keyboard.press('ArrowUp')
  await expect(currentRow(page)).toContainText('Yeah, you took fifty nine dollars')
  await page.keyboard.press(']')
  await expect(page.getByRole('button', { name: /^Speed/ })).not.toHaveText('1×')
  await page.keyboard.press('[')
  await expect(page.getByRole('button', { name: /^Speed/ })).toHaveText('1×')
  await page.keyboard.press('s')
  await expect(page.getByRole('button', { name: /^Skip silence/ })).toHaveAttribute(
    'aria-pressed',
    'true',
  )
  await page.keyboard.press('Space')
  const start = await mediaSeconds(page)
  await expect.poll(() => mediaSeconds(page)).toBeGreaterThan(start + 0.5)
  await page.keyboard.press('Space')
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog')).toContainText('Skip silence')
  await page.keyboard.press('Escape')
  await page.keyboard.press('j')
  await expect(page).not.toHaveURL(new RegExp(`/calls/${id}(\\?|$)`))
  await page.keyboard.press('k')
  await expect(page).toHaveURL(new RegExp(`/calls/${id}(\\?|$)`))
})

test('Back leads to the list, however many calls were stepped through', async ({
  demoPage: page,
}) => {
  await expect(page.getByText('26 calls')).toBeVisible()
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/calls\/\d+$/)
  await expect(page.getByRole('link', { name: 'Back to the list' })).toBeVisible()
  const first = page.url()
  // No wait between the keys: the second comes before its call is on the screen.
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await page.keyboard.press('k')
  await page.keyboard.press('k')
  await expect(page).toHaveURL(first)
  await page.keyboard.press('j')
  await expect(page).not.toHaveURL(first)
  await page.goBack()
  await expect(page).toHaveURL(/\/calls$/)
})

test('Keys do nothing while someone types', async ({ demoPage: page, demoServer }) => {
  const id = await findCall(demoServer, 'LB-227904')
  await page.goto(`${demoServer.origin}/calls/${id}`)
  await expect(page.getByRole('slider', { name: 'Position' })).toBeVisible()
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Search calls and commands' }).fill('j s f ')
  await expect(page).toHaveURL(new RegExp(`/calls/${id}(\\?|$)`))
  expect(await page.evaluate(() => window.talktrackMedia?.paused)).toBe(true)
})

test('Follow-scroll yields to the wheel and comes back on request', async ({
  emptyPage: page,
  emptyServer,
}) => {
  const transcript_json = Array.from({ length: 120 }, (_, index) => ({
    role: index % 2 ? 'Main Agent' : 'Testing Agent',
    content: `Turn number ${index} is said here.`,
    start_time: index * 3,
    end_time: index * 3 + 2,
  }))
  const id = await sendCall(emptyServer, { call_id: 'long', transcript_json })
  await page.goto(`${emptyServer.origin}/calls/${id}?t=200`)
  await expect(page.getByText('Turn number 66 is said here.')).toBeInViewport()
  await page.getByText('Turn number 66 is said here.').hover()
  await page.mouse.wheel(0, -6000)
  const back = page.getByRole('button', { name: 'Back to now' })
  await expect(back).toBeVisible()
  await expect(page.getByText('Turn number 66 is said here.')).not.toBeInViewport()
  await back.click()
  await expect(page.getByText('Turn number 66 is said here.')).toBeInViewport()
})

test('Tool calls are folded, pretty-printed, and a failed one says so', async ({
  emptyPage: page,
  emptyServer,
}) => {
  const id = await sendCall(emptyServer, { call_id: 'tools', transcript_json: TURNS })
  await page.goto(`${emptyServer.origin}/calls/${id}`)
  const tool = page.getByRole('button', { name: /find_order/ }).first()
  await expect(page.getByText('"kind": "refund"')).toBeHidden()
  await tool.click()
  await expect(page.getByText('"kind": "refund"')).toBeVisible()
  await expect(page.getByText('"error": "timeout"')).toBeVisible()
})

test('A call without a recording says so and its transcript still works', async ({
  emptyPage: page,
  emptyServer,
}) => {
  const id = await sendCall(emptyServer, { call_id: 'text', transcript_json: TURNS })
  await page.goto(`${emptyServer.origin}/calls/${id}`)
  await expect(page.getByText(/no recording/i).first()).toBeVisible()
  await expect(page.getByText('It is cancelled.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toHaveCount(0)
})

test('A call without times keeps its order and says that it has none', async ({
  emptyPage: page,
  emptyServer,
}) => {
  const transcript_json = [
    { role: 'user', content: 'Hello there.' },
    { role: 'assistant', content: 'Good morning.' },
  ]
  const body = { call_id: 'untimed', transcript_type: 'pipecat', transcript_json }
  const id = await sendCall(emptyServer, body)
  await page.goto(`${emptyServer.origin}/calls/${id}`)
  await expect(page.getByText('Good morning.')).toBeVisible()
  await expect(page.getByText(/no times|without times/i).first()).toBeVisible()
})

test('A recording that cannot be fetched shows why, and can be tried again', async ({
  emptyPage: page,
  emptyServer,
}) => {
  const id = await sendCall(emptyServer, {
    call_id: 'private',
    transcript_json: TURNS,
    voice_recording_url: 'http://169.254.169.254/latest/recording.wav',
  })
  await page.goto(`${emptyServer.origin}/calls/${id}`)
  await expect(page.getByText(/169\.254\.169\.254 is not public/)).toBeVisible()
  await page.getByRole('button', { name: /try again|retry/i }).click()
  await expect(page.getByText(/169\.254\.169\.254 is not public/)).toBeVisible()
  await expect(page.getByText('It is cancelled.')).toBeVisible()
})

test('An unknown call is a page that leads back to the list', async ({
  demoPage: page,
  demoServer,
}) => {
  await page.goto(`${demoServer.origin}/calls/987654`)
  await expect(page.getByText(/not found|no such call|does not exist/i).first()).toBeVisible()
  await page.goto(`${demoServer.origin}/nowhere`)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await page.getByRole('main').getByRole('link').first().click()
  await expect(page).toHaveURL(/\/calls/)
})
