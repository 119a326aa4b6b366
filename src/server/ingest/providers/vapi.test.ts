import { describe, expect, it } from 'vitest'
import { loadSample } from '#testing/load-sample.ts'
import { loadWebhook } from '#testing/load-webhook.ts'
import { readVapiEvent } from './vapi.ts'

describe('readVapiEvent', () => {
  it('reads an end-of-call report', () => {
    expect(readVapiEvent(loadWebhook('vapi-end-of-call-report'))).toEqual({
      kind: 'call',
      call: {
        callId: '11111111-2222-4333-8444-555555555555',
        assistantId: 'as-night-desk',
        startedAt: new Date('2025-03-10T14:20:01.168Z'),
        durationSeconds: 24.5, // durationMs 24500
        endedReason: 'customer-ended-call',
        customerNumber: '+12025550150',
        recordingUrl:
          'https://rec.example.com/sv/stereo.wav?X-Amz-Signature=abc123&X-Amz-Expires=3600',
        transcriptType: 'vapi',
        transcriptJson: loadSample('vapi-messages'),
        notConnected: false,
        dynamicVariables: { guest: 'Kim', nights: 2, lang: 'en' },
        metadata: { desk: 'night', version: 3 },
        isInbound: true,
        rawToStore: expect.objectContaining({ message: expect.anything() }),
      },
    })
  })

  it('falls back to the instants, then to the last spoken second, for the length of the call', () => {
    const body = Object(loadWebhook('vapi-end-of-call-report'))
    const message = { ...body.message, durationMs: undefined }
    expect(readVapiEvent({ message })).toMatchObject({ call: { durationSeconds: 24.5 } }) // endedAt - startedAt
    expect(readVapiEvent(loadWebhook('vapi-empty-artifact'))).toMatchObject({
      call: { durationSeconds: 9.5 },
    })
    expect(readVapiEvent({ message: { ...message, durationMinutes: 0.5 } })).toMatchObject({
      call: { durationSeconds: 30 },
    })
  })

  it('prefers two channels to one, wherever they stand', () => {
    const url = (artifact: object) => {
      const message = {
        type: 'end-of-call-report',
        call: { id: 'c' },
        artifact,
        recordingUrl: 'https://a/mono',
      }
      const event = readVapiEvent({ message })
      return event.kind === 'call' && event.call.recordingUrl
    }
    expect(url({})).toBe('https://a/mono')
    expect(
      url({ recording: { stereoUrl: 'https://a/stereo', mono: { combinedUrl: 'https://a/x' } } }),
    ).toBe('https://a/stereo')
    expect(url({ stereoRecordingUrl: 'file:///etc/passwd' })).toBe('https://a/mono')
  })

  it('keeps a call that nobody answered, without turns', () => {
    expect(readVapiEvent(loadWebhook('vapi-not-answered'))).toMatchObject({
      call: {
        transcriptJson: null,
        notConnected: true,
        endedReason: 'customer-did-not-answer',
        customerNumber: '+12025550151',
        isInbound: false,
        startedAt: new Date('2025-03-10T14:19:58.000Z'),
      },
    })
  })

  it('keeps turns of a kind it does not know, so that they are not lost in silence', () => {
    const messages = [{ role: 'bot_v2', message: 'Hello.' }]
    const message = { type: 'end-of-call-report', call: { id: 'c' }, messages }
    expect(readVapiEvent({ message })).toMatchObject({ call: { transcriptJson: messages } })
  })

  it('ignores every other server message', () => {
    for (const type of ['status-update', 'transcript', 'tool-calls', 'assistant.started']) {
      expect(readVapiEvent({ message: { type } })).toEqual({
        kind: 'ignored',
        reason: `Vapi event ${type}`,
      })
    }
  })

  it('says what is missing', () => {
    expect(readVapiEvent({ message: { type: 'end-of-call-report' } })).toMatchObject({
      kind: 'invalid',
      issues: [{ path: ['message', 'call', 'id'] }],
    })
    for (const body of [null, [], 'x', {}, { message: 7 }, { message: {} }]) {
      expect(readVapiEvent(body).kind).toBe('invalid')
    }
  })
})
