import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTemporaryDatabase, saying, storeCalls } from '#testing/call-builder.ts'
import {
  deleteJudgeAnswers,
  findJudgeAnswer,
  keepJudgeAnswer,
  type NewJudgeAnswer,
  purgeJudgeAnswers,
} from './judge-answers.ts'

let store: Awaited<ReturnType<typeof openTemporaryDatabase>>
let callId: number
let otherCallId: number

beforeAll(async () => {
  store = await openTemporaryDatabase()
  const content = saying('Hello.')
  const ids = await storeCalls(store.database, [
    { callId: 'a', content },
    { callId: 'b', content },
  ])
  ;[callId = 0, otherCallId = 0] = ids
})

afterAll(() => store.close())

const ANSWER = {
  answer: { score: 3, quotes: ['ä'] },
  model: 'm',
  inputTokens: 7,
  outputTokens: null,
  tookMs: 1500,
}

const keep = (kept: Pick<NewJudgeAnswer, 'key'> & Partial<NewJudgeAnswer>) =>
  store.database.transaction((trx) =>
    keepJudgeAnswer(trx, { callId, answer: ANSWER, now: 1, ...kept }),
  )

describe('answers of the judge', () => {
  it('are found by their question, the latest of each', async () => {
    const { reader } = store.database
    expect(await findJudgeAnswer(reader, 'a')).toBeNull()
    await keep({ key: 'a' })
    expect(await findJudgeAnswer(reader, 'a')).toEqual(ANSWER)
    const other = { ...ANSWER, answer: 'other', outputTokens: 2 }
    await keep({ key: 'a', answer: other, now: 2 })
    expect(await findJudgeAnswer(reader, 'a')).toEqual(other)
    expect(await findJudgeAnswer(reader, 'b')).toBeNull()
  })

  it('are forgotten once they are old', async () => {
    const { writer, reader } = store.database
    await keep({ key: 'old', now: 9 })
    await keep({ key: 'new', now: 10 })
    await purgeJudgeAnswers(writer, 10)
    expect(await findJudgeAnswer(reader, 'old')).toBeNull()
    expect(await findJudgeAnswer(reader, 'new')).toEqual(ANSWER)
  })

  it('go with the call that they quote, and with no other', async () => {
    const { writer, reader } = store.database
    await keep({ key: 'of a' })
    await keep({ key: 'of b', callId: otherCallId })
    await deleteJudgeAnswers(writer, callId)
    expect(await findJudgeAnswer(reader, 'of a')).toBeNull()
    expect(await findJudgeAnswer(reader, 'of b')).toEqual(ANSWER)
    await writer.deleteFrom('call').where('id', '=', otherCallId).execute()
    expect(await findJudgeAnswer(reader, 'of b')).toBeNull()
  })

  it('are not kept of a call that was deleted or blanked while the judge thought', async () => {
    const { writer, reader } = store.database
    await keep({ key: 'deleted', callId: 999 })
    await writer
      .updateTable('call')
      .set({ transcript_state: 'none' })
      .where('id', '=', callId)
      .execute()
    await keep({ key: 'blanked' })
    expect(await findJudgeAnswer(reader, 'deleted')).toBeNull()
    expect(await findJudgeAnswer(reader, 'blanked')).toBeNull()
  })
})
