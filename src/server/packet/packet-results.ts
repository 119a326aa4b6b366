import type { Evidence, Verdict } from '#contract/metric-result.ts'
import type { CallReview, MetricVote } from '#contract/review.ts'
import type { RubricOutcome } from '#contract/rubric.ts'
import type { Segment } from '#contract/transcript.ts'
import type { CallFile, FileComment } from './call-file.ts'
import { html, type Markup } from './markup.ts'
import { timeMark } from './packet-transcript.ts'
import { conditionWords, moment, type Outcome, passOutcome, verdictValue } from './result-words.ts'

type Sound = { hasAudio: boolean }

export function badge({ tone, word }: Outcome): Markup {
  return html`<span class="badge ${tone}">${word}</span>`
}

/** What people decided, and what they did, newest first. */
export function reviewSection({ isReviewed, reviewer, reviewedAt, ...review }: CallReview): Markup {
  const events = review.events.map(
    (event) =>
      html`<li>${event.isStanding ? event.text : html`<s>${event.text}</s>`} <span class="soft">${event.reviewer}, ${moment(event.createdAt)}</span></li>\n`,
  )
  const when = reviewedAt === null ? '' : `, ${moment(reviewedAt)}`
  return html`
<section aria-labelledby="review-title">
<h2 id="review-title">Review</h2>
<p>${isReviewed ? `Reviewed by ${reviewer}${when}.` : 'Nobody has decided about this call.'}</p>
${review.feedback !== '' && html`<blockquote dir="auto">${review.feedback}</blockquote>`}
${events.length > 0 && html`<ul class="plain">${events}</ul>`}
</section>`
}

/** Results that say something first, those that were skipped after them. */
export function verdictSection({ verdicts, review }: CallFile, sound: Sound): Markup {
  const shown = verdicts.filter(({ state }) => state !== 'skipped')
  const names = verdicts.filter(({ state }) => state === 'skipped').map(({ name }) => name)
  const items = shown.map((verdict) => {
    const votes = review.votes.filter(({ metricId }) => metricId === verdict.metricId)
    return verdictItem(verdict, { votes, sound })
  })
  return html`
<section aria-labelledby="results-title">
<h2 id="results-title">Results</h2>
${items.length === 0 ? html`<p class="soft">No metric has judged this call.</p>` : html`<ul class="plain">${items}</ul>`}
${names.length > 0 && html`<p class="soft">Without a result: ${names.join(', ')}.</p>`}
</section>`
}

function verdictItem(
  verdict: Verdict,
  { votes, sound }: { votes: readonly MetricVote[]; sound: Sound },
): Markup {
  const isBroken = verdict.state === 'failed'
  const outcome = passOutcome(verdict.passed, isBroken ? 'Broke' : 'Measured')
  return html`<li class="card">
<h3>${verdict.name}</h3>
<p>${badge(outcome)} <b>${verdictValue(verdict)}</b></p>
${verdict.explanation !== '' && html`<p dir="auto" class="text">${verdict.explanation}</p>`}
${verdict.evidence.map((evidence) => evidenceItem(evidence, sound))}
${votes.map(voteItem)}
</li>\n`
}

function evidenceItem(evidence: Evidence, { hasAudio }: Sound): Markup {
  const mark = timeMark(evidence.startSeconds, { hasAudio, what: 'evidence' })
  const quote = evidence.quote !== '' && html` <q dir="auto">${evidence.quote}</q>`
  const note = evidence.note !== '' && html` <span class="soft">${evidence.note}</span>`
  const doubt = !evidence.isFound && html` <span class="soft">(not in the transcript)</span>`
  return html`<p class="evidence">${mark}${quote}${note}${doubt}</p>\n`
}

function voteItem({ reviewer, agrees, expectedValue, note }: MetricVote): Markup {
  const opinion = agrees === null ? 'has no opinion' : agrees ? 'agrees' : 'disagrees'
  const expected = expectedValue === null ? '' : `, should be ${expectedWords(expectedValue)}`
  return html`<p class="evidence"><b>${reviewer}</b> ${opinion}${expected}.${note !== '' && html` <span dir="auto">${note}</span>`}</p>\n`
}

function expectedWords(value: NonNullable<MetricVote['expectedValue']>): string {
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value)
}

/** Which conditions decided. */
export function rubricSection(rubric: RubricOutcome | null): Markup {
  return html`
<section aria-labelledby="rubric-title">
<h2 id="rubric-title">Rubric</h2>
${rubric === null || rubric.findings.length === 0 ? html`<p class="soft">No rubric decided this call.</p>` : findingList(rubric)}
</section>`
}

function findingList({ logic, success, findings }: RubricOutcome): Markup {
  const items = findings.map(
    (finding) =>
      html`<li>${badge(passOutcome(finding.passed, 'Skipped'))} <b>${finding.metricName}</b> ${conditionWords(finding)}${finding.actual !== null && html` <span class="soft">was ${finding.actual}</span>`}</li>\n`,
  )
  const rule = logic === 'and' ? 'All of these have to hold.' : 'One of these has to hold.'
  return html`<p>${badge(passOutcome(success, 'Undecided'))} ${rule}</p><ul class="plain">${items}</ul>`
}

/** Threads by second, replies below them, one by one. */
export function* commentSection({ comments, segments }: CallFile, sound: Sound): Generator<Markup> {
  yield html`
<section aria-labelledby="comments-title">
<h2 id="comments-title">Comments</h2>
${comments.length === 0 ? html`<p class="soft">Nobody has commented on this call.</p>` : html`<ul class="plain">`}`
  for (const comment of comments) yield commentItem(comment, { segments, sound })
  yield html`${comments.length > 0 && html`</ul>`}
</section>`
}

function commentItem(
  comment: FileComment,
  { segments, sound }: { segments: readonly Segment[]; sound: Sound },
): Markup {
  const what = `comment of ${comment.author}`
  const mark = timeMark(placeOf(comment, segments), { ...sound, what })
  const state =
    comment.isResolved && html` <span class="soft">resolved by ${comment.resolvedBy}</span>`
  return html`<li class="card${comment.parentId === null ? '' : ' reply'}">
<p><b>${comment.author}</b> ${mark} <span class="soft">${moment(comment.createdAt)}</span>${state}</p>
<p dir="auto" class="text">${comment.text}</p>
</li>\n`
}

function placeOf(
  { atSeconds, segmentIndex }: FileComment,
  segments: readonly Segment[],
): number | null {
  if (atSeconds !== null || segmentIndex === null) return atSeconds
  return segments[segmentIndex]?.startSeconds ?? null
}
