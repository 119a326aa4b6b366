import { z } from 'zod'
import { answeredYesNo, type Evidence, type Finding, scored } from '#contract/metric-result.ts'
import type { Segment } from '#contract/transcript.ts'
import { agentTurns } from '../agent-turns.ts'
import { type Citation, createEvidenceCheck } from '../check-evidence.ts'
import {
  type AnswerShape,
  applies,
  Cited,
  confidence,
  defineShape,
  doesNotApply,
  explanation,
  notAsked,
  type ShapeQuestion,
} from './answer-shape.ts'

const MOST_LISTED = 200
const OUTPUT_TOKENS = 350
/** Top of both scales below. Source: Cekura API, Unnecessary Repetition Score, Verbosity. */
const TOP = 5

const Listed = z.object({
  found: z.array(Cited).describe('Every one, in the order of the call; empty if there is none'),
  explanation,
  applies,
  confidence,
})
type Listed = z.infer<typeof Listed>

const HOW =
  'List them first, each with its segment and quote, then explain. Give no number: they are counted.'

type ListingShape = {
  question: ShapeQuestion
  schemaName: string
  /** `count`: segments of the agent that one of the quotes is found in. */
  toFinding: (count: number, turnCount: number) => Finding
}

/** The judge lists places; what they add up to is ours. */
function listingShape({ question, schemaName, toFinding }: ListingShape): AnswerShape {
  const { segments } = question.call
  const turnCount = agentTurns(segments).length
  if (turnCount === 0) return agentIsSilent()
  return defineShape({
    schemaName,
    schema: Listed,
    howToAnswer: HOW,
    outputTokens: OUTPUT_TOKENS,
    toReading: (answer) => {
      if (!answer.applies) return doesNotApply(answer)
      const listed = lookUp(answer.found, segments)
      const places = new Set(listed.map(({ place }) => place).filter((place) => place !== null))
      return { ...toFinding(places.size, turnCount), ...toldBy(answer, listed) }
    },
  })
}

/** `place`: the segment of the agent that the quote is found in; null where it is in none, and does not count. */
type Place<T extends Citation> = { cited: T; evidence: Evidence; place: number | null }

function lookUp<T extends Citation>(found: readonly T[], segments: readonly Segment[]): Place<T>[] {
  const check = createEvidenceCheck(segments)
  const saidByAgent = new Set(agentTurns(segments).flat())
  return found.slice(0, MOST_LISTED).map((cited) => {
    const evidence = check(cited)
    const { segmentIndex } = evidence
    const counts = segmentIndex !== null && saidByAgent.has(segmentIndex)
    return { cited, evidence, place: counts ? segmentIndex : null }
  })
}

function toldBy(
  answer: Pick<Listed, 'explanation' | 'confidence'>,
  listed: readonly Place<Citation>[],
): Pick<Finding, 'explanation' | 'confidence' | 'evidence'> {
  const unsaidCount = listed.filter(({ place }) => place === null).length
  const note = `Not counted: ${unsaidCount} of ${listed.length} places, which the agent does not say.`
  return {
    explanation: unsaidCount === 0 ? answer.explanation : `${answer.explanation}\n${note}`.trim(),
    confidence: answer.confidence,
    evidence: listed.map(({ evidence }) => evidence).filter(({ quote }) => quote.trim() !== ''),
  }
}

function agentIsSilent(): AnswerShape {
  return notAsked('no-input', 'The agent says nothing in this call.')
}

/** True unless one reply that the agent gave is irrelevant. */
export function relevancyShape(question: ShapeQuestion): AnswerShape {
  return listingShape({
    question,
    schemaName: 'irrelevant_replies',
    toFinding: (count) => answeredYesNo(count === 0, {}),
  })
}

export function repetitionCountShape(question: ShapeQuestion): AnswerShape {
  return listingShape({
    question,
    schemaName: 'repetitions',
    toFinding: (count) => scored({ score: count }),
  })
}

/** 5 · (1 − repetitions / turns of the agent), at least 0. Source: Cekura API, Unnecessary Repetition Score. */
export function repetitionScoreShape(question: ShapeQuestion): AnswerShape {
  return listingShape({
    question,
    schemaName: 'repetitions',
    toFinding: (count, turnCount) =>
      scored({
        score: round(Math.max(0, TOP * (1 - count / turnCount))),
        extra: { repetitions: count, agentTurns: turnCount },
      }),
  })
}

/** What a turn is worth. Source: Cekura API, Verbosity, 5 concise to 1 bloated; the middle is ours. */
const WORTH = { Concise: 5, Padded: 3, Overloaded: 1 } as const

const Wordy = Listed.extend({
  found: z
    .array(Cited.extend({ label: z.enum(['Padded', 'Overloaded']) }))
    .describe('Every turn that is not Concise, in the order of the call; empty if there is none'),
})

/** 1 to 5: the mean worth of the agent's turns, a turn by the worst that is found in it. */
export function verbosityShape({ call }: ShapeQuestion): AnswerShape {
  const { segments } = call
  const turns = agentTurns(segments)
  if (turns.length === 0) return agentIsSilent()
  return defineShape({
    schemaName: 'wordy_turns',
    schema: Wordy,
    howToAnswer: HOW,
    outputTokens: OUTPUT_TOKENS,
    toReading: (answer) => {
      if (!answer.applies) return doesNotApply(answer)
      const listed = lookUp(answer.found, segments)
      const labels = turns.map((turn) => {
        const inTurn = listed.filter(({ place }) => place !== null && turn.includes(place))
        if (inTurn.some(({ cited }) => cited.label === 'Overloaded')) return 'Overloaded'
        return inTurn.length > 0 ? 'Padded' : 'Concise'
      })
      const sum = labels.reduce((total, label) => total + WORTH[label], 0)
      const count = (wanted: string) => labels.filter((label) => label === wanted).length
      return scored({
        score: round(sum / turns.length),
        ...toldBy(answer, listed),
        extra: {
          concise: count('Concise'),
          padded: count('Padded'),
          overloaded: count('Overloaded'),
        },
      })
    },
  })
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
