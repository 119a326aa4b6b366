import { describe, expect, it } from 'vitest'
import type { RecordingDetail } from '../call.ts'
import type { Verdict } from '../metric-result.ts'
import {
  toCallLogDetail,
  toCallLogListItem,
  WireCallLogDetail,
  WireCallLogListItem,
} from './call-log.ts'

type Source = Parameters<typeof toCallLogListItem>[0]

function aCall(fields: Partial<Source> = {}): Source {
  return {
    id: 7,
    projectId: 1,
    callId: 'c-7',
    agentId: 2,
    agentName: 'Front desk',
    assistantId: 'asst_1',
    startedAt: '2026-03-15T10:15:45.000Z',
    isStartedAtReceipt: false,
    durationSeconds: 70.9,
    status: 'failure',
    success: false,
    isJudged: true,
    isReviewed: false,
    customerNumber: '+15550100',
    endedReason: 'hangup',
    topic: 'refund',
    tags: [],
    longestGapSeconds: null,
    interruptionCount: null,
    toolErrorCount: 0,
    transcriptState: 'ready',
    recordingState: 'none',
    errorMessage: null,
    isDemo: false,
    updatedAt: '2026-03-15T10:17:00.000Z',
    createdAt: '2026-03-15T10:16:00.000Z',
    traceId: '',
    feedback: 'Too slow',
    dropoffPoint: 'greeting',
    revision: 1,
    transcriptType: 'cekura',
    speakerRule: null,
    transcriptWarnings: [],
    segments: [
      {
        kind: 'speech',
        speaker: 'agent',
        text: 'Hi.',
        startSeconds: 0.5,
        endSeconds: 1,
        timing: 'given',
      },
    ],
    transcriptText: '[00:00] Main Agent: Hi.',
    metadata: { region: 'EU' },
    dynamicVariables: { name: 'Ada' },
    recordingUrl: null,
    recording: null,
    ...fields,
  }
}

const STEREO: RecordingDetail = {
  id: 3,
  format: 'wav',
  codec: 'pcm',
  mimeType: 'audio/wav',
  channels: 2,
  sampleRateHz: 8000,
  durationSeconds: 70.5,
  sizeBytes: 2_256_044,
  sha256: 'a'.repeat(64),
  agentChannel: 0,
  peakLevels: [1, 10, 50],
}

const NAMES = new Map([
  [35, { code: '5dedc41b', functionName: 'check_critical_deviations', wireType: '' }],
])
const UNJUDGED = { results: [], family: 'v1', names: NAMES } as const
const SILENCE = { recordingHref: '', rubric: null, speech: null } as const
const UNHEARD = { ...UNJUDGED, ...SILENCE }

const POLITE: Verdict = {
  id: 1,
  metricId: 35,
  code: '5dedc41b',
  name: 'Instruction Follow',
  evalType: 'binary',
  unit: '',
  maxScore: null,
  state: 'scored',
  skipReason: null,
  source: 'recorded',
  score: 0,
  valueText: null,
  passed: false,
  explanation: 'Skipped the greeting (00:01).',
  confidence: 80,
  metricVersion: null,
  runId: null,
  basis: null,
  evidence: [],
  extra: {},
  model: null,
  inputTokens: null,
  outputTokens: null,
  costUsd: null,
  durationMs: null,
  createdAt: null,
}

describe('a call in the list shape', () => {
  it('has every value under its wire name', () => {
    expect(toCallLogListItem(aCall(), UNJUDGED)).toEqual({
      id: 7,
      call_id: 'c-7',
      trace_id: '',
      // 70.9 s are one minute and ten whole seconds.
      duration: '01:10',
      success: false,
      is_reviewed: false,
      status: 'failure',
      feedback: 'Too slow',
      metrics: [],
      call_ended_reason: 'hangup',
      customer_number: '+15550100',
      agent: 2,
      agent_name: 'Front desk',
      timestamp: '2026-03-15T10:15:45.000Z',
      error_message: null,
      dropoff_point: 'greeting',
      topic: 'refund',
      created_at: '2026-03-15T10:16:00.000Z',
      updated_at: '2026-03-15T10:17:00.000Z',
      transcript: '[00:00] Main Agent: Hi.',
      transcript_object: [
        {
          role: 'Main Agent',
          content: 'Hi.',
          time: '00:00',
          start_time: 0.5,
          end_time: 1,
          timestamp: 0.5,
        },
      ],
      evaluation: { metrics: [] },
      critical_categories: [],
    })
  })

  it('has a duration also where none is known', () => {
    expect(toCallLogListItem(aCall({ durationSeconds: null }), UNJUDGED)).toMatchObject({
      duration: '00:00',
    })
  })

  it('fits its own schema', () => {
    expect(WireCallLogListItem.parse(toCallLogListItem(aCall(), UNJUDGED))).toEqual(
      toCallLogListItem(aCall(), UNJUDGED),
    )
  })
})

describe('the results of a call', () => {
  const evaluated = { results: [POLITE], family: 'v1', names: NAMES } as const

  it('come in short beside the call and in full in its evaluation', () => {
    const item = toCallLogListItem(aCall(), evaluated)
    expect(item.metrics).toEqual([
      {
        id: 35,
        name: 'Instruction Follow',
        type: 'binary_workflow_adherence',
        score: 0,
        enum: null,
        value: 'false',
      },
    ])
    expect(item.evaluation.metrics).toEqual([
      {
        ...item.metrics[0],
        explanation: ['Skipped the greeting (00:01).'],
        extra: {},
        function_name: 'check_critical_deviations',
        vocera_defined_metric_code: '5dedc41b',
        eval_type: 'binary',
        passed: false,
        // 0 of 5.
        score_normalized: 0,
        confidence: 80,
        state: 'scored',
        skip_reason: null,
      },
    ])
    expect(WireCallLogListItem.parse(item)).toEqual(item)
    const detail = toCallLogDetail(aCall(), { ...evaluated, ...SILENCE })
    expect(detail).toMatchObject({ metrics: item.metrics, evaluation: item.evaluation })
  })

  it.each([
    // 4 of 5 is 0.8.
    [{ evalType: 'rating', score: 4, passed: null }, 'continuous_qualitative', 4, null, '4', 0.8],
    [{ evalType: 'numeric', score: 1018, passed: null }, 'numeric', 1018, null, '1018', null],
    [{ evalType: 'binary', score: 5, passed: true }, 'binary', 5, null, 'true', 1],
    [
      { evalType: 'enum', score: 1, valueText: 'neutral', passed: null },
      'enum',
      null,
      'neutral',
      'neutral',
      null,
    ],
    [{ evalType: 'numeric', score: null, passed: null }, 'numeric', null, null, null, null],
  ] as const)(
    'of %o are in the newer words of type %s',
    (fields, type, score, label, value, part) => {
      const results = [{ ...POLITE, ...fields }]
      const item = toCallLogListItem(aCall(), { results, family: 'v2', names: NAMES })
      expect(item.metrics[0]).toMatchObject({ type, score, enum: label, value })
      expect(item.evaluation.metrics[0]?.score_normalized).toBe(part)
    },
  )

  it('reach from 0 to 1 by the top of their own scale', () => {
    const results = [{ ...POLITE, evalType: 'rating' as const, maxScore: 100, score: 70 }]
    const item = toCallLogListItem(aCall(), { results, family: 'v1', names: NAMES })
    // 70 of 100.
    expect(item.evaluation.metrics[0]?.score_normalized).toBe(0.7)
  })

  it('go by the older name that the metric was made with, under the older addresses', () => {
    const names = new Map([[35, { code: '', functionName: '', wireType: 'binary_qualitative' }]])
    const typeOf = (family: 'v1' | 'v2') =>
      toCallLogListItem(aCall(), { results: [POLITE], family, names }).metrics[0]?.type
    expect([typeOf('v1'), typeOf('v2')]).toEqual(['binary_qualitative', 'binary'])
  })

  it.each([
    ['sampling', ['Sampling skipped'], { sampling_skipped: true }],
    ['trigger', ['Nobody asked for a refund.'], { trigger_failed: true }],
    ['no-input', ['Nobody asked for a refund.'], {}],
  ] as const)(
    'have no score where a metric was skipped for %s',
    (skipReason, explanation, extra) => {
      const skipped = {
        ...POLITE,
        ...({ state: 'skipped', skipReason, score: null, passed: null } as const),
        explanation: 'Nobody asked for a refund.',
      }
      const item = toCallLogListItem(aCall(), { results: [skipped], family: 'v2', names: NAMES })
      expect(item.evaluation.metrics[0]).toMatchObject({
        ...{ score: null, enum: null, value: null, passed: null, score_normalized: null },
        ...{ explanation, extra, state: 'skipped', skip_reason: skipReason },
      })
    },
  )

  it('show what a failed metric ran into, one text a paragraph', () => {
    const failed = {
      ...POLITE,
      ...({ state: 'failed', score: null, passed: null } as const),
      explanation: 'The judge did not answer.\n\nIt was asked 4 times.',
    }
    const item = toCallLogListItem(aCall(), { results: [failed], family: 'v1', names: NAMES })
    expect(item.evaluation.metrics[0]).toMatchObject({
      score: null,
      explanation: ['The judge did not answer.', 'It was asked 4 times.'],
      extra: {},
    })
  })

  it('name the deviations they found as critical categories, and the turns they measured', () => {
    const category = {
      ...{ category_id: 5, category: 'Script Adherence Issue', priority: 'critical' as const },
      deviation: 'Skipped the opening script.',
    }
    const extra = {
      categories: [category],
      percentiles: { p95: 900 },
      turns: [{ startSeconds: 1, endSeconds: 1.9, valueMs: 900 }],
    }
    const results = [{ ...POLITE, extra }]
    const item = toCallLogListItem(aCall(), { results, family: 'v1', names: NAMES })
    expect(item.critical_categories).toEqual([{ ...category, wrongly_marked: false, feedback: '' }])
    expect(item.evaluation.metrics[0]?.extra).toEqual({
      categories: [category],
      percentiles: { p95: 900 },
      turns: [{ start_time: 1, end_time: 1.9, value_ms: 900 }],
    })
  })

  it('have no explanation where none was given', () => {
    const results = [{ ...POLITE, explanation: '' }]
    const item = toCallLogListItem(aCall(), { results, family: 'v1', names: NAMES })
    expect(item.evaluation.metrics[0]?.explanation).toEqual([])
  })
})

describe('a call in the detail shape', () => {
  it('adds what the list leaves out', () => {
    const { transcript, ...detail } = toCallLogDetail(aCall(), UNHEARD)
    expect(detail).toMatchObject({
      voice_recording_url: '',
      agent_id: '2',
      assistant_id: 'asst_1',
      metadata: { region: 'EU' },
      dynamic_variables: { name: 'Ada' },
      testing_channel_index: null,
      rubric: null,
      user_generated_transcript: null,
      project: 1,
      recording_data: null,
    })
  })

  it('measures the recording in samples, and names the channel that is not the agent', () => {
    const detail = toCallLogDetail(aCall({ recording: STEREO }), {
      ...UNHEARD,
      recordingHref: 'https://calls.example/audio',
    })
    expect(detail).toMatchObject({
      voice_recording_url: 'https://calls.example/audio',
      testing_channel_index: 1,
      recording_data: {
        has_audio_data: true,
        sample_rate: 8000,
        // 70.5 s at 8000 Hz
        shape: [564_000, 2],
        separable_channels: true,
        total_duration: 70.5,
      },
    })
    const swapped = toCallLogDetail(aCall({ recording: { ...STEREO, agentChannel: 1 } }), UNHEARD)
    expect(swapped).toMatchObject({ testing_channel_index: 0 })
    const mono = toCallLogDetail(
      aCall({ recording: { ...STEREO, channels: 1, agentChannel: null } }),
      UNHEARD,
    )
    expect(mono).toMatchObject({
      testing_channel_index: null,
      recording_data: { shape: [564_000, 1], separable_channels: false },
    })
  })

  it('says who speaks when, where each speaker has a channel', () => {
    const heard = (startSeconds: number, endSeconds: number) => ({
      ...{ stretches: [{ startSeconds, endSeconds }], meanPitchHz: null, speechLevelDbfs: null },
      ...{ noiseLevelDbfs: null, clippedShare: 0 },
    })
    const speech = {
      ...{ engine: 'silero-v5', durationSeconds: 70.5, areChannelsSeparable: true },
      channels: [heard(0.5, 1), heard(2, 3.5)],
    }
    const call = aCall({ recording: { ...STEREO, agentChannel: 1 } })
    expect(toCallLogDetail(call, { ...UNHEARD, speech }).recording_data).toMatchObject({
      separable_channels: true,
      main_speaking: [[2, 3.5]],
      testing_speaking: [[0.5, 1]],
    })
    // Both channels hold the same sound.
    const mixed = { ...speech, areChannelsSeparable: false }
    const { recording_data } = toCallLogDetail(call, { ...UNHEARD, speech: mixed })
    expect(recording_data).toMatchObject({ separable_channels: false })
    expect(recording_data).not.toHaveProperty('main_speaking')
  })

  it('has the rules of the rubric that had a result, in words and as they were set', () => {
    const rule = {
      ...{ metricId: 35, metricName: 'Call Quality', operator: 'or' as const },
      conditions: [
        { field: 'score' as const, op: 'gte' as const, value: 4 },
        { field: 'score' as const, op: 'eq' as const, value: 0 },
      ],
    }
    const rubric = {
      ...{ logic: 'and' as const, success: true },
      findings: [
        { ...rule, actual: 5, explanation: 'Good.\nVery good.', passed: true },
        { ...rule, metricId: 36, actual: null, explanation: '', passed: null },
      ],
    }
    expect(toCallLogDetail(aCall(), { ...UNHEARD, rubric }).rubric).toEqual([
      {
        ...{ metric_id: 35, metric_name: 'Call Quality', value: 5, passed: true },
        explanation: ['Good.', 'Very good.'],
        conditions: 'score gte 4 or score eq 0',
        expected_conditions: { operator: 'or', conditions: rule.conditions },
      },
    ])
    const none = { ...rubric, success: null, findings: [] }
    expect(toCallLogDetail(aCall(), { ...UNHEARD, rubric: none }).rubric).toBeNull()
  })

  it('has an empty agent_id where the agent is not known', () => {
    expect(toCallLogDetail(aCall({ agentId: null }), UNHEARD)).toMatchObject({
      agent: null,
      agent_id: '',
    })
  })

  it('fits its own schema', () => {
    const detail = toCallLogDetail(aCall({ recording: STEREO }), UNHEARD)
    expect(WireCallLogDetail.parse(detail)).toEqual(detail)
  })
})
