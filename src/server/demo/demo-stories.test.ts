import { readdirSync, readFileSync, statSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { TranscriptType } from '#contract/transcript.ts'
import { parseTranscript } from '#server/ingest/formats/parse-transcript.ts'

const DemoAgent = z.strictObject({
  key: z.string(),
  name: z.string(),
  assistant_id: z.string(),
  provider: z.string(),
  description: z.string(),
  language: z.string(),
  inbound: z.boolean(),
})

const DemoStory = z.strictObject({
  agentKey: z.string(),
  startedAgoMinutes: z.int().positive(),
  recording: z.string().nullable(),
  body: z.strictObject({
    call_id: z.string().max(100),
    assistant_id: z.string(),
    transcript_type: TranscriptType,
    transcript_json: z.unknown(),
    call_ended_reason: z.string().max(100),
    // Numbers 555-0100 to 555-0199 belong to nobody.
    customer_number: z
      .string()
      .regex(/^\+1\d{3}55501\d\d$/)
      .optional(),
    main_agent_channel_index: z.literal(1).optional(),
    metadata: z.record(z.string(), z.unknown()),
    dynamic_variables: z.record(z.string(), z.unknown()),
  }),
})
type DemoStory = z.infer<typeof DemoStory>

const FOLDER = new URL('./', import.meta.url)
const AUDIO_LIMIT_BYTES = 5_000_000

const agents = z.array(DemoAgent).parse(readJson('agents.json'))
const stories = readdirSync(new URL('stories', FOLDER))
  .sort()
  .map((name) => ({ name, story: DemoStory.parse(readJson(`stories/${name}`)) }))

describe('the demo stories', () => {
  it('cover at least 12 stories in at least 8 transcript formats', () => {
    expect(stories.length).toBeGreaterThanOrEqual(12)
    const formats = new Set(stories.map(({ story }) => story.body.transcript_type))
    expect(formats.size).toBeGreaterThanOrEqual(8)
  })

  it('have call ids of their own', () => {
    const ids = stories.map(({ story }) => story.body.call_id)
    expect(ids).toEqual([...new Set(ids)])
  })

  it('belong to the agents of agents.json, and every agent has a story', () => {
    const assistantIds = new Map(agents.map((agent) => [agent.key, agent.assistant_id]))
    for (const { name, story } of stories) {
      expect(story.body.assistant_id, name).toBe(assistantIds.get(story.agentKey))
    }
    expect(new Set(stories.map(({ story }) => story.agentKey))).toEqual(
      new Set(assistantIds.keys()),
    )
  })

  it('use every committed recording once, and all of them together stay under 5 MB', () => {
    const used = stories.flatMap(({ story }) => story.recording ?? []).sort()
    const committed = readdirSync(new URL('audio', FOLDER)).map((name) => `audio/${name}`)
    expect(used).toEqual(committed.sort())
    const bytes = committed.reduce((sum, path) => sum + statSync(new URL(path, FOLDER)).size, 0)
    expect(bytes).toBeLessThan(AUDIO_LIMIT_BYTES)
  })

  it.each(stories)('$name is read by its adapter without a warning', ({ story }) => {
    const parsed = parseStory(story)
    expect(parsed.warnings).toEqual([])
    const speakers = parsed.segments.flatMap((s) => (s.kind === 'speech' ? s.speaker : []))
    expect(new Set(speakers)).toEqual(new Set(['agent', 'caller']))
    for (const segment of parsed.segments) {
      if (segment.kind === 'tool-call')
        expect(JSON.parse(segment.argumentsText)).toBeTypeOf('object')
      if (segment.kind === 'tool-result')
        expect(JSON.parse(segment.resultText)).toBeTypeOf('object')
    }
  })

  it('are heard in the µ-law recording where the transcript has them', () => {
    const story = stories.find(({ story }) => story.recording?.endsWith('.wav'))?.story
    if (!story?.recording) throw new Error('no story has a WAV recording')
    const levels = agentLevels(readFileSync(new URL(story.recording, FOLDER)))
    const agentStarts = parseStory(story).segments.flatMap((segment) =>
      segment.kind === 'speech' && segment.speaker === 'agent' ? (segment.startSeconds ?? []) : [],
    )
    expect(agentStarts.length).toBeGreaterThan(1)
    for (const start of agentStarts) {
      const from = Math.max(0, Math.round((start - 0.3) * LEVELS_PER_SECOND))
      const onset = levels.findIndex((level, index) => index >= from && level > HEARD_LEVEL)
      expect(
        Math.abs(onset / LEVELS_PER_SECOND - start),
        `agent at ${start} s`,
      ).toBeLessThanOrEqual(0.06)
    }
  })
})

const LEVELS_PER_SECOND = 100
const SAMPLES_PER_LEVEL = 8000 / LEVELS_PER_SECOND
// -42 dBFS: 21 dB under the level of speech and 30 dB over the noise of the agent's channel.
const HEARD_LEVEL = 10 ** (-42 / 20)

/** RMS of each 10 ms of the right channel of an 8 kHz stereo µ-law WAV file. */
function agentLevels(wav: Buffer): number[] {
  const data = wav.indexOf('data')
  const samples = wav.subarray(data + 8)
  const levels: number[] = []
  for (let frame = 0; (frame + 1) * SAMPLES_PER_LEVEL * 2 <= samples.length; frame++) {
    let sum = 0
    for (let index = 0; index < SAMPLES_PER_LEVEL; index++) {
      sum += mulawSample(samples[(frame * SAMPLES_PER_LEVEL + index) * 2 + 1] ?? 0xff) ** 2
    }
    levels.push(Math.sqrt(sum / SAMPLES_PER_LEVEL))
  }
  return levels
}

/** Linear, -1 to 1. Source: ITU-T G.711, µ-law expansion on a 14 bit scale. */
function mulawSample(code: number): number {
  const inverted = ~code & 0xff
  const exponent = (inverted >> 4) & 7
  const magnitude = ((((inverted & 15) << 1) + 33) << exponent) - 33
  return (inverted & 0x80 ? -magnitude : magnitude) / 8192
}

function parseStory({ agentKey, body }: DemoStory) {
  const parsed = parseTranscript({
    transcriptType: body.transcript_type,
    transcriptJson: body.transcript_json,
    context: {
      agentIsInbound: agents.find((agent) => agent.key === agentKey)?.inbound ?? null,
      mainAgentChannelIndex: body.main_agent_channel_index ?? null,
      callDurationSeconds: null,
    },
  })
  if (!parsed.ok) throw new Error(`${body.call_id}: ${JSON.stringify(parsed.issues)}`)
  return parsed
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(new URL(path, FOLDER), 'utf8'))
}
