import { describe, expect, it } from 'vitest'
import type { MetricContent } from '#contract/metric.ts'
import { answers, type JudgeBehaviour, startJudgeServer } from '#testing/judge-server.ts'
import { decideTrigger } from './decide-trigger.ts'
import { estimateTrigger } from './estimate-question.ts'
import { createJudge } from './judge.ts'
import type { JudgedCall, JudgedMetric } from './judged-call.ts'

const CALL: JudgedCall = {
  id: 1,
  startedAt: 0,
  durationSeconds: null,
  endedReason: '',
  topic: '',
  metadata: {},
  dynamicVariables: {},
  segments: [
    {
      kind: 'speech',
      speaker: 'agent',
      text: 'Hello.',
      startSeconds: 0,
      endSeconds: 1,
      timing: 'given',
    },
  ],
  agent: null,
}

function metric(trigger: MetricContent['trigger']): JudgedMetric {
  return {
    id: 3,
    name: 'Refund Rules',
    version: 1,
    content: {
      kind: 'llm_judge',
      functionName: null,
      evalType: 'binary',
      unit: '',
      range: null,
      enumValues: [],
      prompt: 'Did the agent follow the rules of refunds?',
      code: '',
      trigger,
      priorityPrompt: '',
      configuration: {},
    },
    categories: [],
  }
}

async function decided(trigger: MetricContent['trigger'], ...behaviours: JudgeBehaviour[]) {
  await using server = await startJudgeServer({ behaviours })
  const judge = createJudge({ url: server.url, model: 'm', apiKey: null, firstWaitMs: 5 })
  const decision = await decideTrigger({
    judge,
    answers: null,
    metric: metric(trigger),
    call: CALL,
  })
  return { decision, prompt: server.requests[0]?.body.messages.at(-1)?.content ?? null }
}

const NO = answers({ reason: 'No refund came up.', applies: false })

describe('decideTrigger', () => {
  it("asks whether the metric's own question comes up", async () => {
    const { decision, prompt } = await decided({ kind: 'automatic' }, NO)
    expect(decision).toEqual({
      kind: 'decided',
      applies: false,
      reason: 'No refund came up.',
      usage: { model: 'test-model', inputTokens: 20, outputTokens: 5 },
      tookMs: expect.any(Number),
    })
    expect(prompt).toContain('Did the agent follow the rules of refunds?')
    expect(prompt).toContain('[0] 00:00 Main Agent: Hello.')
  })

  it('asks by the words of the trigger', async () => {
    const yes = answers({ reason: 'It did.', applies: true })
    const { decision, prompt } = await decided({ kind: 'prompt', prompt: 'A refund came up' }, yes)
    expect(decision).toMatchObject({ kind: 'decided', applies: true })
    expect(prompt).toContain('The condition:\nA refund came up')
    expect(prompt).not.toContain('rules of refunds')
  })

  it('asks nobody where the metric always applies', async () => {
    const { decision, prompt } = await decided({ kind: 'always' })
    const unasked = { usage: null, tookMs: 0 }
    expect(decision).toEqual({ kind: 'decided', applies: true, reason: '', ...unasked })
    expect(prompt).toBeNull()
    expect(estimateTrigger({ metric: metric({ kind: 'always' }), call: CALL })).toBeNull()
  })

  it('has failed where the judge has', async () => {
    const { decision } = await decided({ kind: 'automatic' }, { kind: 'status', status: 401 })
    expect(decision).toMatchObject({ kind: 'failed', message: expect.stringContaining('401') })
  })

  it('decides no script', async () => {
    await expect(decided({ kind: 'code', code: '_result = true' })).rejects.toThrow(/script/)
  })
})
