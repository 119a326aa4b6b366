import { describe, expect, it } from 'vitest'
import { toTranscriptObject, type WireTranscriptEntry } from '#contract/wire/transcript.ts'
import { loadSample, parseAccepted } from '#testing/load-sample.ts'

/** A turn of no length has an end that nobody gave, which reading it estimates. */
function withoutGuess(entry: WireTranscriptEntry, sent: WireTranscriptEntry): object {
  return sent.end_time === sent.start_time ? { ...entry, end_time: 'open' } : entry
}

describe('the transcript of our own wire', () => {
  it.each([
    ['vapi', 'vapi-messages'],
    ['vapi', 'vapi-functions-2024'],
    ['retell', 'retell-transcript'],
    ['cekura', 'cekura-booking'],
    ['elevenlabs', 'elevenlabs-transcript'],
    ['pipecat', 'pipecat-untimed'],
    ['deepgram', 'deepgram-words'],
    ['livekit', 'livekit-session-report'],
    ['bland', 'bland-call'],
  ] as const)('is read back as the same turns and tools: %s, %s', (type, name) => {
    const sent = toTranscriptObject(parseAccepted(type, loadSample(name)).segments)
    const back = toTranscriptObject(parseAccepted(null, sent).segments)
    expect(back).toHaveLength(sent.length)
    for (const [index, entry] of sent.entries()) {
      expect(withoutGuess(back[index] ?? entry, entry)).toEqual(withoutGuess(entry, entry))
    }
  })
})
