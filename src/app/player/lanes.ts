import type { RecordingDetail } from '#contract/call.ts'

/** Whose voice a channel carries. `both`: one channel for everyone. `unknown`: nobody said which is which. */
export type Voice = 'agent' | 'caller' | 'both' | 'unknown'

/** One lane of the waveform. */
export type Lane = { channel: number; voice: Voice; label: string }

/** The lanes of a recording from top to bottom: the agent above the caller, whatever their channels. */
export function lanesOf({
  channels,
  agentChannel,
}: Pick<RecordingDetail, 'channels' | 'agentChannel'>): Lane[] {
  if (channels === 1) return [{ channel: 0, voice: 'both', label: 'Both' }]
  if (channels === 2 && agentChannel !== null) {
    return [
      { channel: agentChannel, voice: 'agent', label: 'Agent' },
      { channel: 1 - agentChannel, voice: 'caller', label: 'Caller' },
    ]
  }
  return Array.from({ length: channels }, (_, channel) => ({
    channel,
    voice: 'unknown',
    label: `Ch ${channel + 1}`,
  }))
}
