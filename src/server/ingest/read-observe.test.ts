import { describe, expect, it } from 'vitest'
import type { Project } from '#contract/project.ts'
import { WireObserve } from '#contract/wire/observe.ts'
import type { AgentIdentity } from '../store/agents.ts'
import type { IncomingCall } from './incoming-call.ts'
import { type ObserveInput, readObserve } from './read-observe.ts'

const AGENT: AgentIdentity = {
  id: 2,
  projectId: 1,
  name: 'Front desk',
  isInbound: null,
  webhookSecret: null,
}

const PROJECT: Project = {
  id: 1,
  name: 'P',
  duplicatePolicy: 'update',
  acceptsMetadataOnly: false,
  sampleRate: 1,
  responseBudgetSeconds: 1.5,
}

const SPOKEN = [{ role: 'Main Agent', content: 'Hi.', start_time: 0, end_time: 1 }]

const UPLOAD = {
  file: { storageKey: 'ab/cd', sizeBytes: 1, sha256: 'f'.repeat(64) },
  fileName: 'x.wav',
}

function read(fields: Record<string, unknown>, more: Partial<ObserveInput> = {}) {
  const body = WireObserve.parse({ call_id: 'c', agent: 2, ...fields })
  const input = {
    upload: null,
    agent: AGENT,
    project: PROJECT,
    source: 'observe',
    rawBody: '{}',
  } as const
  return readObserve({ ...input, ...more, body })
}

function accepted(...input: Parameters<typeof read>): IncomingCall {
  const result = read(...input)
  if (!result.ok) throw new Error(JSON.stringify(result.problem))
  return result.call
}

function problemOf(...input: Parameters<typeof read>): unknown {
  const result = read(...input)
  return result.ok ? null : result.problem
}

describe('readObserve', () => {
  it('puts the call under its agent and project, with the body as it came', () => {
    expect(accepted({ transcript_json: SPOKEN }, { rawBody: '{"raw":1}' })).toMatchObject({
      projectId: 1,
      agent: { id: 2, name: 'Front desk' },
      callId: 'c',
      source: 'observe',
      body: '{"raw":1}',
      isDemo: false,
    })
  })

  it('leaves undefined what the payload does not say, so that an update keeps it', () => {
    const { details } = accepted({ transcript_json: SPOKEN })
    expect(Object.values(details).every((value) => value === undefined)).toBe(true)
  })

  it('prefers a file to an address', () => {
    const url = 'https://example.com/x.wav'
    expect(accepted({ voice_recording_url: url }, { upload: UPLOAD }).recording).toEqual({
      kind: 'file',
      ...UPLOAD,
    })
    expect(accepted({ voice_recording_url: url }).recording).toEqual({ kind: 'url', url })
    expect(accepted({ transcript_json: SPOKEN }).recording).toEqual({ kind: 'absent' })
  })

  it.each([undefined, null, '', '  ', [], '[]', ' [] '])(
    'waits for a transcription where audio comes with the transcript %j',
    (transcript_json) => {
      const call = accepted({ transcript_json }, { upload: UPLOAD })
      expect(call.transcript).toEqual({ kind: 'needs-transcription' })
    },
  )

  it('refuses an empty transcript without audio', () => {
    expect(problemOf({ transcript_json: [] })).toMatchObject({
      transcript_json: [expect.any(String)],
    })
    expect(problemOf({ transcript_json: null })).toMatchObject({
      non_field_errors: [expect.any(String)],
    })
  })

  it('takes metadata alone only where the project does', () => {
    expect(problemOf({ metadata: { a: 1 } })).toMatchObject({
      non_field_errors: [expect.any(String)],
    })
    const project = { ...PROJECT, acceptsMetadataOnly: true }
    expect(accepted({ metadata: { a: 1 } }, { project }).transcript).toEqual({ kind: 'absent' })
    expect(problemOf({ transcript_type: 'none-mono' }, { project })).toMatchObject({
      voice_recording: [expect.any(String)],
    })
  })

  it.each([
    [{ defer_evaluation: true }, true],
    [{ defer_evaluation: false, metadata: { defer_evaluation: true } }, false],
    [{ metadata: { defer_evaluation: true } }, true],
    [{ metadata: { defer_evaluation: 'true' } }, false],
    [{}, false],
  ])('reads of %j that the evaluation is deferred: %j', (fields, expected) => {
    expect(accepted({ transcript_json: SPOKEN, ...fields }).defersEvaluation).toBe(expected)
  })

  it('lets the direction of the agent decide who speaks first where a format does not say', () => {
    const transcript_json = [
      { word: 'Hello?', speaker: 0, start: 0, end: 1 },
      { word: 'Hi.', speaker: 1, start: 1, end: 2 },
    ]
    const speakers = (isInbound: boolean) => {
      const agent = { ...AGENT, isInbound }
      const { transcript } = accepted({ transcript_type: 'deepgram', transcript_json }, { agent })
      if (transcript.kind !== 'parsed') return transcript.kind
      return transcript.segments.map((segment) => segment.kind === 'speech' && segment.speaker)
    }
    // An agent that is called answers first; one that calls hears the other side first.
    expect(speakers(true)).toEqual(['agent', 'caller'])
    expect(speakers(false)).toEqual(['caller', 'agent'])
  })

  it('refuses redaction before anything else', () => {
    expect(problemOf({ redact_fields: ['ssn', 'age'], transcript_json: [] })).toEqual({
      redact_fields: [expect.stringContaining('Redact ssn, age before sending')],
    })
    expect(problemOf({ redact_fields: [], transcript_json: SPOKEN })).toBeNull()
  })
})
