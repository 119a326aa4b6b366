import { createHash } from 'node:crypto'
import type { EvaluationInput } from '../store/evaluation-input.ts'
import type { MetricRecord } from '../store/metrics.ts'

/** What results rest on: `said` of the judge, `measured` of what is computed, `scripted` of scripts. */
export type InputHashes = Record<'said' | 'measured' | 'scripted', string>

/** SHA-256 in hexadecimal. Results of the same metric version on equal input need not be found again. */
export function hashInput(call: EvaluationInput): InputHashes {
  const words = hash([
    call.segments,
    call.endedReason,
    call.metadata,
    call.dynamicVariables,
    call.agent,
    call.durationSeconds,
  ])
  const said = hash([words, call.startedAt, call.topic])
  const { customerNumber, dropoffPoint, heard } = call
  return {
    said,
    measured: hash([words, heard]),
    scripted: hash([said, heard, customerNumber, dropoffPoint]),
  }
}

function hash(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}

/** The hash of what a metric looks at. */
export function hashFor({ content }: Pick<MetricRecord, 'content'>, hashes: InputHashes): string {
  if (content.kind === 'computed') return hashes.measured
  return content.kind === 'custom_code' ? hashes.scripted : hashes.said
}
