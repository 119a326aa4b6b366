import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { lengthSeconds, responseGaps } from '#contract/conversation.ts'
import { type Segment, TranscriptType } from '#contract/transcript.ts'
import { parseTranscript } from '#server/ingest/formats/parse-transcript.ts'
import {
  type DemoResults,
  decideDemoSuccess,
  readDemoMetrics,
  readDemoResults,
} from './demo-results.ts'

const Story = z.object({
  agentKey: z.string(),
  startedAgoMinutes: z.number(),
  body: z.object({
    transcript_type: TranscriptType,
    transcript_json: z.unknown(),
    main_agent_channel_index: z.literal(1).optional(),
  }),
})

/** One reaches an answering machine, in the other nobody speaks. */
const UNEVALUATED = ['dental-recall-voicemail', 'dental-silent-line']

const metrics = await readDemoMetrics()
const inbound = new Map(
  z
    .array(z.object({ key: z.string(), inbound: z.boolean() }))
    .parse(readJson('agents.json'))
    .map((agent) => [agent.key, agent.inbound]),
)
const slugs = readdirSync(join(import.meta.dirname, 'stories')).map((name) => name.slice(0, -5))
const evaluated = await Promise.all(
  slugs
    .filter((slug) => !UNEVALUATED.includes(slug))
    .map(async (slug) => {
      const story = Story.parse(readJson(`stories/${slug}.json`))
      return { slug, story, found: await resultsOf(slug), segments: segmentsOf(story) }
    }),
)

describe('the recorded results of the demo calls', () => {
  it('are there for every story but those in which nothing can be judged', () => {
    const files = readdirSync(join(import.meta.dirname, 'verdicts')).map((name) =>
      name.slice(0, -5),
    )
    expect(files.toSorted()).toEqual(evaluated.map(({ slug }) => slug).toSorted())
    expect(evaluated).toHaveLength(slugs.length - UNEVALUATED.length)
  })

  it('are of metrics with keys and codes of their own', () => {
    const keys = metrics.map(({ key }) => key)
    const codes = metrics.map(({ code }) => code)
    expect([new Set(keys).size, new Set(codes).size]).toEqual([metrics.length, metrics.length])
    const used = new Set(evaluated.flatMap(({ found }) => Object.keys(found.results)))
    expect(used).toEqual(new Set(keys))
  })

  it.each(evaluated)('fit the type of their metric in $slug', ({ found }) => {
    for (const [key, result] of Object.entries(found.results)) {
      const metric = metrics.find((it) => it.key === key)
      if (metric?.evalType === 'binary') expect(result, key).toHaveProperty('passed')
      else if (metric?.evalType === 'enum') {
        expect(metric.enumValues, key).toContain('label' in result ? result.label : undefined)
      } else {
        const score = 'score' in result ? result.score : Number.NaN
        expect(score, key).toBeGreaterThanOrEqual(0)
        if (metric?.evalType === 'rating') expect(score, key).toBeLessThanOrEqual(5)
      }
    }
  })

  it.each(evaluated)('have the latency of the transcript in $slug, if it has times', (call) => {
    const gaps = responseGaps(call.segments).map(lengthSeconds)
    const latency = call.found.results.latency
    if (gaps.length === 0) {
      expect(latency).toBeUndefined()
      return
    }
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length
    expect(latency).toMatchObject({ score: Math.round(mean * 1000) })
    const [, count, longest] =
      /^Mean of (\d+) replies.*? (\d+\.\d) s/.exec(latency?.explanation ?? '') ?? []
    expect(Number(count)).toBe(gaps.length)
    // One decimal: at most half of the last digit off.
    expect(Math.abs(Number(longest) - Math.max(...gaps))).toBeLessThanOrEqual(0.0501)
  })

  it.each(evaluated)('say of tools what the transcript of $slug says', ({ found, segments }) => {
    const hasTools = segments.some(({ kind }) => kind === 'tool-call')
    const hasError = segments.some((it) => it.kind === 'tool-result' && it.isError === true)
    const result = found.results['tool-call-success']
    if (hasTools) expect(result).toMatchObject({ passed: !hasError })
    else expect(result).toBeUndefined()
  })

  it.each(evaluated)(
    'name only moments of $slug at which something begins',
    ({ found, segments }) => {
      const starts = new Set(segments.flatMap((it) => it.startSeconds ?? []).map(Math.floor))
      const texts = Object.values(found.results).map(({ explanation }) => explanation)
      const named = [...texts, found.review?.feedback ?? ''].flatMap(momentsIn)
      for (const { clock, seconds } of named) expect(starts.has(seconds), clock).toBe(true)
      if (starts.size > 0) expect(named.length).toBeGreaterThan(0)
    },
  )

  it.each(evaluated)('rate the satisfaction in $slug by its sentiment', ({ found }) => {
    const { sentiment, csat } = found.results
    const isNegative =
      sentiment !== undefined && 'label' in sentiment && sentiment.label === 'negative'
    // Half of 1 or 5 for the sentiment and half of 1, 3 or 5 for cooperation.
    const possible = isNegative ? [1, 2, 3] : [3, 4, 5]
    expect(possible).toContain(csat !== undefined && 'score' in csat ? csat.score : undefined)
  })

  it('hold successes, failures, and reviews of the past, one of which disagrees', () => {
    const outcomes = evaluated.map(({ found }) => decideDemoSuccess(metrics, found))
    expect(new Set(outcomes)).toEqual(new Set([true, false]))
    const reviews = evaluated.flatMap(({ story, found }) => {
      const { review } = found
      return review ? [{ story, review, judged: decideDemoSuccess(metrics, found) }] : []
    })
    expect(reviews.length).toBeGreaterThanOrEqual(3)
    for (const { story, review } of reviews) {
      expect(review.minutesLater).toBeLessThan(story.startedAgoMinutes)
    }
    expect(reviews.filter(({ review, judged }) => review.success !== judged)).toHaveLength(1)
  })
})

describe('decideDemoSuccess', () => {
  const passed = { passed: true, explanation: 'x' }
  const failed = { passed: false, explanation: 'x' }

  it('asks the deciding metrics that have a result, and all of them', () => {
    const outcomeOf = (results: DemoResults['results']) => decideDemoSuccess(metrics, { results })
    expect(outcomeOf({ hallucination: passed, relevancy: failed })).toBe(true)
    expect(outcomeOf({ hallucination: passed, 'instruction-follow': failed })).toBe(false)
    expect(outcomeOf({ relevancy: passed, csat: { score: 5, explanation: 'x' } })).toBeNull()
  })
})

/** Clock times such as 00:28, in parentheses or in running text. */
function momentsIn(text: string): { clock: string; seconds: number }[] {
  return [...text.matchAll(/\b(\d\d):(\d\d)\b/g)].map(([clock, minutes, seconds]) => ({
    clock,
    seconds: Number(minutes) * 60 + Number(seconds),
  }))
}

async function resultsOf(slug: string): Promise<DemoResults> {
  const found = await readDemoResults(slug)
  if (found === null) throw new Error(`verdicts/${slug}.json is missing`)
  return found
}

function segmentsOf({ agentKey, body }: z.infer<typeof Story>): Segment[] {
  const parsed = parseTranscript({
    transcriptType: body.transcript_type,
    transcriptJson: body.transcript_json,
    context: {
      agentIsInbound: inbound.get(agentKey) ?? null,
      mainAgentChannelIndex: body.main_agent_channel_index ?? null,
      callDurationSeconds: null,
    },
  })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues))
  return parsed.segments
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(join(import.meta.dirname, path), 'utf8'))
}
