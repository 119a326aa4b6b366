import { describe, expect, it } from 'vitest'
import { loadSample } from '#testing/load-sample.ts'
import { loadWebhook } from '#testing/load-webhook.ts'
import { readRetellEvent } from './retell.ts'

describe('readRetellEvent', () => {
  it('reads a call with its analysis', () => {
    expect(readRetellEvent(loadWebhook('retell-call-analyzed'))).toEqual({
      kind: 'call',
      call: {
        callId: 'call_oettl1',
        assistantId: 'agent_praxis',
        startedAt: new Date('2026-01-05T09:30:00.000Z'), // 1767605400000
        durationSeconds: 17.25,
        endedReason: 'user_hangup',
        customerNumber: 'anonymous',
        recordingUrl: 'https://rec.example.com/oettl/multi.wav?Expires=1&Signature=s3cr3t',
        transcriptType: 'retell',
        transcriptJson: loadSample('retell-transcript'),
        notConnected: false,
        dynamicVariables: { 'caller-name': 'Frau Berg', slot: '09:40' },
        metadata: { ward: 'A' },
        isInbound: true,
        rawToStore: expect.objectContaining({ event: 'call_analyzed' }),
      },
    })
  })

  it('reads the older body that has `data` alone, and lists that PHP made of empty objects', () => {
    const { data } = Object(loadWebhook('retell-call-analyzed'))
    const body = {
      event: 'call_ended',
      data: { ...data, metadata: [], collected_dynamic_variables: [] },
    }
    expect(readRetellEvent(body)).toMatchObject({
      call: { callId: 'call_oettl1', metadata: {}, dynamicVariables: { slot: '?' } },
    })
  })

  it('measures the call by its instants where no length is given', () => {
    const { call } = Object(loadWebhook('retell-call-analyzed'))
    const event = readRetellEvent({
      event: 'call_ended',
      call: { ...call, duration_ms: undefined },
    })
    expect(event).toMatchObject({ call: { durationSeconds: 17.25 } }) // 1767605417250 - 1767605400000
  })

  it('takes the called number as the customer of an outbound call', () => {
    expect(readRetellEvent(loadWebhook('retell-not-connected'))).toMatchObject({
      call: { customerNumber: '+4915550100', isInbound: false, recordingUrl: null },
    })
  })

  it('ignores events without a finished call', () => {
    for (const event of ['call_started', 'transcript_updated', 'chat_ended']) {
      expect(readRetellEvent({ event, call: {} })).toEqual({
        kind: 'ignored',
        reason: `Retell event ${event}`,
      })
    }
  })

  it('says what is missing', () => {
    expect(readRetellEvent({ event: 'call_ended', call: {} })).toMatchObject({
      kind: 'invalid',
      issues: [{ path: ['call', 'call_id'] }],
    })
    for (const body of [null, [], 7, {}]) expect(readRetellEvent(body).kind).toBe('invalid')
  })
})
