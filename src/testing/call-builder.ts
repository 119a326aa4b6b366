import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Segment } from '#contract/transcript.ts'
import { renderTranscript } from '#contract/wire/transcript.ts'
import type { CallFields, ContentFields } from '#server/store/calls.ts'
import { EMPTY_CALL, EMPTY_CONTENT, insertCall } from '#server/store/calls.ts'
import { type Database, openDatabase } from '#server/store/database.ts'
import { ensureFirstProject, FIRST_PROJECT_ID } from '#server/store/projects.ts'

/** For tests: a migrated database with project 1, in a folder of its own that `close` removes. */
export async function openTemporaryDatabase(): Promise<{
  database: Database
  dataDir: string
  close: () => Promise<void>
}> {
  const dataDir = await mkdtemp(join(tmpdir(), 'talktrack-store-'))
  const database = await openDatabase({ dataDir })
  await ensureFirstProject(database.writer, 0)
  return {
    database,
    dataDir,
    close: async () => {
      await database.close()
      await rm(dataDir, { recursive: true })
    },
  }
}

const FIELDS: CallFields = {
  ...EMPTY_CALL,
  started_at: 0,
  is_started_at_receipt: 0,
  transcript_state: 'ready',
  fingerprint: '',
}

/** For tests: the content of a call in which caller and agent say these texts in turn, each for a second. */
export function saying(
  ...texts: readonly string[]
): Pick<ContentFields, 'segments' | 'transcript_text'> {
  const segments = texts.map(
    (text, index): Segment => ({
      kind: 'speech',
      speaker: index % 2 === 0 ? 'caller' : 'agent',
      text,
      startSeconds: index,
      endSeconds: index + 1,
      timing: 'given',
    }),
  )
  return { segments: JSON.stringify(segments), transcript_text: renderTranscript(segments) }
}

export type StoredCall = {
  callId: string
  fields?: Partial<CallFields>
  content?: Partial<ContentFields>
  projectId?: number
  duplicateOrdinal?: number
  now?: number
}

/** For tests: stores calls in one transaction and gives their ids in order. */
export function storeCalls(database: Database, calls: readonly StoredCall[]): Promise<number[]> {
  return database.transaction(async (trx) => {
    const ids: number[] = []
    for (const { callId, fields, content, projectId, duplicateOrdinal, now } of calls) {
      const id = await insertCall(trx, database.dialect, {
        projectId: projectId ?? FIRST_PROJECT_ID,
        callId,
        duplicateOrdinal: duplicateOrdinal ?? 0,
        fields: { ...FIELDS, ...fields },
        content: { ...EMPTY_CONTENT, ...content },
        now: now ?? 0,
      })
      ids.push(id)
    }
    return ids
  })
}
