import { readdirSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Segment, TranscriptType } from '#contract/transcript.ts'
import { loadSample, NO_CONTEXT } from '#testing/load-sample.ts'
import { damageJson, damages } from '#testing/mutate-json.ts'
import { type ParsedTranscript, parseTranscript } from './parse-transcript.ts'

const SAMPLES = readdirSync(new URL('./samples', import.meta.url))
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.slice(0, -'.json'.length))

function typeOf(sample: string): TranscriptType {
  return TranscriptType.parse(sample.split('-')[0])
}

function parse(transcriptType: TranscriptType | null, transcriptJson: unknown): ParsedTranscript {
  const context = { ...NO_CONTEXT, callDurationSeconds: 60 }
  return parseTranscript({ transcriptType, transcriptJson, context })
}

function expectSound(parsed: ParsedTranscript): void {
  if (!parsed.ok) {
    expect(parsed.issues.length).toBeGreaterThan(0)
    return
  }
  expect(parsed.segments.some((segment) => segment.kind === 'speech')).toBe(true)
  for (const segment of parsed.segments) expectSoundTimes(segment)
}

function expectSoundTimes(segment: Segment): void {
  const { startSeconds: start, endSeconds: end, timing } = segment
  expect(start === null).toBe(timing === 'none')
  expect(end === null).toBe(timing === 'none')
  if (start !== null && end !== null) expectSpan(start, end)
  if (segment.kind !== 'speech') return
  expect(segment.text.trim()).not.toBe('')
  for (const word of segment.words ?? []) expectSpan(word.startSeconds, word.endSeconds)
}

function expectSpan(start: number, end: number): void {
  expect(Number.isFinite(start) && Number.isFinite(end)).toBe(true)
  expect(end).toBeGreaterThanOrEqual(start)
}

describe('parseTranscript on damaged payloads', () => {
  it.each(SAMPLES)('never throws and keeps ends behind starts: %s', (name) => {
    const sample = loadSample(name)
    fc.assert(
      fc.property(damages, (list) => {
        const damaged = damageJson(sample, list)
        expectSound(parse(typeOf(name), damaged))
        expectSound(parse(null, damaged))
      }),
      { numRuns: 60 },
    )
  })

  it('never throws for any JSON under any type', () => {
    const types = fc.constantFrom(null, ...TranscriptType.options)
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), types, (value, type) => {
        expectSound(parse(type, value))
        expectSound(parse(type, JSON.stringify(value)))
      }),
      { numRuns: 500 },
    )
  })

  it('never throws for text that is not JSON', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => expectSound(parse(null, text))),
      { numRuns: 300 },
    )
  })

  it('reads JSON text as the value it stands for', () => {
    for (const name of SAMPLES) {
      const sample = loadSample(name)
      const expected = parse(typeOf(name), sample)
      expect(parse(typeOf(name), JSON.stringify(sample))).toEqual(expected)
      // Some senders encode twice.
      expect(parse(typeOf(name), JSON.stringify(JSON.stringify(sample)))).toEqual(expected)
    }
  })
})

/** What a format calls a spoken entry, written down once more so that the adapters cannot vouch for themselves. */
const SPOKEN: {
  samples: string[]
  roleKey: string
  roles: string[]
  textKey: string
  isStrict?: true
}[] = [
  {
    samples: ['cekura-booking', 'cekura-custom-sender'],
    roleKey: 'role',
    roles: ['Main Agent', 'Testing Agent', 'user', 'assistant'],
    textKey: 'content',
    isStrict: true,
  },
  {
    samples: ['vapi-messages', 'vapi-functions-2024', 'vapi-plain-seconds'],
    roleKey: 'role',
    roles: ['bot', 'user', 'assistant'],
    textKey: 'message',
  },
  {
    samples: ['retell-transcript', 'retell-untimed-tools'],
    roleKey: 'role',
    roles: ['agent', 'user', 'transfer_target'],
    textKey: 'content',
  },
  {
    samples: ['elevenlabs-transcript', 'elevenlabs-minimal'],
    roleKey: 'role',
    roles: ['agent', 'user', 'assistant'],
    textKey: 'message',
  },
  {
    samples: ['livekit-timestamps'],
    roleKey: 'role',
    roles: ['assistant', 'user'],
    textKey: 'content',
  },
  {
    samples: ['pipecat-timed', 'pipecat-untimed', 'pipecat-context', 'pipecat-processor'],
    roleKey: 'role',
    roles: ['assistant', 'user'],
    textKey: 'content',
  },
]

function spokenTexts(
  entries: unknown,
  roleKey: string,
  roles: string[],
  textKey: string,
): string[] {
  return (Array.isArray(entries) ? entries : []).flatMap((entry: unknown) => {
    const item = Object(entry) as Record<string, unknown> // a damaged entry may be anything
    const [role, text] = [item[roleKey], item[textKey]]
    const isSpoken = typeof role === 'string' && roles.includes(role) && typeof text === 'string'
    // A damaged `type` or `id` rightly makes a LiveKit item something else.
    if (!isSpoken || 'type' in item || String(item.id).startsWith('lk.')) return []
    return text.trim() === '' ? [] : [text.trim()]
  })
}

/** What is left of `expected` after it was crossed off in the order of `texts`. */
function missingFrom(texts: string[], expected: string[]): string[] {
  let found = 0
  for (const text of texts) if (text === expected[found]) found++
  return expected.slice(found)
}

describe('spoken text of damaged payloads', () => {
  const cases = SPOKEN.flatMap((rule) => rule.samples.map((name) => ({ name, ...rule })))

  it.each(cases)('is all there, in order: $name', ({ name, roleKey, roles, textKey, isStrict }) => {
    const sample = loadSample(name)
    fc.assert(
      fc.property(damages, (list) => {
        const damaged = damageJson(sample, list)
        const expected = spokenTexts(damaged, roleKey, roles, textKey)
        const parsed = parse(typeOf(name), damaged)
        if (!parsed.ok) {
          // Refused as a whole and by name, or nothing was left to lose.
          expect(isStrict === true || expected.length === 0).toBe(true)
          return
        }
        const texts = parsed.segments.flatMap((s) => (s.kind === 'speech' ? [s.text] : []))
        expect(missingFrom(texts, expected)).toEqual([])
      }),
      { numRuns: 150 },
    )
  })

  it('is all there for words with speakers', () => {
    const sample = loadSample('deepgram-words')
    fc.assert(
      fc.property(damages, (list) => {
        const damaged = damageJson(sample, list)
        const expected = spokenWords(damaged)
        const parsed = parse('deepgram', damaged)
        if (!parsed.ok) {
          expect(expected.length * countTimes(damaged)).toBe(0)
          return
        }
        const text = parsed.segments.flatMap((s) => (s.kind === 'speech' ? [s.text] : [])).join(' ')
        for (const word of expected) expect(text).toContain(word)
      }),
      { numRuns: 300 },
    )
  })
})

function spokenWords(entries: unknown): string[] {
  return (Array.isArray(entries) ? entries : []).flatMap((entry: unknown) => {
    const { punctuated_word: word } = Object(entry) as Record<string, unknown>
    return typeof word === 'string' && word.trim() !== '' ? [word.trim()] : []
  })
}

function countTimes(entries: unknown): number {
  return (Array.isArray(entries) ? entries : []).filter((entry: unknown) => {
    const { start, end } = Object(entry) as Record<string, unknown>
    return Number.isFinite(start) || Number.isFinite(end)
  }).length
}
