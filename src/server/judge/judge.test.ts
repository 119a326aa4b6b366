import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import {
  answers,
  type JudgeBehaviour,
  type JudgeServer,
  startJudgeServer,
} from '#testing/judge-server.ts'
import { startLocalHost } from '#testing/local-host.ts'
import { createJudge, type JudgeOptions, type JudgeQuestion } from './judge.ts'

const API_KEY = 'sk-judge-0123456789'

const Grade = z.object({ score: z.number().int().min(1).max(5), reason: z.string() })
type Grade = z.infer<typeof Grade>

const GOOD: Grade = { score: 4, reason: 'polite' }

const QUESTION: JudgeQuestion<Grade> = {
  system: 'You grade calls.',
  prompt: 'Caller: hello',
  schema: Grade,
  schemaName: 'grade',
}

function judgeAt({ url }: Pick<JudgeServer, 'url'>, options: Partial<JudgeOptions> = {}) {
  return createJudge({ url, model: 'asked-model', apiKey: API_KEY, firstWaitMs: 5, ...options })
}

function scripted(...behaviours: JudgeBehaviour[]) {
  return startJudgeServer({ behaviours })
}

const INVALID_FORMAT: JudgeBehaviour = {
  kind: 'status',
  status: 400,
  body: { error: { message: 'response_format is not supported' } },
}

describe('what the judge answers', () => {
  it('is the value, the model and the tokens', async () => {
    await using server = await scripted(answers(GOOD))
    expect(await judgeAt(server).ask(QUESTION)).toEqual({
      kind: 'answered',
      value: GOOD,
      usage: { inputTokens: 20, outputTokens: 5 },
      model: 'test-model',
      tookMs: expect.any(Number),
    })
  })

  it('took the time from its first try on, not the wait for a free slot', async () => {
    const slow: JudgeBehaviour = { kind: 'answer', content: JSON.stringify(GOOD), delayMs: 200 }
    await using server = await scripted(slow, slow)
    const judge = judgeAt(server, { maxConcurrent: 1 })
    // Outside of the slot the second takes 400 ms.
    for (const { tookMs } of await Promise.all([judge.ask(QUESTION), judge.ask(QUESTION)])) {
      expect(tookMs).toBeGreaterThan(190)
      expect(tookMs).toBeLessThan(390)
    }
  })

  it('has no token counts where the endpoint tells none', async () => {
    await using server = await scripted({
      kind: 'answer',
      content: JSON.stringify(GOOD),
      usage: null,
    })
    expect(await judgeAt(server).ask(QUESTION)).toMatchObject({
      kind: 'answered',
      usage: { inputTokens: null, outputTokens: null },
    })
  })

  it('is what the schema makes of it', async () => {
    await using server = await scripted(answers({ day: '2026-03-01' }))
    const schema = z.object({ day: z.iso.date().transform((day) => day.split('-').map(Number)) })
    const answer = await judgeAt(server).ask({ ...QUESTION, schema, schemaName: 'day' })
    expect(answer).toMatchObject({ value: { day: [2026, 3, 1] } })
  })
})

describe('what the judge is asked', () => {
  it('has the schema, the model, temperature 0 and both texts', async () => {
    await using server = await scripted(answers(GOOD))
    await judgeAt(server).ask(QUESTION)
    const [request] = server.requests
    expect(request?.path).toBe('/v1/chat/completions')
    expect(request?.body).toMatchObject({
      model: 'asked-model',
      temperature: 0,
      response_format: {
        type: 'json_schema',
        json_schema: {
          name: 'grade',
          schema: {
            type: 'object',
            required: ['score', 'reason'],
            additionalProperties: false,
          },
        },
      },
      messages: [
        { role: 'system', content: 'You grade calls.' },
        // The shape comes last: an endpoint may keep what it read of the beginning.
        { role: 'user', content: expect.stringMatching(/^Caller: hello\n[\s\S]*"score"/) },
      ],
    })
  })

  it('carries the key as a bearer token', async () => {
    await using server = await scripted(answers(GOOD))
    await judgeAt(server).ask(QUESTION)
    expect(server.requests[0]?.authorization).toBe(`Bearer ${API_KEY}`)
  })

  it('carries no authorization without a key', async () => {
    await using server = await scripted(answers(GOOD))
    await judgeAt(server, { apiKey: null }).ask(QUESTION)
    expect(server.requests[0]?.authorization).toBeNull()
  })

  it.each([
    ['/', '/v1/chat/completions'],
    ['/chat/completions', '/v1/chat/completions'],
    ['?api-version=1', '/v1/chat/completions?api-version=1'],
  ])('goes to the same endpoint when the address ends in %s', async (end, path) => {
    await using server = await scripted(answers(GOOD))
    await judgeAt({ url: `${server.url}${end}` }).ask(QUESTION)
    expect(server.requests[0]?.path).toBe(path)
  })

  it('may be of a recursive shape', async () => {
    const Tree = z.object({
      name: z.string(),
      get children() {
        return z.array(Tree)
      },
    })
    const tree = { name: 'a', children: [{ name: 'b', children: [] }] }
    await using server = await scripted(answers(tree))
    const answer = await judgeAt(server).ask({ ...QUESTION, schema: Tree, schemaName: 'tree' })
    expect(answer).toMatchObject({ kind: 'answered', value: tree })
  })
})

describe('an endpoint without structured output', () => {
  it('is asked more plainly, step by step, and at once the next time', async () => {
    await using server = await scripted(
      INVALID_FORMAT,
      INVALID_FORMAT,
      answers(GOOD),
      answers(GOOD),
    )
    const judge = judgeAt(server)
    expect(await judge.ask(QUESTION)).toMatchObject({ kind: 'answered', value: GOOD })
    expect(await judge.ask(QUESTION)).toMatchObject({ kind: 'answered', value: GOOD })
    const formats = server.requests.map(({ body }) => body.response_format?.type)
    expect(formats).toEqual(['json_schema', 'json_object', undefined, undefined])
  })

  it('still gets the whole schema for the next kind of question', async () => {
    await using server = await scripted(INVALID_FORMAT, answers(GOOD), answers(GOOD))
    const judge = judgeAt(server)
    await judge.ask(QUESTION)
    await judge.ask({ ...QUESTION, schemaName: 'other' })
    expect(server.requests[2]?.body.response_format?.type).toBe('json_schema')
  })

  it('is asked without a temperature if it takes none', async () => {
    const body = { error: { message: "Unsupported value: 'temperature' does not support 0" } }
    await using server = await scripted({ kind: 'status', status: 400, body }, answers(GOOD))
    expect(await judgeAt(server).ask(QUESTION)).toMatchObject({ kind: 'answered' })
    expect(server.requests[1]?.body.temperature).toBeUndefined()
    expect(server.requests[1]?.body.response_format?.type).toBe('json_schema')
  })

  it('may wrap its JSON in reasoning, words and a fence', async () => {
    const content = `<think>{"score": 1}?</think>\nHere:\n\`\`\`json\n${JSON.stringify(GOOD)}\n\`\`\`\nBye.`
    await using server = await scripted({ kind: 'answer', content })
    expect(await judgeAt(server).ask(QUESTION)).toMatchObject({ kind: 'answered', value: GOOD })
  })
})

describe('an answer that does not fit', () => {
  it('is asked again with what is wrong, and both are paid for', async () => {
    await using server = await scripted(answers({ score: 9, reason: 'polite' }), answers(GOOD))
    expect(await judgeAt(server).ask(QUESTION)).toMatchObject({
      kind: 'answered',
      value: GOOD,
      // 2 questions of 20 and 5 tokens
      usage: { inputTokens: 40, outputTokens: 10 },
    })
    expect(server.requests[1]?.body.messages.slice(1)).toEqual([
      { role: 'user', content: expect.stringMatching(/^Caller: hello\n/) },
      { role: 'assistant', content: '{"score":9,"reason":"polite"}' },
      { role: 'user', content: expect.stringContaining('score: Too big') },
    ])
  })

  it('is a wrong shape after the second time', async () => {
    await using server = await scripted(answers({ score: 9 }), answers({ score: 'high' }))
    expect(await judgeAt(server).ask(QUESTION)).toEqual({
      kind: 'failed',
      tookMs: expect.any(Number),
      reason: 'wrong-shape',
      message: expect.stringContaining('score: Invalid input: expected number'),
      // Two answers of 20 and 5 tokens, neither of any use.
      paid: { usage: { inputTokens: 40, outputTokens: 10 }, model: 'test-model' },
    })
    expect(server.requests).toHaveLength(2)
  })

  it('is not JSON after the second time', async () => {
    const malformed: JudgeBehaviour = { kind: 'answer', content: '{"score": 4, "reason": "pol' }
    await using server = await scripted(malformed, malformed)
    expect(await judgeAt(server).ask(QUESTION)).toMatchObject({
      kind: 'failed',
      reason: 'not-json',
    })
    expect(server.requests).toHaveLength(2)
  })

  it('is not asked again when the endpoint cut it off', async () => {
    const content = '{"score": 4, "reason": "pol'
    await using server = await scripted({ kind: 'answer', content, finishReason: 'length' })
    expect(await judgeAt(server).ask(QUESTION)).toMatchObject({
      reason: 'not-json',
      message: expect.stringContaining('cut the answer off'),
    })
  })

  it('may also be empty', async () => {
    await using server = await scripted({ kind: 'answer', content: null }, answers(GOOD))
    expect(await judgeAt(server).ask(QUESTION)).toMatchObject({ kind: 'answered' })
  })
})

describe('a refusal', () => {
  it.each([
    ['of the model', { kind: 'answer', content: null, refusal: 'I cannot help' }],
    ['of a filter', { kind: 'answer', content: '', finishReason: 'content_filter' }],
    [
      'before the model',
      {
        kind: 'status',
        status: 400,
        body: { error: { message: 'Filtered', code: 'content_filter' } },
      },
    ],
  ] satisfies [string, JudgeBehaviour][])('%s is told, not repeated', async (_who, behaviour) => {
    await using server = await scripted(behaviour)
    expect(await judgeAt(server).ask(QUESTION)).toMatchObject({ kind: 'failed', reason: 'refused' })
    expect(server.requests).toHaveLength(1)
  })

  it('keeps the words of the model', async () => {
    await using server = await scripted({
      kind: 'answer',
      content: null,
      refusal: 'I cannot\nhelp',
    })
    expect(await judgeAt(server).ask(QUESTION)).toMatchObject({
      message: 'The model refused to answer: I cannot help',
    })
  })
})

describe('an endpoint in trouble', () => {
  it('is asked again after the time it names', async () => {
    const busy: JudgeBehaviour = { kind: 'status', status: 429, headers: { 'retry-after': '1' } }
    await using server = await scripted(busy, answers(GOOD))
    const start = performance.now()
    expect(await judgeAt(server).ask(QUESTION)).toMatchObject({ kind: 'answered', value: GOOD })
    // Timers may fire a millisecond early.
    expect(performance.now() - start).toBeGreaterThan(990)
  })

  it('is not waited for when it names a time past the limit', async () => {
    const busy: JudgeBehaviour = { kind: 'status', status: 429, headers: { 'retry-after': '15' } }
    await using server = await scripted(busy)
    const answer = await judgeAt(server, { timeoutMs: 5000 }).ask(QUESTION)
    expect(answer).toMatchObject({ kind: 'failed', reason: 'rate-limited' })
    expect(server.requests).toHaveLength(1)
  })

  it('fails after the third 500, with its words', async () => {
    const broken: JudgeBehaviour = {
      kind: 'status',
      status: 500,
      body: { error: 'out of memory' },
    }
    await using server = await scripted(broken, broken, broken)
    expect(await judgeAt(server).ask(QUESTION)).toEqual({
      kind: 'failed',
      tookMs: expect.any(Number),
      reason: 'server-error',
      message: `The judge answered 500: out of memory`,
    })
    expect(server.requests).toHaveLength(3)
  })

  it.each([
    ['OpenAI', { error: { message: 'No such model', type: 'invalid', code: null } }],
    ['Ollama', { error: 'No such model' }],
    ['vLLM', { object: 'error', message: 'No such model' }],
    ['FastAPI', { detail: 'No such model' }],
    ['a proxy', 'No such\nmodel'],
  ])('is quoted as %s words it', async (_who, body) => {
    await using server = await scripted({ kind: 'status', status: 403, body })
    expect(await judgeAt(server).ask(QUESTION)).toMatchObject({
      message: `The judge answered 403: No such model. Check JUDGE_API_KEY`,
    })
  })

  it('is asked again when it cuts the connection', async () => {
    await using server = await scripted({ kind: 'cut' }, answers(GOOD))
    expect(await judgeAt(server).ask(QUESTION)).toMatchObject({ kind: 'answered' })
  })

  it('is unreachable when it cuts the connection each time', async () => {
    await using server = await startJudgeServer({ otherwise: { kind: 'cut' } })
    expect(await judgeAt(server).ask(QUESTION)).toMatchObject({ reason: 'unreachable' })
    expect(server.requests).toHaveLength(3)
  })

  it('is unreachable when nobody listens', async () => {
    const server = await scripted()
    await server[Symbol.asyncDispose]()
    expect(await judgeAt(server).ask(QUESTION)).toEqual({
      kind: 'failed',
      tookMs: expect.any(Number),
      reason: 'unreachable',
      message: expect.stringContaining('ECONNREFUSED'),
    })
  })

  it.each([
    ['a page', '<html>Sign in</html>'],
    ['no choices', { choices: [] }],
    ['an error under 200', { error: { message: 'Upstream failed' } }],
  ])('fails when it sends %s', async (_what, body) => {
    await using server = await startJudgeServer({
      otherwise: { kind: 'status', status: 200, body },
    })
    expect(await judgeAt(server).ask(QUESTION)).toMatchObject({
      kind: 'failed',
      reason: 'server-error',
      message: expect.stringContaining('no chat completion'),
    })
  })

  it('fails when it sends more than 1 MB', async () => {
    await using server = await scripted({ kind: 'flood', sizeBytes: 1024 * 1024 })
    expect(await judgeAt(server).ask(QUESTION)).toEqual({
      kind: 'failed',
      tookMs: expect.any(Number),
      reason: 'server-error',
      message: `The judge answered more than 1 MB`,
    })
  })

  it.each([
    [401, 'JUDGE_API_KEY'],
    [404, 'JUDGE_MODEL'],
    [413, 'answered 413'],
  ])('is not asked again after a %i', async (status, hint) => {
    await using server = await scripted({ kind: 'status', status })
    expect(await judgeAt(server).ask(QUESTION)).toMatchObject({
      kind: 'failed',
      reason: 'rejected',
      message: expect.stringContaining(hint),
    })
    expect(server.requests).toHaveLength(1)
  })

  it('is not followed elsewhere', async () => {
    await using elsewhere = await scripted(answers(GOOD))
    const headers = { location: `${elsewhere.url}/chat/completions?token=x` }
    await using server = await scripted({ kind: 'status', status: 307, headers })
    expect(await judgeAt(server).ask(QUESTION)).toMatchObject({
      kind: 'failed',
      message: expect.stringMatching(/answered with a redirect, which is not followed/),
    })
    expect(elsewhere.requests).toEqual([])
  })
})

describe('the time limit', () => {
  it('ends a question that is not answered', async () => {
    await using server = await scripted({ kind: 'hang' })
    expect(await judgeAt(server, { timeoutMs: 100 }).ask(QUESTION)).toEqual({
      kind: 'failed',
      tookMs: expect.any(Number),
      reason: 'timeout',
      message: 'The judge did not answer within 0.1 s',
    })
  })

  it('leaves to be paid what was answered before it', async () => {
    await using server = await scripted(answers({ score: 9 }), { kind: 'hang' })
    expect(await judgeAt(server, { timeoutMs: 300 }).ask(QUESTION)).toMatchObject({
      reason: 'timeout',
      paid: { usage: { inputTokens: 20, outputTokens: 5 } },
    })
  })

  it('ends a body that does not end', async () => {
    await using host = await startLocalHost((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"choices":')
    })
    const answer = await judgeAt(host, { timeoutMs: 200 }).ask(QUESTION)
    expect(answer).toMatchObject({ kind: 'failed', reason: 'timeout' })
  })

  it('starts when the question is asked, not when it queues', async () => {
    const delayMs = 300
    const slow: JudgeBehaviour = { kind: 'answer', content: JSON.stringify(GOOD), delayMs }
    await using server = await startJudgeServer({ otherwise: slow })
    const judge = judgeAt(server, { maxConcurrent: 1, timeoutMs: 800 })
    // The fourth has waited for 3 x 300 ms before it starts.
    const all = await Promise.all([1, 2, 3, 4].map(() => judge.ask(QUESTION)))
    expect(all.map(({ kind }) => kind)).toEqual(Array(4).fill('answered'))
  })
})

describe('cancelling', () => {
  it('ends a question under way', async () => {
    await using server = await scripted({ kind: 'hang' })
    const controller = new AbortController()
    const asking = judgeAt(server).ask({ ...QUESTION, signal: controller.signal })
    setTimeout(() => controller.abort(new Error('not wanted any more')), 50)
    await expect(asking).rejects.toThrow('not wanted any more')
  })

  it('ends the wait before the next try', async () => {
    await using server = await scripted({ kind: 'status', status: 503 })
    const controller = new AbortController()
    const judge = judgeAt(server, { firstWaitMs: 10_000 })
    const asking = judge.ask({ ...QUESTION, signal: controller.signal })
    setTimeout(() => controller.abort(new Error('not wanted any more')), 300)
    await expect(asking).rejects.toThrow('not wanted any more')
  })

  it('takes a waiting question out of the queue, and gives its turn to the next', async () => {
    const delayMs = 100
    const slow: JudgeBehaviour = { kind: 'answer', content: JSON.stringify(GOOD), delayMs }
    await using server = await startJudgeServer({ otherwise: slow })
    const judge = judgeAt(server, { maxConcurrent: 1 })
    const controller = new AbortController()
    const first = judge.ask(QUESTION)
    const second = judge.ask({ ...QUESTION, signal: controller.signal })
    const third = judge.ask(QUESTION)
    controller.abort(new Error('not wanted any more'))
    await expect(second).rejects.toThrow('not wanted any more')
    expect(await first).toMatchObject({ kind: 'answered' })
    expect(await third).toMatchObject({ kind: 'answered' })
    expect(server.requests).toHaveLength(2)
  })
})

describe('many questions at once', () => {
  it('keep the endpoint busy, and never more than the limit', async () => {
    const delayMs = 20
    const slow: JudgeBehaviour = { kind: 'answer', content: JSON.stringify(GOOD), delayMs }
    await using server = await startJudgeServer({ otherwise: slow })
    const judge = judgeAt(server, { maxConcurrent: 3 })
    const all = await Promise.all(Array.from({ length: 20 }, () => judge.ask(QUESTION)))
    expect(all.every(({ kind }) => kind === 'answered')).toBe(true)
    expect(server.requests).toHaveLength(20)
    expect(server.mostAtOnce()).toBe(3)
  })

  it('give their turn back when they fail', async () => {
    await using server = await startJudgeServer({ otherwise: { kind: 'status', status: 401 } })
    const judge = judgeAt(server, { maxConcurrent: 1 })
    const all = await Promise.all([judge.ask(QUESTION), judge.ask(QUESTION), judge.ask(QUESTION)])
    expect(all.map(({ kind }) => kind)).toEqual(['failed', 'failed', 'failed'])
  })
})

describe('the key', () => {
  const echo = (status: number, words: string): JudgeBehaviour => ({
    kind: 'status',
    status,
    body: { error: { message: words } },
  })

  it.each([
    ['an error', echo(401, `Incorrect API key provided: ${API_KEY}.`)],
    ['an error cut short within it', echo(401, `${'x'.repeat(290)}${API_KEY}`)],
    ['an error that is no JSON', { kind: 'status', status: 500, body: `Bearer ${API_KEY}` }],
    ['an error under 200', echo(200, `Incorrect API key provided: ${API_KEY}.`)],
    ['a refusal', { kind: 'answer', content: null, refusal: API_KEY }],
    ['an error in base64', echo(401, `bad ${btoa(`Bearer ${API_KEY}`)}`)],
    ['an error in base64 of more', echo(401, btoa(`{"authorization":"Bearer ${API_KEY}"}`))],
    ['an error in base64 alone', echo(401, btoa(API_KEY))],
    ['an error in hexadecimal', echo(401, Buffer.from(API_KEY).toString('hex'))],
    ['an answer that does not fit', answers({ ...GOOD, [API_KEY]: 1 })],
  ] satisfies [string, JudgeBehaviour][])('is never repeated from %s', async (_what, behaviour) => {
    await using server = await startJudgeServer({ otherwise: behaviour })
    const strict = { ...QUESTION, schema: z.strictObject(Grade.shape) }
    const answer = await judgeAt(server).ask(strict)
    expect(answer.kind).toBe('failed')
    // Nor the most of it, as the cut would leave, nor what can be decoded.
    expect(spellings(JSON.stringify(answer)).join()).not.toContain(API_KEY.slice(0, 8))
    expect(JSON.stringify(answer)).toContain('***')
  })

  /** A text, and what each of its words is in base64, from any of its characters on, and in hexadecimal. */
  function spellings(text: string): string[] {
    const words = text.split(/[^\w+/-]+/)
    const encoded = words.flatMap((word) => [
      ...[0, 1, 2, 3].map((start) => Buffer.from(word.slice(start), 'base64').toString('latin1')),
      Buffer.from(word, 'hex').toString('latin1'),
    ])
    return [text, ...encoded]
  }
})

describe('where the judge is', () => {
  const logged: unknown[] = []
  const log = { warn: (...line: unknown[]) => logged.push(line) }

  it.each([
    [
      'redirects',
      { kind: 'status', status: 302, headers: { location: `http://a.example/${API_KEY}` } },
    ],
    ['cuts the connection', { kind: 'cut' }],
    ['names itself', { kind: 'status', status: 500, body: 'upstream 127.0.0.1 is down' }],
    ['sends a page', { kind: 'status', status: 200, body: '<html>127.0.0.1</html>' }],
    ['does not take the key', { kind: 'status', status: 401, body: {} }],
  ] satisfies [string, JudgeBehaviour][])(
    'is not told to readers when it %s',
    async (_what, otherwise) => {
      await using server = await startJudgeServer({ otherwise })
      const text = JSON.stringify(await judgeAt(server, { log }).ask(QUESTION))
      expect(text).toMatch(/the judge/i)
      expect(text).not.toMatch(/127\.0\.0\.1|example/)
    },
  )

  it('is in the log, with where it redirects to, and without the key', async () => {
    logged.length = 0
    const location = `http://a.example/${API_KEY}`
    await using server = await scripted({ kind: 'status', status: 302, headers: { location } })
    await judgeAt(server, { log }).ask(QUESTION)
    const detail = `${server.url} answered with a redirect, which is not followed: http://a.example/***`
    expect(logged).toEqual([[{ reason: 'server-error', detail }, 'The judge failed']])
  })

  it('is in the log when it cannot be reached', async () => {
    logged.length = 0
    const server = await scripted()
    await server[Symbol.asyncDispose]()
    const answer = await judgeAt(server, { log }).ask(QUESTION)
    expect(answer).toMatchObject({ message: 'Cannot reach the judge (ECONNREFUSED)' })
    const detail = expect.stringContaining(`Cannot reach ${server.url}: `)
    expect(logged).toEqual([[{ reason: 'unreachable', detail }, 'The judge failed']])
  })
})
