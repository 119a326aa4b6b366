import { answeredYesNo, type Evidence, type Finding, skipped } from '#contract/metric-result.ts'
import type { ToolResultSegment } from '#contract/transcript.ts'
import { at, counted, evidenceOf, first, shortened } from './evidence.ts'
import type { PreparedCall } from './prepare-call.ts'

/** `error`, `errors`, `TimeoutError`, `error_code` and `failed`; not `terror`. */
const ERROR_WORD = /(?<![a-z])(?:errors?|failed)(?![a-z])|[a-z]Errors?(?![a-z])/
/** `"error": null` and the like say that there was none, as does Python's `'error': None`. */
const NO_ERROR =
  /["'][^"']{0,60}(?:error|failed)[^"']{0,60}["']\s*:\s*(?:null|none|false|0|""|''|\[\s*\]|\{\s*\})(?=\s*[,}\]])|\b(?:no|without|0) errors?\b/gi

/** No where any tool result is an error. Source: Cekura's metric catalogue, Tool Call Success. */
export function checkToolCalls({ segments }: PreparedCall): Finding {
  const failures: ToolFailure[] = []
  let results = 0
  for (const [segmentIndex, segment] of segments.entries()) {
    if (segment.kind !== 'tool-result') continue
    results++
    const why = whyFailed(segment)
    if (why === null) continue
    const tool = segment.name === '' ? 'tool' : shortened(segment.name)
    const note = `${tool}: ${why}`
    failures.push({ tool, evidence: evidenceOf(segments, { segmentIndex, note }) })
  }
  if (results === 0) return skipped('no-input', 'The transcript has no result of a tool call.')
  return answeredYesNo(failures.length === 0, {
    basis: 'transcript',
    explanation:
      failures.length === 0
        ? `None of ${counted(results, 'tool result')} is an error.`
        : `${failures.length} of ${counted(results, 'tool result')} ${failures.length === 1 ? 'is an error' : 'are errors'}: ${first(failures).map(named).join(', ')}.`,
    evidence: first(failures).map(({ evidence }) => evidence),
  })
}

type ToolFailure = { tool: string; evidence: Evidence }

/**
 * The sender's flag or the words of the result; a flag that says all is well outweighs words, but not an error that
 * the result names as such. Source: Cekura's metric catalogue, Tool Call Success.
 */
function whyFailed({ isError, resultText }: ToolResultSegment): string | null {
  if (isError === true) return 'marked as an error by the sender'
  const isFailure = isError === false ? namesError(resultText) : saysError(resultText)
  return isFailure ? 'the result speaks of an error' : null
}

/** JSON whose top level has an `error` that is not empty. */
function namesError(text: string): boolean {
  if (!text.trimStart().startsWith('{')) return false
  try {
    const { error } = JSON.parse(text) as { error?: unknown }
    return !isEmpty(error)
  } catch {
    // No JSON: nothing in it has a name.
    return false
  }
}

function isEmpty(value: unknown): boolean {
  if (typeof value === 'string') return value.trim() === ''
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0
  return !value
}

function saysError(text: string): boolean {
  const claims = text.replaceAll(NO_ERROR, ' ')
  return ERROR_WORD.test(claims) || ERROR_WORD.test(claims.toLowerCase())
}

function named({ tool, evidence: { startSeconds } }: ToolFailure): string {
  return startSeconds === null ? tool : `${tool} ${at(startSeconds)}`
}
