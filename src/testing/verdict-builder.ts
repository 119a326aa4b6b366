import type { Evidence, Verdict } from '#contract/metric-result.ts'

/** A stored "yes" of the judge by the metric `Politeness`, unless told otherwise. */
export function aVerdict(fields: Partial<Verdict> = {}): Verdict {
  return {
    id: 1,
    metricId: 1,
    code: 'politeness',
    name: 'Politeness',
    evalType: 'binary',
    unit: '',
    maxScore: null,
    state: 'scored',
    skipReason: null,
    source: 'judge',
    score: 5,
    valueText: null,
    passed: true,
    explanation: '',
    confidence: null,
    metricVersion: 1,
    runId: null,
    basis: null,
    evidence: [],
    extra: {},
    model: 'test-model',
    inputTokens: null,
    outputTokens: null,
    costUsd: null,
    durationMs: null,
    createdAt: '2026-01-01T00:00:00.000Z',
    ...fields,
  }
}

/** A quote found in the first segment, at second 1, unless told otherwise. */
export function anEvidence(fields: Partial<Evidence> = {}): Evidence {
  return {
    segmentIndex: 0,
    quote: 'hello',
    startSeconds: 1,
    endSeconds: 2,
    isFound: true,
    note: '',
    ...fields,
  }
}
