import { join } from 'node:path'
import { expect, mediaSeconds, test } from './fixtures.ts'

const AUDIO = join(import.meta.dirname, '../src/server/demo/audio')

test('A person adds a call by hand and plays it', async ({ emptyPage: page }) => {
  await page.getByRole('button', { name: 'Add call' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'Add a call' })
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    dialog.getByRole('button', { name: 'Choose file' }).first().click(),
  ])
  await chooser.setFiles(join(AUDIO, 'dental-new-patient-booking.ogg'))
  const transcript = [
    { role: 'Main Agent', content: 'Good morning.', start_time: 0.2, end_time: 1.4 },
    { role: 'Testing Agent', content: 'I need a visit.', start_time: 2, end_time: 3.5 },
  ]
  await dialog.getByRole('textbox', { name: 'Transcript' }).fill(JSON.stringify(transcript))
  await dialog.getByRole('combobox', { name: 'Agent' }).click()
  await page.getByRole('option', { name: /My agent/ }).click()
  await dialog.getByRole('textbox', { name: 'Call id' }).fill('by-hand-1')
  await dialog.getByRole('button', { name: 'Add call' }).click()

  await expect(page).toHaveURL(/\/calls\/\d+/)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('by-hand-1')
  await expect(page.getByText('I need a visit.')).toBeVisible()
  await expect(page.getByRole('slider', { name: 'Position' })).toBeVisible()
  await page.getByRole('button', { name: 'Play', exact: true }).click()
  await expect.poll(() => mediaSeconds(page)).toBeGreaterThan(0.5)
})

test('A transcript that cannot be read is refused with the entry named, and nothing typed is lost', async ({
  emptyPage: page,
}) => {
  await page.goto(`${new URL(page.url()).origin}/calls?add=1`)
  const dialog = page.getByRole('dialog', { name: 'Add a call' })
  const wrong = '[{"role":"Main Agent","content":"Hi."},{"role":"robot","content":"Beep."}]'
  await dialog.getByRole('textbox', { name: 'Transcript' }).fill(wrong)
  await dialog.getByRole('combobox', { name: 'Agent' }).click()
  await page.getByRole('option', { name: /My agent/ }).click()
  await dialog.getByRole('textbox', { name: 'Call id' }).fill('by-hand-2')
  await dialog.getByRole('button', { name: 'Add call' }).click()
  await expect(dialog.getByText(/entry 2/)).toBeVisible()
  await expect(dialog.getByRole('textbox', { name: 'Transcript' })).toHaveValue(wrong)
  await expect(dialog.getByRole('textbox', { name: 'Call id' })).toHaveValue('by-hand-2')
})
