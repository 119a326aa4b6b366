import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RecordingSpeech } from '#contract/recording-speech.ts'
import { openTemporaryDatabase, saying, storeCalls } from '#testing/call-builder.ts'
import { insertAgent } from './agents.ts'
import { findEvaluationInput, listEvaluationScopes } from './evaluation-input.ts'
import { saveSpeech } from './recording-speech.ts'
import { insertRecording, savePeaks } from './recordings.ts'

let store: Awaited<ReturnType<typeof openTemporaryDatabase>>

beforeAll(async () => {
  store = await openTemporaryDatabase()
})

afterAll(() => store.close())

const AGENT = {
  name: 'Front desk',
  description: 'You answer calls.',
  language: 'de',
  isInbound: true,
  contactNumber: '+15550100',
  knowledge: 'We open at nine.',
  topicNodes: [{ name: 'refund', description: 'Money back' }],
  dropoffNodes: [{ name: 'greeting', description: '' }],
}

const SPEECH: RecordingSpeech = {
  engine: 'energy',
  durationSeconds: 4,
  channels: [
    {
      stretches: [{ startSeconds: 0, endSeconds: 1 }],
      meanPitchHz: null,
      speechLevelDbfs: -20,
      noiseLevelDbfs: null,
      clippedShare: 0,
    },
  ],
  areChannelsSeparable: false,
}

async function aWholeCall(callId: string): Promise<{ id: number; agentId: number }> {
  const { database } = store
  const agentId = await insertAgent(database.writer, {
    projectId: 1,
    agent: { ...AGENT, assistantId: 'as', provider: 'vapi' },
    isDemo: false,
    now: 0,
  })
  const [id = 0] = await storeCalls(database, [
    {
      callId,
      fields: {
        agent_id: agentId,
        trace_id: 't',
        started_at: 1000,
        duration_ms: 2500,
        ended_reason: 'hangup',
        customer_number: '+1',
        topic: 'refund',
        dropoff_point: 'greeting',
        recording_state: 'ready',
        is_reviewed: 1,
        success: 0,
      },
      content: {
        ...saying('Hello', 'Hi'),
        metadata: '{"plan":"gold"}',
        dynamic_variables: '{"lang":["de"]}',
        metric_ids: '118,119',
      },
    },
  ])
  return { id, agentId }
}

describe('what is evaluated', () => {
  it('is a call with its agent, its words and what the sender asked for', async () => {
    const { id, agentId } = await aWholeCall('whole')
    expect(await findEvaluationInput(store.database.reader, id)).toEqual({
      id,
      projectId: 1,
      callId: 'whole',
      startedAt: 1000,
      durationSeconds: 2.5,
      endedReason: 'hangup',
      customerNumber: '+1',
      topic: 'refund',
      dropoffPoint: 'greeting',
      metadata: { plan: 'gold' },
      dynamicVariables: { lang: ['de'] },
      segments: JSON.parse(saying('Hello', 'Hi').segments ?? ''),
      transcriptText: saying('Hello', 'Hi').transcript_text,
      transcriptState: 'ready',
      metricIds: [118, 119],
      agent: { ...AGENT, id: agentId },
      heard: null,
    })
  })

  it('has what was heard once the recording was listened to', async () => {
    const { writer, reader } = store.database
    const [callId = 0] = await storeCalls(store.database, [
      { callId: 'heard', fields: { recording_state: 'ready' } },
    ])
    const recordingId = await insertRecording(writer, {
      callId,
      storageKey: 'aa/one',
      fileName: 'talk.wav',
      sizeBytes: 44,
      sha256: 'abc',
      sourceUrl: null,
      now: 5,
    })
    await saveSpeech(writer, { recordingId, speech: SPEECH, now: 6 })
    await savePeaks(writer, { id: recordingId, levels: [], agentChannel: 1, now: 7 })
    const found = await findEvaluationInput(reader, callId)
    expect(found?.heard).toEqual({ speech: SPEECH, agentChannel: 1, sampleRateHz: null })
  })

  it('may be a bare call without agent', async () => {
    const [id = 0] = await storeCalls(store.database, [{ callId: 'bare' }])
    expect(await findEvaluationInput(store.database.reader, id)).toMatchObject({
      agent: null,
      metricIds: null,
      durationSeconds: null,
      segments: [],
      heard: null,
    })
    expect(await findEvaluationInput(store.database.reader, 999)).toBeNull()
  })

  it('is looked at for its metrics alone only in its own project', async () => {
    const { id, agentId } = await aWholeCall('scope')
    const { reader } = store.database
    const callIds = [id, 999]
    expect(await listEvaluationScopes(reader, { callIds, projectId: 1 })).toEqual(
      new Map([[id, { metricIds: [118, 119], agentId }]]),
    )
    expect(await listEvaluationScopes(reader, { callIds, projectId: 2 })).toEqual(new Map())
  })
})
