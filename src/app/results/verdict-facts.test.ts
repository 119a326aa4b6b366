import { describe, expect, it } from 'vitest'
import { aVerdict } from '#testing/verdict-builder.ts'
import { costText, sourceText, verdictFacts } from './verdict-facts.ts'

describe('verdictFacts', () => {
  it('tells what a judge’s answer took', () => {
    const verdict = aVerdict({
      createdAt: null,
      runId: 12,
      confidence: 80,
      costUsd: 0.00034,
      inputTokens: 1204,
      outputTokens: 96,
      durationMs: 1250,
    })
    expect(verdictFacts(verdict, { isScript: false })).toEqual([
      { name: 'Source', value: 'Judge: test-model' },
      { name: 'Version', value: '1' },
      { name: 'Confidence', value: '80 %' },
      { name: 'Cost', value: '$0.00034' },
      { name: 'Tokens', value: '1,204 in, 96 out' },
      { name: 'Took', value: '1.3 s' },
      { name: 'Rerun', value: '#12' },
    ])
  })

  it('leaves out what is not known', () => {
    const verdict = aVerdict({ source: 'recorded', metricVersion: null, createdAt: null })
    expect(verdictFacts(verdict, { isScript: false })).toEqual([
      { name: 'Source', value: 'Recorded with the call' },
    ])
  })
})

describe('sourceText', () => {
  it('says which times a measure rests on', () => {
    const measured = { source: 'measured', model: null } as const
    const words = (basis: 'audio' | 'transcript' | null, isScript = false) =>
      sourceText({ ...measured, basis }, { isScript })
    expect(words('audio')).toBe('Sound of the recording')
    expect(words('transcript')).toBe('Times of the transcript')
    expect(words(null)).toBe('Transcript')
    expect(words(null, true)).toBe('Script')
  })
})

describe('costText', () => {
  it('shows cents from a cent on, and two digits that count below', () => {
    expect(costText(1.2)).toBe('$1.20')
    expect(costText(0.00123)).toBe('$0.0012')
    expect(costText(0)).toBe('$0.00')
  })
})
