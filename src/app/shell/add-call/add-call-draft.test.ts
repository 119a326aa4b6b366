import { describe, expect, it } from 'vitest'
import { emptyDraft, suggestCallId, toObserveFields } from './add-call-draft.ts'

const now = new Date('2026-01-02T03:04:05.678Z')
const draft = { ...emptyDraft(now), agent: 7 }

describe('suggestCallId', () => {
  it('is made of the time in UTC', () => {
    expect(suggestCallId(now)).toBe('manual-20260102-030405')
  })
})

describe('toObserveFields', () => {
  it('leaves out what is blank, so that the server detects and decides', () => {
    expect(toObserveFields(draft)).toEqual({
      ok: true,
      fields: { call_id: 'manual-20260102-030405' },
    })
  })

  it('sends the chosen format, the time in UTC and a transcript as JSON', () => {
    const result = toObserveFields({
      ...draft,
      transcript: 'Agent: Hello',
      transcriptType: 'cekura',
      startedAt: '2026-01-02T03:04',
      metadata: ' {"region": "EU"} ',
    })
    expect(result).toMatchObject({
      fields: {
        transcript_json: '[{"role":"Main Agent","content":"Hello"}]',
        transcript_type: 'cekura',
        timestamp: new Date('2026-01-02T03:04').toISOString(),
        metadata: '{"region": "EU"}',
      },
    })
  })

  it('names every field that cannot be sent as it is', () => {
    const result = toObserveFields({
      ...draft,
      agent: null,
      transcript: '[1,',
      metadata: '["no object"]',
    })
    expect(result).toMatchObject({ ok: false })
    expect(result.ok ? [] : Object.keys(result.errors).sort()).toEqual([
      'agent',
      'metadata',
      'transcript',
    ])
  })

  it('wants a name for a new agent', () => {
    expect(toObserveFields({ ...draft, agent: 'new', newAgentName: ' ' })).toMatchObject({
      errors: { newAgent: expect.any(String) },
    })
  })

  it('sends a blank call id, for the server to refuse in its own words', () => {
    expect(toObserveFields({ ...draft, callId: ' ' })).toEqual({
      ok: true,
      fields: { call_id: '' },
    })
  })
})
