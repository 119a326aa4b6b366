import { type Finding, scored, skipped } from '#contract/metric-result.ts'
import { transcriptEndSeconds } from '#contract/transcript.ts'
import { inSeconds, rounded } from './evidence.ts'
import type { PreparedCall } from './prepare-call.ts'

/** The length of the call in seconds: the sender's word, else the recording's length, else the transcript's last time. */
export function measureDuration({ durationSeconds, sound, segments }: PreparedCall): Finding {
  if (durationSeconds !== null && durationSeconds > 0) {
    return lasting(durationSeconds, { basis: null, source: 'as its sender says' })
  }
  if (sound && sound.durationSeconds > 0) {
    return lasting(sound.durationSeconds, { basis: 'audio', source: 'the length of its recording' })
  }
  const endSeconds = transcriptEndSeconds(segments)
  if (endSeconds !== null && endSeconds > 0) {
    return lasting(endSeconds, { basis: 'transcript', source: 'the last time in its transcript' })
  }
  return skipped('no-input', 'The call has neither a length, nor a recording, nor times.')
}

function lasting(
  seconds: number,
  { basis, source }: { basis: Finding['basis']; source: string },
): Finding {
  const explanation = `The call lasts ${inSeconds(seconds)}, ${source}.`
  return scored({ score: rounded(seconds, 3), basis, explanation })
}
