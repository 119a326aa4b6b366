import { describe, expect, it } from 'vitest'
import type { MetricContent } from '#contract/metric.ts'
import type { SpeechSegment } from '#contract/transcript.ts'
import { answersAnything, startJudgeServer } from '#testing/judge-server.ts'
import { composePrompt, LONGEST_PROMPT, type PromptParts } from './compose-prompt.ts'
import { decideTrigger } from './decide-trigger.ts'
import { estimateQuestion, estimateTrigger } from './estimate-question.ts'
import { createJudge } from './judge.ts'
import { judgeMetric } from './judge-metric.ts'
import type { JudgedCall, JudgedMetric, OtherResult } from './judged-call.ts'
import { PromptTooLong } from './prompt-too-long.ts'

function says(text: string): SpeechSegment {
  const times = { startSeconds: 0, endSeconds: 1, timing: 'given' as const }
  return { kind: 'speech', speaker: 'agent', text, ...times }
}

const CALL: JudgedCall = {
  id: 1,
  startedAt: Date.parse('2026-03-01T12:00:00Z'),
  durationSeconds: 14,
  endedReason: '',
  topic: 'Billing',
  metadata: {},
  dynamicVariables: {},
  segments: [says('Hello.')],
  agent: null,
}

/** 20 speeches of 60,000 characters. */
const ENDLESS: JudgedCall = {
  ...CALL,
  segments: Array.from({ length: 20 }, () => says('word '.repeat(12_000))),
}

function compose(question: string, change: Partial<PromptParts> = {}): string {
  const parts = { call: CALL, otherResults: [], references: [], howToAnswer: 'Answer.' }
  return composePrompt({ ...parts, question, ...change })
}

function resultOf(name: string, valueText: string): OtherResult {
  return { name, state: 'scored', score: null, valueText, explanation: '' }
}

function metric(change: Partial<MetricContent> = {}): JudgedMetric {
  return {
    id: 3,
    name: 'Politeness',
    version: 1,
    content: {
      kind: 'llm_judge',
      functionName: null,
      evalType: 'binary',
      unit: '',
      range: null,
      enumValues: [],
      prompt: 'Was the agent polite?',
      code: '',
      trigger: { kind: 'always' },
      priorityPrompt: '',
      configuration: {},
      ...change,
    },
    categories: [],
  }
}

describe('a value that a question names again', () => {
  const order = 'x'.repeat(19_000)
  const call = { ...CALL, metadata: { order, plan: 'gold' } }

  it('stands once where it is long, however often it is named', () => {
    // 8,000 times 19 KB would be 152 MB.
    const prompt = compose('{{metadata}} '.repeat(8000), { call })
    expect(prompt.split(order)).toHaveLength(2)
    expect(prompt).toContain('The data "metadata":\n<data-')
    expect(prompt.split('the data "metadata" above')).toHaveLength(8001)
  })

  it('is the same value by another spelling of its path', () => {
    const prompt = compose('{{metadata.order}} {{metadata["order"]}}', { call })
    expect(prompt.split(order)).toHaveLength(2)
    expect(prompt.split('the data "metadata.order" above')).toHaveLength(3)
  })

  it('stands in its place where it is short, or named once', () => {
    const prompt = compose('{{metadata.plan}} {{metadata.plan}} {{metadata.order}}', { call })
    expect(prompt.match(/>gold</g)).toHaveLength(2)
    expect(prompt).toMatch(/gold<\/data-\w+> <data-\w+>xxx/)
    expect(prompt).not.toContain('above')
  })
})

describe('a variable', () => {
  it('of ours goes before a metric that has its name', () => {
    const otherResults = ['transcript', 'metadata', 'topic', 'metadata.plan', 'Plan'].map((name) =>
      resultOf(name, `of metric ${name}`),
    )
    const call = { ...CALL, metadata: { plan: 'gold' } }
    const question = '{{transcript}}|{{metadata}}|{{topic}}|{{metadata.plan}}|{{Plan}}'
    const asked = compose(question, { call, otherResults }).replace(/<\/?data-\w+>/g, '')
    expect(asked).toContain(
      'The question:\nthe transcript above|{"plan":"gold"}|Billing|gold|of metric Plan',
    )
  })

  it('with a name that every object has is nothing', () => {
    expect(compose('<{{toString}}{{constructor}}{{hasOwnProperty}}{{__proto__}}>')).toContain(
      'The question:\n<>',
    )
  })
})

describe('a question of more than a million characters', () => {
  it('is none, whether by its transcript, its texts or its values', () => {
    expect(() => compose('Polite?', { call: ENDLESS })).toThrow(
      // 20 times 59,999 characters, trimmed, and what stands before them.
      /^The transcript is too long for the judge: it has 1,20\d,\d{3} characters of at most 1,000,000\.$/,
    )
    const references = [{ title: 'Knowledge', text: 'x'.repeat(LONGEST_PROMPT) }]
    expect(() => compose('Polite?', { references })).toThrow(PromptTooLong)
    // 60 values of 20,000 characters.
    const keys = Array.from({ length: 60 }, (_, n) => `key${n}`)
    const metadata = Object.fromEntries(keys.map((key) => [key, key.padEnd(20_000, 'x')]))
    const question = keys.map((key) => `{{metadata.${key}}}`).join()
    expect(() => compose(question, { call: { ...CALL, metadata } })).toThrow(PromptTooLong)
  })

  it('is given up before all of its values are written', () => {
    let written = 0
    const keys = Array.from({ length: 5000 }, (_, n) => `key${n}`)
    const value = (key: string) => ({
      toJSON: () => {
        written += 1
        return key.padEnd(30_000, 'x')
      },
    })
    const metadata = Object.fromEntries(keys.map((key) => [key, value(key)]))
    const question = keys.map((key) => `{{metadata.${key}}}`).join()
    expect(() => compose(question, { call: { ...CALL, metadata } })).toThrow(PromptTooLong)
    // Cut at 20,000 each, the 51st goes beyond a million.
    expect(written).toBe(51)
  })

  it('is a failed finding and a failed trigger, and nobody is asked', async () => {
    await using server = await startJudgeServer({ otherwise: answersAnything() })
    const judge = createJudge({ url: server.url, model: 'm', apiKey: null })
    const asked = { judge, answers: null, call: ENDLESS }
    const judged = await judgeMetric({ ...asked, metric: metric(), otherResults: [] })
    expect(judged.finding).toMatchObject({
      state: 'failed',
      explanation: expect.stringContaining('The transcript is too long for the judge'),
    })
    const triggered = metric({ trigger: { kind: 'automatic' } })
    expect(await decideTrigger({ ...asked, metric: triggered })).toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('The transcript is too long for the judge'),
    })
    expect(server.requests).toEqual([])
  })

  it('is estimated to take nothing', () => {
    const triggered = metric({ trigger: { kind: 'automatic' } })
    const question = { metric: triggered, call: ENDLESS }
    expect(estimateQuestion(question)).toEqual({ inputTokens: 0, outputTokens: 0 })
    expect(estimateTrigger(question)).toBeNull()
  })
})
