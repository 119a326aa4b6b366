import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { TranscriptType } from '#contract/transcript.ts'
import { loadSample, NO_CONTEXT, outline, parseAccepted } from '#testing/load-sample.ts'
import { describeIssue, parseTranscript } from './parse-transcript.ts'

const SAMPLES = readdirSync(new URL('./samples', import.meta.url))
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.slice(0, -'.json'.length))

function issuesOf(transcriptType: TranscriptType | null, transcriptJson: unknown): string[] {
  const parsed = parseTranscript({ transcriptType, transcriptJson, context: NO_CONTEXT })
  return parsed.ok ? [] : parsed.issues.map(describeIssue)
}

describe('parseTranscript', () => {
  it.each(SAMPLES.filter((name) => name !== 'deepgram-voice-agent-events'))(
    'tells the format of %s by its keys',
    (name) => {
      const named = TranscriptType.parse(name.split('-')[0])
      const detected = parseAccepted(null, loadSample(name))
      expect(detected.detectedType).toBe(named)
      expect(detected).toEqual(parseAccepted(named, loadSample(name)))
    },
  )

  it('takes one role of its own as enough to read everything as cekura', () => {
    const entries = [
      { role: 'user', content: 'Hi.', timestamp: 0 },
      { role: 'Main Agent', content: 'Hello.', start_time: 2, end_time: 3 },
    ]
    expect(parseAccepted(null, entries).detectedType).toBe('cekura')
  })

  it('says vocera where vocera was sent', () => {
    expect(parseAccepted('vocera', loadSample('cekura-booking')).detectedType).toBe('vocera')
  })

  it('reads the list from the object that usually contains it', () => {
    const list = loadSample('cekura-booking')
    const expected = parseAccepted('cekura', list)
    for (const key of [
      'transcript_json',
      'transcript_object',
      'transcript',
      'transcripts',
      'messages',
    ]) {
      expect(parseAccepted('cekura', { [key]: list })).toEqual(expected)
    }
    const context = loadSample('pipecat-context')
    expect(parseAccepted(null, { messages: context })).toEqual(parseAccepted('pipecat', context))
  })

  it('reads JSON text that an editor gave a byte order mark', () => {
    const text = `\uFEFF${JSON.stringify(loadSample('pipecat-timed'))}`
    expect(parseAccepted('pipecat', text).segments).toHaveLength(5)
  })

  it('names the entry, the roles and what came for a role that cekura does not have', () => {
    const entries = [
      { role: 'Main Agent', content: 'Hi.' },
      { role: 'user', content: 'Hi.' },
    ]
    for (const role of ['agent', 'bot', 'main agent', 'system', 'constructor']) {
      const [issue] = issuesOf('cekura', [...entries, { role, content: 'Hello?' }])
      expect(issue).toBe(
        `entry 3: role must be Main Agent, Testing Agent, Function Call, Function Call Result, assistant or user, got "${role}"`,
      )
    }
    expect(issuesOf('cekura', [...entries, { content: 'Hello?' }])[0]).toContain('got nothing')
    expect(issuesOf('cekura', [...entries, null])).toEqual(['entry 3: must be an object, got null'])
  })

  it('suggests the format that the entries look like', () => {
    expect(issuesOf('cekura', loadSample('vapi-messages')).at(-1)).toBe(
      'the entries look like transcript_type "vapi"',
    )
    expect(issuesOf('deepgram', loadSample('elevenlabs-transcript')).at(-1)).toBe(
      'the entries look like transcript_type "elevenlabs"',
    )
  })

  it('counts the problems it does not list', () => {
    const entries = Array.from({ length: 25 }, () => ({ role: 'nobody', content: 'x' }))
    const issues = issuesOf('cekura', entries)
    expect(issues).toHaveLength(11)
    expect(issues[10]).toBe('and 15 more entries with such problems') // 25 - 10
  })

  it('refuses a transcript in which nobody speaks, naming what was expected and the first entry', () => {
    expect(issuesOf('vapi', [{ role: 'system', message: 'Be kind.' }])).toEqual([
      'entry 1: nothing is spoken in this vapi transcript: an utterance needs role "user" or "bot" with text in "message"; got role "system" in an object with role, message',
    ])
    for (const type of TranscriptType.options) {
      expect(issuesOf(type, []).length).toBeGreaterThan(0)
      expect(
        issuesOf(type, [{ role: 'user', user: 'user', content: ' ', message: null }]).length,
      ).toBeGreaterThan(0)
    }
  })

  it('refuses socket events of the voice agent, which have no words', () => {
    expect(issuesOf('deepgram', loadSample('deepgram-voice-agent-events'))[0]).toContain(
      'got type "Welcome"',
    )
    expect(issuesOf(null, loadSample('deepgram-voice-agent-events'))[0]).toContain(
      'entry 1: role must be',
    )
  })

  it('refuses what is no list and contains none, saying where it looked', () => {
    expect(issuesOf('bland', { rows: [] })).toEqual([
      'expected a list of bland entries, or an object with it at one of transcripts, call.transcripts; got an object with rows',
    ])
    for (const value of [null, undefined, 7, true, {}])
      expect(issuesOf('cekura', value)).toHaveLength(1)
    expect(issuesOf('cekura', 'Agent: hello')).toEqual([
      'is not valid JSON: expected a list or an object, got "Agent: hello"',
    ])
  })

  it('refuses a transcript for audio alone', () => {
    expect(issuesOf('none-mono', loadSample('pipecat-timed'))[0]).toContain('audio alone')
  })

  it('ignores what a provider adds, and counts it', () => {
    const added = [{ role: 'hologram', content: 'x' }, { role: 'hologram' }, 'note']
    const { segments, warnings } = parseAccepted('pipecat', [
      ...added,
      { role: 'user', content: 'Hi.' },
    ])
    expect(segments).toHaveLength(1)
    expect(warnings).toEqual([
      'ignored 2 of unknown kind, first is entry 1: role "hologram"',
      'ignored 1 of unknown kind, first is entry 3: "note"',
    ])
  })

  it('gives a result without an id to the oldest call of its name, and a name to a result without one', () => {
    const call = (name: string, id?: string) => ({
      role: 'tool_call',
      data: { id, name, arguments: '' },
    })
    const result = (data: object) => ({ role: 'tool_call_result', data })
    const { segments } = parseAccepted('pipecat', [
      { role: 'user', content: 'Go.' },
      call('b', 'call-1'),
      call('a'),
      call('a'),
      result({ name: 'a', result: 1 }),
      result({ result: 2 }),
      result({ id: 'call-1', result: 3 }),
      result({ id: 'lost', result: 4 }),
    ])
    // `call-1` is taken by the sender; the call of id `call-1` has a result of its own further down.
    expect(outline(segments).slice(1)).toEqual([
      'call null b() call-1',
      'call null a() call-2',
      'call null a() call-3',
      'result null a: 1 call-2',
      'result null a: 2 call-3',
      'result null b: 3 call-1',
      'result null : 4 lost',
    ])
  })

  it('takes the length of the call from the record before that of the payload', () => {
    const entries = {
      data: {
        transcript: [{ role: 'agent', message: 'one two three four', time_in_call_secs: 4 }],
        metadata: { call_duration_secs: 5 },
      },
    }
    // 4 + 4 × 0.35 + 0.3 = 5.7, so both lengths cut it.
    expect(parseAccepted('elevenlabs', entries).segments[0]?.endSeconds).toBe(5)
    const known = parseAccepted('elevenlabs', entries, { callDurationSeconds: 5.5 })
    expect(known.segments[0]?.endSeconds).toBe(5.5)
  })
})

describe('the order of entries', () => {
  const speech = (start: number) => ({
    role: 'Main Agent',
    content: `At ${start}.`,
    start_time: start,
    end_time: start + 1,
  })
  const warningsOf = (starts: number[]) => {
    const context = {
      agentIsInbound: null,
      mainAgentChannelIndex: null,
      callDurationSeconds: null,
    }
    const transcriptJson = starts.map(speech)
    const parsed = parseTranscript({ transcriptType: 'cekura', transcriptJson, context })
    return parsed.ok ? parsed.warnings : parsed.issues
  }

  it('is the sender’s, and a warning says where it is not that of the times', () => {
    expect(warningsOf([5, 1, 9])).toEqual([
      'entries are not in the order of their times; they are kept in the order they came in',
    ])
  })

  it('may step back by a moment, as overlapping speakers do', () => {
    // 104.7 to 104.5: real, in a sentence that the caller interrupts.
    expect(warningsOf([102.3, 104.7, 104.5, 105.1])).toEqual([])
  })
})
