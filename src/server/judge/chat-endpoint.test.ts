import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type JudgeBehaviour, startJudgeServer } from '#testing/judge-server.ts'
import { createJudge } from './judge.ts'

async function answered(change: Partial<Extract<JudgeBehaviour, { kind: 'answer' }>>) {
  await using server = await startJudgeServer({
    behaviours: [{ kind: 'answer', content: '{"passed":true}', ...change }],
  })
  const judge = createJudge({ url: server.url, model: 'asked-model', apiKey: null })
  const schema = z.object({ passed: z.boolean() })
  return await judge.ask({ system: 's', prompt: 'p', schema, schemaName: 'passed' })
}

describe('what an endpoint says of its answer', () => {
  it.each([
    [20.5, null],
    [1e300, null],
    [-1, null],
    [1_000_000_001, null],
    [1_000_000_000, 1_000_000_000],
    [0, 0],
  ])('is believed of %d tokens as %j', async (told, believed) => {
    const usage = { prompt_tokens: told, completion_tokens: told }
    expect(await answered({ usage })).toMatchObject({
      kind: 'answered',
      usage: { inputTokens: believed, outputTokens: believed },
    })
  })

  it('is the first 200 characters of the name of its model', async () => {
    const model = 'm'.repeat(500_000)
    expect(await answered({ model })).toMatchObject({ model: 'm'.repeat(200) })
  })
})
