import { foldCase } from '#contract/fold-case.ts'
import type { SearchHit } from '#contract/search-hit.ts'
import type { Segment } from '#contract/transcript.ts'
import type { Database } from './database.ts'
import { excerpt, type Range } from './excerpt.ts'
import { nextTurn } from './next-turn.ts'
import { createPhraseFinder, type SpokenPhrase, searchPhrases } from './spoken-words.ts'

/** A transcript can have megabytes: only so many are in memory at a time. */
const CALLS_AT_ONCE = 10
/** Searched in about 10 ms; others get their turn in between. */
const CHARACTERS_AT_ONCE = 100_000

type Found = {
  id: number
  call_id: string
  customer_number: string
  trace_id: string
  segments: string
}

/**
 * Where a search finds its words in the given calls of a project, in the order of `ids`; calls in which it finds
 * nothing are left out. Rejects as `SlowReader.run` does.
 */
export async function listSearchHits(
  database: Database,
  {
    projectId,
    ids,
    search,
    signal,
  }: { projectId: number; ids: readonly number[]; search: string; signal?: AbortSignal },
): Promise<SearchHit[]> {
  const phrases = searchPhrases(search)
  const hits = new Map<number, SearchHit>()
  const wanted = [...new Set(ids)]
  for (let start = 0; start < wanted.length; start += CALLS_AT_ONCE) {
    const some = wanted.slice(start, start + CALLS_AT_ONCE)
    for (const call of await readCalls(database, { projectId, ids: some, signal })) {
      const segments = JSON.parse(call.segments) as Segment[] // as we stored them
      // A transcript of 60,000 words takes 30 ms to read and as long to search: others get their turn in between.
      await nextTurn(signal)
      const hit = await findHit(call, { segments, phrases, search, signal })
      if (hit !== null) hits.set(call.id, hit)
      await nextTurn(signal)
    }
  }
  return wanted.flatMap((id) => hits.get(id) ?? [])
}

function readCalls(
  database: Database,
  {
    projectId,
    ids,
    signal,
  }: { projectId: number; ids: readonly number[]; signal: AbortSignal | undefined },
): Promise<Found[]> {
  const query = database.reader
    .selectFrom('call')
    .innerJoin('call_content', 'call_content.call_id', 'call.id')
    .select(['call.id', 'call.call_id', 'call.customer_number', 'call.trace_id'])
    .select('call_content.segments')
    .where('call.project_id', '=', projectId)
    .where('call.id', 'in', ids)
  return database.slow.run(query, { signal, urgency: 'page' })
}

async function findHit(
  call: Found,
  {
    segments,
    phrases,
    search,
    signal,
  }: {
    segments: readonly Segment[]
    phrases: readonly SpokenPhrase[]
    search: string
    signal: AbortSignal | undefined
  },
): Promise<SearchHit | null> {
  const inSegments = await findInSegments(segments, { callId: call.id, phrases, signal })
  return inSegments ?? findInIdentifiers(call, search)
}

/** The segment with the most of the phrases, the earliest of equals. */
async function findInSegments(
  segments: readonly Segment[],
  {
    callId,
    phrases,
    signal,
  }: { callId: number; phrases: readonly SpokenPhrase[]; signal: AbortSignal | undefined },
): Promise<SearchHit | null> {
  const findPhrases = createPhraseFinder(phrases)
  let best: { index: number; ranges: Range[][]; wordCount: number } | null = null
  let segmentCount = 0
  let characters = 0
  for (const [index, segment] of segments.entries()) {
    if (segment.kind !== 'speech') continue
    characters += segment.text.length
    if (characters > CHARACTERS_AT_ONCE) {
      await nextTurn(signal)
      characters = segment.text.length
    }
    const ranges = findPhrases(segment.text)
    const wordCount = phrases.reduce(
      (sum, { words }, place) => sum + (ranges[place]?.length ? words.length : 0),
      0,
    )
    if (wordCount === 0) continue
    segmentCount += 1
    if (best === null || wordCount > best.wordCount) best = { index, ranges, wordCount }
  }
  const segment = best === null ? undefined : segments[best.index]
  if (best === null || segment?.kind !== 'speech') return null
  return {
    callId,
    ...excerpt(segment.text, best.ranges),
    segmentIndex: best.index,
    startSeconds: segment.startSeconds,
    segmentCount,
  }
}

function findInIdentifiers(
  { id, call_id, customer_number, trace_id }: Found,
  search: string,
): SearchHit | null {
  const wanted = foldCase(search.trim())
  if (wanted === '') return null
  for (const text of [call_id, customer_number, trace_id]) {
    const folded = foldCase(text)
    const start = folded.indexOf(wanted)
    if (start === -1) continue
    // A few letters change their length with their case: without places that fit, none is shown.
    const isSameLength = folded.length === text.length
    const ranges: Range[] = isSameLength ? [[start, start + wanted.length]] : []
    return {
      callId: id,
      ...excerpt(text, [ranges]),
      segmentIndex: null,
      startSeconds: null,
      segmentCount: 0,
    }
  }
  return null
}
