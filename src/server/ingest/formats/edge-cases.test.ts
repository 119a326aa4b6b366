import { describe, expect, it } from 'vitest'
import type { Segment } from '#contract/transcript.ts'
import { loadSample, NO_CONTEXT, outline, parseAccepted } from '#testing/load-sample.ts'
import { loadWebhook } from '#testing/load-webhook.ts'
import { readElevenLabsEvent } from '../providers/elevenlabs.ts'
import type { ProviderCall, ProviderEvent } from '../providers/provider-call.ts'
import { readRetellEvent } from '../providers/retell.ts'
import { readVapiEvent } from '../providers/vapi.ts'
import { parseTranscript } from './parse-transcript.ts'

type Speech = Extract<Segment, { kind: 'speech' }>

function speech(segments: readonly Segment[]): Speech[] {
  return segments.filter((segment) => segment.kind === 'speech')
}

function texts(segments: readonly Segment[]): string[] {
  return speech(segments).map((segment) => segment.text)
}

function callOf(event: ProviderEvent): ProviderCall {
  if (event.kind !== 'call') throw new Error(`not a call: ${JSON.stringify(event)}`)
  return event.call
}

describe('edge cases of real payloads', () => {
  it('1: leaves a prompt of many kilobytes out of the speech', () => {
    for (const [type, name, prompt] of [
      ['vapi', 'vapi-messages', 'night desk'],
      ['livekit', 'livekit-history', 'You answer for a garage'],
      ['pipecat', 'pipecat-context', 'You are a shop line'],
    ] as const) {
      const sample = loadSample(name)
      expect(JSON.stringify(sample)).toContain(prompt)
      expect(texts(parseAccepted(type, sample).segments).join()).not.toContain(prompt)
    }
  })

  it('2: takes a missing, null, empty or blank text as nothing said', () => {
    const entry = (rest: object) => ({ role: 'user', time_in_call_secs: 2, ...rest })
    const said = { role: 'agent', message: 'Hello.', time_in_call_secs: 1 }
    const silent = [
      entry({ message: null }),
      entry({ message: '' }),
      entry({ message: ' \n' }),
      entry({}),
    ]
    expect(texts(parseAccepted('elevenlabs', [...silent, said]).segments)).toEqual(['Hello.'])
    // A result without content keeps its data.
    expect(outline(parseAccepted('cekura', loadSample('cekura-booking')).segments)).toContain(
      'result 10.2 find_table: {"free": ["19:30"]} call_hg1',
    )
  })

  it('3: keeps a tool call inside the turn that announces it, and that turn whole', () => {
    expect(
      outline(parseAccepted('vapi', loadSample('vapi-messages')).segments).slice(3, 5),
    ).toEqual([
      'agent 12.5-15.5 One moment, I check Tuesday for you.',
      'call 13.4 find_room({"day": "Tuesday"}) call_sv1',
    ])
    expect(
      outline(parseAccepted('cekura', loadSample('cekura-booking')).segments).slice(2, 4),
    ).toEqual([
      'agent 7.1-9.02 Friday, let me look that up.',
      'call 8.455 find_table({"guests": 4, "day": "Friday"}) call_hg1',
    ])
  })

  it('4: keeps a result that arrives inside the next user turn', () => {
    expect(
      outline(parseAccepted('vapi', loadSample('vapi-messages')).segments).slice(6, 8),
    ).toEqual(['caller 16-17.25 No rush.', 'result 16.5 find_room: {"room": 12} call_sv1'])
  })

  it('5: keeps a sentence in pieces where a tool call or the caller falls into it', () => {
    expect(
      outline(parseAccepted('retell', loadSample('retell-transcript')).segments).slice(3, 7),
    ).toEqual([
      'agent 7-7.7 Gern, ich schaue',
      'call 7.6 find_slot() tc_1',
      'caller 7.9-8.35 Bitte vormittags',
      'agent 7.75-8.2 eben nach.',
    ])
  })

  it('6: keeps the order of the list where starts step back', () => {
    const retell = speech(parseAccepted('retell', loadSample('retell-transcript')).segments)
    expect(retell.map((turn) => turn.startSeconds).slice(2, 5)).toEqual([7, 7.9, 7.75])
    const livekit = speech(parseAccepted('livekit', loadSample('livekit-session-report')).segments)
    expect(livekit.map((turn) => turn.text).slice(1, 3)).toEqual([
      'Thanks, bye.',
      'Is my car ready?',
    ])
    expect(livekit.map((turn) => turn.startSeconds).slice(1, 3)).toEqual([13.5, 6])
  })

  it('7: neither cuts nor shifts turns that overlap, or lie wholly inside another', () => {
    const [, caller, backchannel] = speech(
      parseAccepted('vapi', loadSample('vapi-messages')).segments,
    )
    expect(caller).toMatchObject({ startSeconds: 4.25, endSeconds: 11.75, timing: 'given' })
    expect(backchannel).toMatchObject({ startSeconds: 6.5, endSeconds: 6.9, timing: 'given' })
    const cekura = speech(parseAccepted('cekura', loadSample('cekura-booking')).segments)
    // 8.7 is before the end 9.02 of the turn before it, 11.31 after the start 11.1 of the one behind it.
    expect(cekura[3]).toMatchObject({ startSeconds: 8.7, endSeconds: 11.31, timing: 'given' })
  })

  it('8: gives each of several turns of the same second a length of its own', () => {
    const turns = speech(parseAccepted('elevenlabs', loadSample('elevenlabs-transcript')).segments)
    // Both start at 9, the next turn at 14. 3 words: 9 + 3 × 0.35 + 0.3 = 10.35; 1 word: 9 + 0.65 = 9.65.
    expect(outline(turns).slice(4, 6)).toEqual([
      'agent 9-10.35 Looking for trains.',
      'caller 9-9.65 Mm.',
    ])
  })

  it('9: takes the zero of the clock from the speech, not from the start of the call', () => {
    const call = callOf(readVapiEvent(loadWebhook('vapi-end-of-call-report')))
    const { segments } = parseAccepted('vapi', call.transcriptJson)
    // `startedAt` is 1.168 s after the zero of the speech: from there the greeting would start at 0.192.
    expect(segments[0]).toMatchObject({ startSeconds: 1.36 })
    expect(Math.min(...segments.map((segment) => segment.startSeconds ?? 0))).toBe(1.36)
    // `secondsFromStart` of the call says 12.232, which counts from `startedAt`: 12.232 + 1.168 = 13.4.
    expect(segments[4]).toMatchObject({ kind: 'tool-call', startSeconds: 13.4 })
  })

  it('10: reads fractional epoch milliseconds, 32-bit noise, and ISO text beside numbers', () => {
    const last = speech(parseAccepted('vapi', loadSample('vapi-messages')).segments).at(-1)
    // time …18119.9998, endTime …20620: 18.119999 + 2.5000002 s, to the microsecond.
    expect(last).toMatchObject({ startSeconds: 18.119999, endSeconds: 20.619999 })
    const [first] = parseAccepted('deepgram', loadSample('deepgram-words')).segments
    expect(first).toMatchObject({ startSeconds: 2.5000001, endSeconds: 3.7000002000000003 })
    const iso = [
      {
        role: 'bot',
        message: 'Hello.',
        time: '2026-03-01T10:00:00.500Z',
        endTime: '2026-03-01T10:00:01.250Z',
      },
      { role: 'user', message: 'Hi.', time: 1772359202500, endTime: 1772359203000 }, // 10:00:02.5
    ]
    expect(outline(parseAccepted('vapi', iso).segments)).toEqual([
      'agent 0-0.75 Hello.',
      'caller 2-2.5 Hi.',
    ])
  })

  it('11: does not believe `duration`', () => {
    const [greeting, caller] = parseAccepted('vapi', loadSample('vapi-messages')).segments
    expect(greeting).toMatchObject({ startSeconds: 1.36, endSeconds: 3.43 }) // duration says 481 ms
    expect(caller).toMatchObject({ startSeconds: 4.25, endSeconds: 11.75 }) // duration says 3.74
  })

  it('12: takes empty arguments, arguments as objects, and missing ids', () => {
    const retell = outline(parseAccepted('retell', loadSample('retell-transcript')).segments)
    expect(retell).toContain('call 7.6 find_slot() tc_1')
    const cekura = outline(parseAccepted('cekura', loadSample('cekura-custom-sender')).segments)
    expect(cekura).toContain('call null track({"parcel":"P-77","live":true}) t1')
    expect(cekura).toContain('result null track: {"state":"in transit"} t1')
    const vapi = outline(parseAccepted('vapi', loadSample('vapi-functions-2024')).segments)
    expect(vapi.slice(2, 6)).toEqual([
      'call 6.5 add_item({"item":"chair"}) call-1',
      'call 6.6 add_item({"item":"table"}) call-2',
      'result 7 add_item: chair added call-1',
      'result 7.1 add_item: table added call-2',
    ])
  })

  it('13: counts a transcript once that stands in the body twice', () => {
    const vapi = callOf(readVapiEvent(loadWebhook('vapi-end-of-call-report')))
    expect(vapi.transcriptJson).toHaveLength(11)
    const retell = callOf(readRetellEvent(loadWebhook('retell-call-analyzed')))
    expect(retell.transcriptJson).toEqual(loadSample('retell-transcript'))
    expect(parseAccepted('retell', loadWebhook('retell-call-analyzed')).segments).toEqual(
      parseAccepted('retell', loadSample('retell-transcript')).segments,
    )
  })

  it('14: finds the messages where the first list is there but empty', () => {
    const body = loadWebhook('vapi-empty-artifact')
    expect(callOf(readVapiEvent(body)).transcriptJson).toHaveLength(8)
    expect(texts(parseAccepted('vapi', body).segments)[0]).toBe('Green Chairs, hello.')
  })

  it('15: keeps a call that was not connected, and refuses an empty list sent directly', () => {
    const call = callOf(readRetellEvent(loadWebhook('retell-not-connected')))
    expect(call).toMatchObject({
      callId: 'call_nc',
      transcriptJson: null,
      notConnected: true,
      startedAt: null,
      durationSeconds: 0,
      endedReason: 'dial_no_answer',
    })
    const direct = parseTranscript({
      transcriptType: 'retell',
      transcriptJson: [],
      context: NO_CONTEXT,
    })
    expect(direct).toMatchObject({
      ok: false,
      issues: [{ message: expect.stringContaining('empty list') }],
    })
  })

  it('16: gives the same call for both of its events, in any order and again', () => {
    const analyzed = loadWebhook('retell-call-analyzed')
    const ended = { ...Object(analyzed), event: 'call_ended' }
    const calls = [analyzed, ended, analyzed].map((body) => callOf(readRetellEvent(body)))
    expect(new Set(calls.map((call) => call.callId))).toEqual(new Set(['call_oettl1']))
    expect(calls[1]?.transcriptJson).toEqual(calls[0]?.transcriptJson)
    expect(calls[2]).toEqual(calls[0])
  })

  it('17: keeps a doubled greeting and several user turns in a row', () => {
    const { segments } = parseAccepted('pipecat', loadSample('pipecat-context'))
    expect(speech(segments).map((turn) => `${turn.speaker}: ${turn.text}`)).toEqual([
      'agent: Hello, shop line.',
      'agent: Hello, shop line.',
      'caller: Hi.',
      'caller: What time is it,\nand what day?',
      'agent: A quarter past eight.',
    ])
  })

  it('18: shows what was said before the interruption, and keeps what was meant', () => {
    const [, , cut] = speech(
      parseAccepted('elevenlabs', loadSample('elevenlabs-transcript')).segments,
    )
    expect(cut).toMatchObject({
      text: 'I am listening, take your ti...',
      intendedText: 'I am listening, take your time and tell me where you want to go.',
      isInterrupted: true,
    })
  })

  it('19: takes three speakers, no speakers, and hardly any confidence', () => {
    const three = parseAccepted('deepgram', loadSample('deepgram-words'), { agentIsInbound: true })
    expect(speech(three.segments).map((turn) => [turn.speaker, turn.party, turn.text])).toEqual([
      ['agent', undefined, 'City library, good morning.'],
      ['caller', undefined, 'Hello, is the reading room open?'],
      ['agent', undefined, 'It is, until six.'],
      ['caller', 'speaker 2', 'Excuse me!'],
      ['caller', undefined, 'Thank you.'],
    ])
    expect(speech(three.segments)[3]?.words?.[0]?.confidence).toBe(0.02)
    const none = parseAccepted('deepgram', loadSample('deepgram-response'))
    expect(none.segments).toHaveLength(1)
    expect(none.warnings).toEqual([expect.stringContaining('one party')])
  })

  it('20: takes a voicemail greeting as the user, and marks a third party', () => {
    const bland = speech(parseAccepted('bland', loadSample('bland-rows')).segments)
    expect(bland[1]).toMatchObject({
      speaker: 'caller',
      text: expect.stringContaining('voice mail'),
    })
    const retell = speech(parseAccepted('retell', loadSample('retell-transcript')).segments)
    expect(retell.find((turn) => turn.party)).toMatchObject({
      speaker: 'caller',
      party: 'transfer target',
      text: 'Öttl, ja bitte?',
    })
  })

  it('21: reads seconds that come as text, and minutes', () => {
    const call = Object(loadSample('bland-call'))
    // The last turn starts at 39; 11 words would last to 39 + 4.15 = 43.15, the call is 40 s long.
    expect(speech(parseAccepted('bland', call).segments).at(-1)).toMatchObject({ endSeconds: 40 })
    const inMinutes = { ...call, corrected_duration: undefined, call_length: 0.7 } // 42 s
    expect(speech(parseAccepted('bland', inMinutes).segments).at(-1)?.endSeconds).toBeCloseTo(42, 9)
  })

  it('22: takes an anonymous number, one with spaces, and none', () => {
    expect(callOf(readRetellEvent(loadWebhook('retell-call-analyzed'))).customerNumber).toBe(
      'anonymous',
    )
    const elevenlabs = callOf(readElevenLabsEvent(loadWebhook('elevenlabs-transcription')))
    expect(elevenlabs.customerNumber).toBe('+442079460000')
    expect(callOf(readVapiEvent(loadWebhook('vapi-empty-artifact'))).customerNumber).toBeNull()
  })

  it('23: keeps every script, emoji and line break', () => {
    const retell = parseAccepted('retell', loadSample('retell-transcript')).segments
    expect(texts(retell)).toEqual(
      expect.arrayContaining([
        'Grüß Gott, Praxis Dr. Öttl, was kann ich für Sie tun?',
        'मुझे कल का समय चाहिए।',
        'Passt! 👍🏽',
      ]),
    )
    expect(retell.find((s) => s.kind === 'tool-result' && s.name === 'send_sms')).toMatchObject({
      resultText: 'Gateway timeout\nretry later',
    })
    expect(
      texts(parseAccepted('elevenlabs', loadSample('elevenlabs-transcript')).segments)[0],
    ).toContain('வணக்கம்')
    const [first] = parseAccepted('cekura', [
      { role: 'user', content: ' <expr type="sigh"/> e\u0301ternel ' },
    ]).segments
    expect(first).toMatchObject({ text: '<expr type="sigh"/> e\u0301ternel' })
  })

  it('24: keeps no credential of the body', () => {
    const vapi = callOf(readVapiEvent(loadWebhook('vapi-end-of-call-report')))
    const retell = callOf(readRetellEvent(loadWebhook('retell-call-analyzed')))
    const elevenlabs = callOf(readElevenLabsEvent(loadWebhook('elevenlabs-transcription')))
    const stored = JSON.stringify([vapi, retell, elevenlabs].map((call) => call.rawToStore))
    for (const secret of ['do-not-keep-me', 'nor-me', 'web-call-token', 's3cr3t', 'abc123']) {
      expect(stored).not.toContain(secret)
    }
    expect(JSON.stringify(elevenlabs.dynamicVariables)).not.toContain('do-not-keep-me')
    // What is no secret stays, and the address to fetch keeps its signature.
    expect(stored).toContain('+12025550199')
    expect(retell.recordingUrl).toBe(
      'https://rec.example.com/oettl/multi.wav?Expires=1&Signature=s3cr3t',
    )
  })

  it('25: takes 120 kB of words for one call, and many megabytes of sound', () => {
    // 163 s of a word each 0.1 s: 1630 words of about 75 bytes, in 10 turns.
    const words = Array.from({ length: 1630 }, (_, i) => ({
      word: `word${i} `,
      start: i / 10,
      end: i / 10 + 0.09,
    }))
    const turns = Array.from({ length: 10 }, (_, i) => {
      const own = words.slice(i * 163, (i + 1) * 163)
      return {
        role: i % 2 ? 'user' : 'agent',
        content: own.map((w) => w.word).join(''),
        words: own,
      }
    })
    const parsed = speech(parseAccepted('retell', turns).segments)
    expect(parsed).toHaveLength(10)
    expect(parsed.reduce((sum, turn) => sum + (turn.words?.length ?? 0), 0)).toBe(1630)
    expect(parsed.at(-1)?.endSeconds).toBeCloseTo(162.99, 9)

    const fullAudio = 'A'.repeat(8_000_000)
    const data = { conversation_id: 'c', agent_id: 'a', full_audio: fullAudio }
    const event = readElevenLabsEvent({ type: 'post_call_audio', data })
    expect(event).toEqual({ kind: 'audio', conversationId: 'c', agentId: 'a' })
  })

  it('26: does not stretch the last turn to the end of a much longer call', () => {
    const call = callOf(readElevenLabsEvent(loadWebhook('elevenlabs-transcription')))
    expect(call.durationSeconds).toBe(79)
    const { segments } = parseAccepted('elevenlabs', loadWebhook('elevenlabs-transcription'))
    // The last turn starts at 14 and has 8 words: 14 + 8 × 0.35 + 0.3 = 17.1.
    expect(speech(segments).at(-1)).toMatchObject({ startSeconds: 14, endSeconds: 17.1 })
  })

  it('27: does not shift a call to zero that begins with silence', () => {
    expect(parseAccepted('pipecat', loadSample('pipecat-timed')).segments[0]?.startSeconds).toBe(
      4.2,
    )
    expect(parseAccepted('deepgram', loadSample('deepgram-words')).segments[0]?.startSeconds).toBe(
      2.5000001,
    )
    // The recording starts 3.5 s before the greeting.
    expect(
      parseAccepted('livekit', loadSample('livekit-session-report')).segments[0]?.startSeconds,
    ).toBe(3.5)
  })
})
