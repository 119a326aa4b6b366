import { lengthSeconds, type Stretch, totalLength } from '#contract/conversation.ts'
import {
  answeredYesNo,
  type Evidence,
  type Finding,
  scored,
  skipped,
} from '#contract/metric-result.ts'
import type { Segment, Speaker } from '#contract/transcript.ts'
import { type Configuration, readSeconds } from './configuration.ts'
import { at, basisWords, evidenceAt, inSeconds, longest, rounded } from './evidence.ts'
import type { PreparedCall, Presence } from './prepare-call.ts'

/** Both sides silent, and who spoke last before; null at the start of a call, or where nobody tells. */
type Silence = Stretch & { after: Speaker | null }

type Run = Stretch & { speaker: Speaker | null }

/** No where nobody speaks for longer than allowed. Source: Cekura's metric catalogue, Detect Silence. */
export function checkSilence(call: PreparedCall, configuration: Configuration): Finding {
  const { presence, segments, talk } = call
  if (presence === null) return skipped('no-input', talk.missing)
  const allowed = readSeconds(configuration, 'silence_duration')
  const { basis } = presence
  const silences = silencesOf(presence)
  const tooLong = silences.filter((silence) => lengthSeconds(silence) > allowed)
  const [worst] = longest(silences)
  const said = worst
    ? `The longest silence, ${inSeconds(lengthSeconds(worst))}, begins at ${at(worst.startSeconds)}; up to ${inSeconds(allowed)} are allowed.`
    : 'Somebody speaks at all times.'
  return answeredYesNo(tooLong.length === 0, {
    basis,
    explanation: `${said} ${basisWords(basis)}`,
    evidence: longest(tooLong).map((silence) => evidenceOfSilence(segments, silence)),
  })
}

/** The part of the call in which nobody speaks, 0 to 1. */
export function measureSilenceShare({ presence, segments, talk }: PreparedCall): Finding {
  if (presence === null) return skipped('no-input', talk.missing)
  const { basis, totalSeconds } = presence
  if (totalSeconds <= 0) return skipped('no-input', 'The length of the call is not known.')
  const silences = silencesOf(presence)
  const silentSeconds = totalLength(silences)
  return scored({
    score: rounded(silentSeconds / totalSeconds, 4),
    basis,
    explanation: `Nobody speaks in ${inSeconds(silentSeconds)} of ${inSeconds(totalSeconds)}. ${basisWords(basis)}`,
    evidence: longest(silences).map((silence) => evidenceOfSilence(segments, silence)),
  })
}

/**
 * No where a caller who has spoken waits for longer than allowed while nobody says anything, also at the end of a
 * call that goes on. Source: Cekura's metric catalogue, Infrastructure Issues.
 */
export function checkInfrastructure(
  { talk, segments }: PreparedCall,
  configuration: Configuration,
): Finding {
  if (!talk.isWhole) return skipped('no-input', talk.missing)
  const { basis, runs, totalSeconds } = talk
  if (runs.caller.length === 0) return skipped('no-input', 'The caller never speaks.')
  const allowed = readSeconds(configuration, 'infra_issues_timeout')
  const waits = silencesBetween(
    [
      ...runs.agent.map((run) => ({ ...run, speaker: 'agent' as const })),
      ...runs.caller.map((run) => ({ ...run, speaker: 'caller' as const })),
    ],
    totalSeconds,
  ).filter(({ after }) => after === 'caller')
  const unanswered = waits.filter((wait) => lengthSeconds(wait) > allowed)
  const [worst] = longest(waits)
  const said = worst
    ? `The caller waits ${inSeconds(lengthSeconds(worst))} at the longest ${at(worst.startSeconds)}; up to ${inSeconds(allowed)} are allowed.`
    : 'The caller never waits.'
  return answeredYesNo(unanswered.length === 0, {
    basis,
    explanation: `${said} ${basisWords(basis)}`,
    evidence: longest(unanswered).map((wait) => {
      const note = `no answer for ${inSeconds(lengthSeconds(wait))}`
      return evidenceAt(segments, { ...wait, speaker: 'caller', note })
    }),
  })
}

function evidenceOfSilence(segments: readonly Segment[], silence: Silence): Evidence {
  const note = `nobody speaks for ${inSeconds(lengthSeconds(silence))}`
  return evidenceAt(segments, { ...silence, speaker: null, note })
}

function silencesOf({ runs, totalSeconds }: Presence): Silence[] {
  const anyone = runs.map((run) => ({ ...run, speaker: null }))
  return silencesBetween(anyone, totalSeconds)
}

/** By start, from the start of the call to its end; of those who fall silent at once the caller counts as the last. */
function silencesBetween(runs: readonly Run[], totalSeconds: number): Silence[] {
  const silences: Silence[] = []
  let startSeconds = 0
  let after: Speaker | null = null
  const keep = (endSeconds: number) => {
    const silence = { startSeconds, endSeconds: Math.min(endSeconds, totalSeconds), after }
    if (lengthSeconds(silence) > 0) silences.push(silence)
  }
  for (const run of runs.toSorted((a, b) => a.startSeconds - b.startSeconds)) {
    keep(run.startSeconds)
    if (run.endSeconds < startSeconds) continue
    if (run.endSeconds > startSeconds || run.speaker === 'caller') after = run.speaker
    startSeconds = run.endSeconds
  }
  keep(totalSeconds)
  return silences
}
