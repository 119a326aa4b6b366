import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type Segment, TranscriptType } from '#contract/transcript.ts'
import { parseTranscript } from '#server/ingest/formats/parse-transcript.ts'
import { PREDEFINED_METRICS } from '../catalogue/predefined-metrics.ts'
import { type DemoResults, RECORDED_METRICS, readDemoResults } from './demo-results.ts'

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

const metrics = Object.entries(RECORDED_METRICS).map(([key, code]) => ({
  key,
  content: PREDEFINED_METRICS.find((it) => it.code === code)?.content,
}))
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

  it('are of metrics of the catalogue, all of which have some', () => {
    for (const { key, content } of metrics) expect(content, key).toBeDefined()
    const used = new Set(evaluated.flatMap(({ found }) => Object.keys(found.results)))
    expect(used).toEqual(new Set(metrics.map(({ key }) => key)))
  })

  it.each(evaluated)('fit the type of their metric in $slug', ({ found }) => {
    for (const [key, result] of Object.entries(found.results)) {
      const content = metrics.find((it) => it.key === key)?.content
      if (content?.evalType === 'binary') expect(result, key).toHaveProperty('passed')
      else if (content?.evalType === 'enum') {
        expect(content.enumValues, key).toContain('label' in result ? result.label : undefined)
      } else {
        const score = 'score' in result ? result.score : Number.NaN
        expect(score, key).toBeGreaterThanOrEqual(content?.range?.min ?? Number.NaN)
        expect(score, key).toBeLessThanOrEqual(content?.range?.max ?? Number.NaN)
      }
    }
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
    // Half of 1 or 5 for the sentiment and half of 1, 3 or 5 for cooperation, times 20.
    const possible = isNegative ? [20, 40, 60] : [60, 80, 100]
    expect(possible).toContain(csat !== undefined && 'score' in csat ? csat.score : undefined)
  })

  it('hold reviews of the past', () => {
    const reviewed = evaluated.filter(({ found }) => found.review !== undefined)
    expect(reviewed.length).toBeGreaterThanOrEqual(3)
    for (const { story, found } of reviewed) {
      expect(found.review?.minutesLater).toBeLessThan(story.startedAgoMinutes)
    }
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
