import { describe, expect, it } from 'vitest'
import { loadSample } from '#testing/load-sample.ts'
import { loadWebhook } from '#testing/load-webhook.ts'
import { readElevenLabsEvent } from './elevenlabs.ts'

describe('readElevenLabsEvent', () => {
  it('reads a conversation, also where some keys stand beside `metadata`', () => {
    expect(readElevenLabsEvent(loadWebhook('elevenlabs-transcription'))).toEqual({
      kind: 'call',
      call: {
        callId: 'conv_lotus1',
        assistantId: 'agent_lotus',
        startedAt: new Date('2026-02-25T06:13:20.000Z'), // 1772000000
        durationSeconds: 79,
        endedReason: 'end_call tool was called',
        customerNumber: '+442079460000',
        recordingUrl: null,
        transcriptType: 'elevenlabs',
        transcriptJson: loadSample('elevenlabs-transcript'),
        notConnected: false,
        dynamicVariables: {
          user_name: 'Mala',
          visits: 3,
          vip: false,
          system__call_duration_secs: 79,
        },
        metadata: {},
        isInbound: false,
        rawToStore: expect.objectContaining({ type: 'post_call_transcription' }),
      },
    })
  })

  it('reads the audio as an event of its own', () => {
    expect(readElevenLabsEvent(loadWebhook('elevenlabs-audio'))).toEqual({
      kind: 'audio',
      conversationId: 'conv_lotus1',
      agentId: 'agent_lotus',
    })
  })

  it('keeps a call that could not be started as a failed one', () => {
    expect(readElevenLabsEvent(loadWebhook('elevenlabs-initiation-failure'))).toMatchObject({
      kind: 'call',
      call: {
        callId: 'conv_lotus2',
        startedAt: new Date('2026-02-25T06:16:40.000Z'), // 1772000200
        durationSeconds: 0,
        endedReason: 'no-answer',
        customerNumber: '+442079460001',
        transcriptJson: null,
        notConnected: true,
        isInbound: false,
      },
    })
  })

  it('takes a body whose transcript is switched off, and refuses one in another format', () => {
    const body = Object(loadWebhook('elevenlabs-transcription'))
    const withTranscript = (transcript: unknown) =>
      readElevenLabsEvent({ ...body, data: { ...body.data, transcript } })
    expect(withTranscript(undefined)).toMatchObject({
      call: { transcriptJson: null, notConnected: false },
    })
    expect(withTranscript({ resourceSpans: [] })).toMatchObject({
      kind: 'invalid',
      issues: [{ path: ['data', 'transcript'], message: expect.stringContaining('OpenTelemetry') }],
    })
  })

  it('ignores other events and says what is missing', () => {
    expect(readElevenLabsEvent({ type: 'something_new', data: {} }).kind).toBe('ignored')
    for (const type of ['post_call_transcription', 'post_call_audio', 'call_initiation_failure']) {
      expect(readElevenLabsEvent({ type, data: {} })).toMatchObject({
        kind: 'invalid',
        issues: [{ path: ['data', 'conversation_id'] }],
      })
    }
    for (const body of [null, [], 'x', {}]) expect(readElevenLabsEvent(body).kind).toBe('invalid')
  })
})
