import { buffer } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NEWEST_FIRST } from '#contract/call.ts'
import { openTemporaryDatabase, storeCalls } from '#testing/call-builder.ts'
import { until } from '#testing/until.ts'
import { deleteCall } from '../store/calls.ts'
import type { Database } from '../store/database.ts'
import { QueryCancelled } from '../store/slow-read-errors.ts'
import { exportCalls } from './export-calls.ts'

let database: Database
let close: () => Promise<void>
let ids: number[]

const CALL_COUNT = 400
/** Ten times what the streams between database and reader hold. */
const LONG = JSON.stringify([{ kind: 'speech', text: 'parcel '.repeat(20_000) }])
const QUERY = { projectId: 1, now: 0, sort: NEWEST_FIRST }

beforeAll(async () => {
  ;({ database, close } = await openTemporaryDatabase())
  ids = await storeCalls(
    database,
    Array.from({ length: CALL_COUNT }, (_, n) => ({
      callId: `c-${n}`,
      fields: { started_at: n },
      content: { segments: LONG, transcript_text: 'parcel' },
    })),
  )
})

afterAll(() => close())

/** An export of all calls as JSONL that counts what was read for it. */
async function exportAll(query: { sort?: string; search?: string } = {}) {
  let read = 0
  const result = await exportCalls(database, {
    query: { ...QUERY, ...query },
    format: 'jsonl',
    onCalls: (count) => {
      read += count
    },
  })
  return { ...result, read: () => read }
}

async function callIdsOf(body: Parameters<typeof buffer>[0]): Promise<string[]> {
  const text = (await buffer(body)).toString()
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).callId)
}

describe('exportCalls', () => {
  it('reads no faster than it is read', async () => {
    const { body, read } = await exportAll()
    await until(() => read() > 0)
    await setTimeout(200)
    // 20 calls at once: some are in the streams, and some are being read ahead.
    expect(read()).toBeLessThanOrEqual(60)
    expect(await callIdsOf(body)).toHaveLength(CALL_COUNT)
    expect(read()).toBe(CALL_COUNT)
  })

  it('shows one moment, whatever is written meanwhile', async () => {
    const { callCount, body } = await exportAll()
    const [late = 0] = await storeCalls(database, [{ callId: 'late', fields: { started_at: -1 } }])
    const [oldest = 0] = ids
    await database.writer
      .updateTable('call')
      .set({ call_id: 'renamed' })
      .where('id', '=', oldest)
      .execute()
    const callIds = await callIdsOf(body)
    expect(callIds).toHaveLength(callCount)
    expect(callIds.at(-1)).toBe('c-0')
    await database.writer
      .updateTable('call')
      .set({ call_id: 'c-0' })
      .where('id', '=', oldest)
      .execute()
    await database.transaction((trx) => deleteCall(trx, database.dialect, late))
  })

  it('stops reading when its body is destroyed', async () => {
    const { body, read } = await exportAll()
    await until(() => read() > 0)
    body.destroy()
    await setTimeout(100)
    const stoppedAt = read()
    expect(stoppedAt).toBeLessThan(CALL_COUNT)
    await setTimeout(100)
    expect(read()).toBe(stoppedAt)
  })

  it('is not begun for somebody who leaves while its calls are counted', async () => {
    const leaving = new AbortController()
    const { signal } = leaving
    const counting = exportCalls(database, { query: QUERY, format: 'csv', signal })
    leaving.abort(new Error('gone'))
    await expect(counting).rejects.toThrow(QueryCancelled)
  })

  it('has every call of a search also where the best are asked for first', async () => {
    const { callCount, body } = await exportAll({ sort: 'relevance', search: 'parcel' })
    expect(callCount).toBe(CALL_COUNT)
    expect((await callIdsOf(body))[0]).toBe(`c-${CALL_COUNT - 1}`)
  })
})
