import type { Transaction } from 'kysely'
import type { Connection } from './database.ts'
import type { Tables } from './tables.ts'

/** What the judge answered to a question that was paid for; tokens are null where the endpoint told none. */
export type StoredAnswer = {
  answer: unknown
  model: string
  inputTokens: number | null
  outputTokens: number | null
  /** How long the endpoint took. */
  tookMs: number
}

/** Null where the question was not asked yet. `key`: SHA-256 of metric version, question and model. */
export async function findJudgeAnswer(db: Connection, key: string): Promise<StoredAnswer | null> {
  const row = await db
    .selectFrom('judge_answer')
    .select(['answer', 'model', 'input_tokens', 'output_tokens', 'took_ms'])
    .where('key', '=', key)
    .executeTakeFirst()
  if (!row) return null
  return {
    answer: JSON.parse(row.answer),
    model: row.model,
    inputTokens: row.input_tokens,
    outputTokens: row.output_tokens,
    tookMs: row.took_ms,
  }
}

export type NewJudgeAnswer = { key: string; callId: number; answer: StoredAnswer; now: number }

/**
 * Keeps an answer, which must be JSON, in place of an earlier one to the same question. Not of a call that was deleted
 * or blanked while the judge thought: the answer quotes it.
 */
export async function keepJudgeAnswer(
  trx: Transaction<Tables>,
  { key, callId, answer, now }: NewJudgeAnswer,
): Promise<void> {
  const call = await trx
    .selectFrom('call')
    .select('id')
    .where('id', '=', callId)
    .where('transcript_state', '!=', 'none')
    .executeTakeFirst()
  if (!call) return
  const values = {
    call_id: callId,
    answer: JSON.stringify(answer.answer),
    model: answer.model,
    input_tokens: answer.inputTokens,
    output_tokens: answer.outputTokens,
    took_ms: Math.round(answer.tookMs),
    created_at: now,
  }
  await trx
    .insertInto('judge_answer')
    .values({ key, ...values })
    .onConflict((conflict) => conflict.column('key').doUpdateSet(values))
    .execute()
}

/** Forgets what the judge said of a call. */
export async function deleteJudgeAnswers(db: Connection, callId: number): Promise<void> {
  await db.deleteFrom('judge_answer').where('call_id', '=', callId).execute()
}

/** Forgets answers that were kept before a time, in epoch ms. */
export async function purgeJudgeAnswers(db: Connection, olderThan: number): Promise<void> {
  await db.deleteFrom('judge_answer').where('created_at', '<', olderThan).execute()
}
