import { lengthSeconds, type Stretch } from '#contract/conversation.ts'
import { type Finding, scored, skipped } from '#contract/metric-result.ts'
import { at, basisWords, evidenceAt, inSeconds, longest } from './evidence.ts'
import { interpolatedPercentile } from './interpolated-percentile.ts'
import type { PreparedCall } from './prepare-call.ts'

const PERCENTILES = [25, 50, 75, 90, 95, 99]

/** The mean wait for a reply, in ms. Source: Cekura's metric catalogue, Latency. */
export function measureLatency(call: PreparedCall): Finding {
  const { gaps } = call.talk
  if (gaps.length === 0) return withoutReplies(call)
  const waits = gaps.map(toMs)
  const mean = waits.reduce((sum, wait) => sum + wait, 0) / waits.length
  return scored({
    ...shownBy(call, waits.length === 1 ? 'One reply.' : `Mean of ${waits.length} replies.`),
    score: Math.round(mean),
    extra: {
      turns: gaps.map((gap) => ({ ...gap, valueMs: toMs(gap) })),
      percentiles: Object.fromEntries(
        PERCENTILES.map((part) => [`p${part}`, Math.round(interpolatedPercentile(waits, part))]),
      ),
    },
  })
}

/** The wait that 95 % of the replies stay within, in ms; between two replies it is interpolated. */
export function measureLatencyP95(call: PreparedCall): Finding {
  const { gaps } = call.talk
  if (gaps.length === 0) return withoutReplies(call)
  const score = Math.round(interpolatedPercentile(gaps.map(toMs), 95))
  return scored({ ...shownBy(call, `95 of 100 replies come within ${score} ms.`), score })
}

function shownBy(
  { segments, talk: { gaps, basis } }: PreparedCall,
  summary: string,
): Pick<Finding, 'basis' | 'evidence' | 'explanation'> {
  const worst = longest(gaps)
  const slowest = worst[0]
  const words = slowest
    ? ` The longest wait, ${inSeconds(lengthSeconds(slowest))}, begins at ${at(slowest.startSeconds)}.`
    : ''
  return {
    basis,
    evidence: worst.map((gap) =>
      evidenceAt(segments, { ...gap, speaker: 'caller', note: `reply after ${toMs(gap)} ms` }),
    ),
    explanation: `${summary}${words} ${basisWords(basis)}`,
  }
}

function withoutReplies({ talk: { isWhole, missing } }: PreparedCall): Finding {
  return skipped('no-input', isWhole ? 'The agent never answers the caller.' : missing)
}

function toMs(gap: Stretch): number {
  return Math.round(lengthSeconds(gap) * 1000)
}
