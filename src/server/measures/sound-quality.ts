import { type Finding, scored, skipped } from '#contract/metric-result.ts'
import type { ChannelSpeech } from '#contract/recording-speech.ts'
import { rounded } from './evidence.ts'
import type { PreparedCall } from './prepare-call.ts'

const NO_SOUND = 'There is no recording that could be listened to.'

/** The mean pitch of the agent's voice, in Hz. Source: Cekura's metric catalogue, Average Pitch. */
export function measurePitch({ sound, agentSound, talk }: PreparedCall): Finding {
  if (sound === null) return skipped('no-input', NO_SOUND)
  if (agentSound === null) return skipped('no-input', talk.missing)
  const { meanPitchHz } = agentSound
  if (meanPitchHz === null) {
    return skipped('no-input', 'Too little of the agent’s voice is clear enough to have a pitch.')
  }
  return scored({
    score: rounded(meanPitchHz, 1),
    basis: 'audio',
    explanation: `The agent’s voice has ${Math.round(meanPitchHz)} Hz on average.`,
  })
}

/** The level of the agent's speech, in dBFS; of the loudest channel where the agent has none of its own. */
export function measureLoudness({ sound, agentSound }: PreparedCall): Finding {
  if (sound === null) return skipped('no-input', NO_SOUND)
  const channels = agentSound ? [agentSound] : sound.channels
  const levels = channels.flatMap(({ speechLevelDbfs }) => speechLevelDbfs ?? [])
  if (levels.length === 0) return skipped('no-input', 'No speech is heard in the recording.')
  const score = rounded(Math.max(...levels), 1)
  return scored({
    score,
    basis: 'audio',
    explanation: `${whoseSpeech({ sound, agentSound })} has a level of ${score} dBFS.`,
  })
}

/** By how many dB speech is louder than the rest, on the channel where that is least. */
export function measureNoise({ sound }: PreparedCall): Finding {
  if (sound === null) return skipped('no-input', NO_SOUND)
  const ratios = sound.channels.flatMap(ratioDb)
  if (ratios.length === 0) {
    return skipped('no-input', 'The recording has no speech, or nothing but speech.')
  }
  const score = rounded(Math.min(...ratios), 1)
  const where = ratios.length > 1 ? ', on the noisier channel' : ''
  return scored({
    score,
    basis: 'audio',
    explanation: `Speech is ${score} dB louder than the rest${where}.`,
  })
}

/** Per cent of the samples that are clipped, on the channel that has more of them. */
export function measureClipping({ sound }: PreparedCall): Finding {
  if (sound === null) return skipped('no-input', NO_SOUND)
  const share = Math.max(...sound.channels.map(({ clippedShare }) => clippedShare))
  const score = rounded(share * 100, 4)
  return scored({
    score,
    basis: 'audio',
    explanation:
      share === 0 ? 'Nothing is clipped.' : `${score} % of the sound stands at full scale.`,
  })
}

function ratioDb({ speechLevelDbfs, noiseLevelDbfs }: ChannelSpeech): number[] {
  if (speechLevelDbfs === null || noiseLevelDbfs === null) return []
  return [speechLevelDbfs - noiseLevelDbfs]
}

function whoseSpeech({ sound, agentSound }: Pick<PreparedCall, 'sound' | 'agentSound'>): string {
  if (agentSound) return 'The agent’s speech'
  return sound?.channels.length === 1 ? 'Speech of both sides' : 'Speech on the louder channel'
}
