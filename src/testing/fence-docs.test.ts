import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { z } from 'zod'

const ROOT = join(import.meta.dirname, '../..')
const FENCE = /^src\/(server\/\w+) may import (.+); see docs\/architecture\.md\.$/
const TABLE_ROW = /^\| (`server\/.+) \| (.+) \|$/gm

const Fences = z.object({
  overrides: z.array(
    z.object({
      linter: z
        .object({
          rules: z.object({
            style: z
              .object({
                noRestrictedImports: z
                  .object({
                    options: z.object({
                      patterns: z.array(z.object({ message: z.string() })).optional(),
                    }),
                  })
                  .optional()
                  .catch(undefined),
              })
              .optional()
              .catch(undefined),
          }),
        })
        .optional()
        .catch(undefined),
    }),
  ),
})

/** The rooms that each room of the server may import, as Biome's messages say; the contract alone is none. */
async function readFences(): Promise<Map<string, string[]>> {
  const text = await readFile(join(ROOT, 'biome.json'), 'utf8')
  const { overrides } = Fences.parse(JSON.parse(text))
  const messages = overrides.flatMap(
    ({ linter }) => linter?.rules.style?.noRestrictedImports?.options.patterns ?? [],
  )
  const fences = messages.flatMap(({ message }) => {
    const [, room, rooms] = FENCE.exec(message) ?? []
    return room && rooms ? [[room, toRooms(rooms)] as const] : []
  })
  return new Map(fences)
}

async function readTable(): Promise<Map<string, string[]>> {
  const text = await readFile(join(ROOT, 'docs/architecture.md'), 'utf8')
  const rows = [...text.matchAll(TABLE_ROW)].flatMap(([, rooms = '', allowed = '']) =>
    rooms.split(', ').map((room) => [bare(room), toRooms(bare(allowed))] as const),
  )
  return new Map(rows)
}

function toRooms(text: string): string[] {
  return text.startsWith('the contract') ? [] : text.split(', ').toSorted()
}

const bare = (text: string) => text.replaceAll('`', '')

it('names in the architecture the very rooms that the fences of the server let in', async () => {
  const [fences, table] = [await readFences(), await readTable()]
  expect(fences.size).toBeGreaterThan(10)
  expect(Object.fromEntries(table)).toEqual(Object.fromEntries(fences))
})
