import { hashSecret } from '#server/access/secrets.ts'
import { insertApiKey } from '#server/store/api-keys.ts'
import type { Database } from '#server/store/database.ts'

export const THEIR_PROJECT = 2

const KEY = 'tt_their-key-that-is-long-enough'

/** For tests of who sees what: a project beside the first, and a key of its own as a header. */
export async function addTheirProject({ writer }: Database): Promise<Record<string, string>> {
  const project = { duplicate_policy: 'update', accepts_metadata_only: 0, created_at: 0 } as const
  await writer
    .insertInto('project')
    .values({ id: THEIR_PROJECT, name: 'Theirs', updated_at: 0, ...project })
    .execute()
  const key = { projectId: THEIR_PROJECT, name: 'theirs', scope: 'project', hint: 'tt_' } as const
  await insertApiKey(writer, { ...key, keyHash: hashSecret(KEY), now: 0 })
  return { 'x-cekura-api-key': KEY }
}
