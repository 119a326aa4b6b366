import { type RawBuilder, sql } from 'kysely'
import type { CallFieldName } from '#contract/filter.ts'
import type { Tables } from './tables.ts'

/** Columns with an index that starts with the project and ends with the call's id. */
export type IndexedColumn = Extract<
  keyof Tables['call'],
  | 'call_id'
  | 'started_at'
  | 'duration_ms'
  | 'status'
  | 'agent_name'
  | 'customer_number'
  | 'ended_reason'
  | 'topic'
  | 'longest_gap_ms'
  | 'tool_error_count'
>

export type FieldColumn =
  /** One value per call, null where it has none. */
  | {
      kind: 'value'
      value: RawBuilder<unknown>
      /** Seconds on the outside, milliseconds in the column. */
      isMilliseconds?: true
      index?: IndexedColumn
    }
  | { kind: 'tags' }
  | { kind: 'comments' }
  | { kind: 'words' }

const column = (name: keyof Tables['call']): RawBuilder<unknown> => sql.ref(`call.${name}`)
const plain = (name: keyof Tables['call']) => ({ kind: 'value', value: column(name) }) as const
const indexed = (name: IndexedColumn) => ({ ...plain(name), index: name }) as const
const derived = (value: RawBuilder<unknown>) => ({ kind: 'value', value }) as const

/** Where each field of a call is kept. Expressions hold no input. */
export const COLUMN = {
  outcome: derived(
    sql`case when ${column('is_judged')} = 0 and ${column('status')} in ('success', 'failure')
      then 'not-evaluated' else ${column('status')} end`,
  ),
  success: plain('success'),
  timestamp: indexed('started_at'),
  duration: { ...indexed('duration_ms'), isMilliseconds: true },
  call_ended_reason: indexed('ended_reason'),
  topic: indexed('topic'),
  dropoff_point: plain('dropoff_point'),
  customer_number: indexed('customer_number'),
  call_id: indexed('call_id'),
  tag: { kind: 'tags' },
  transcript: { kind: 'words' },
  transcript_state: plain('transcript_state'),
  has_recording: derived(sql`(${column('recording_state')} = 'ready')`),
  error_message: plain('error_message'),
  status: indexed('status'),
  trace_id: plain('trace_id'),
  id: plain('id'),
  created_at: plain('created_at'),
  updated_at: plain('updated_at'),
  is_demo: plain('is_demo'),
  'agent.agent_name': indexed('agent_name'),
  'agent.id': plain('agent_id'),
  'agent.assistant_id': derived(
    sql`(select agent.assistant_id from agent where agent.id = ${column('agent_id')})`,
  ),
  is_reviewed: plain('is_reviewed'),
  reviewer: plain('reviewer'),
  feedback: plain('feedback'),
  has_comment: derived(sql`(${column('feedback')} <> '' or ${column('comment_count')} > 0)`),
  has_open_comment: derived(sql`(${column('open_comment_count')} > 0)`),
  comment: { kind: 'comments' },
  has_vote: derived(sql`(${column('vote_count')} > 0)`),
  disagrees_with_judge: derived(
    sql`case when ${column('is_reviewed')} = 1
      then ${column('judge_success')} <> ${column('success')} end`,
  ),
  longest_response_gap: { ...indexed('longest_gap_ms'), isMilliseconds: true },
  interruptions: plain('interruption_count'),
  overlaps: plain('overlap_count'),
  silence_share: plain('silence_share'),
  talk_share: plain('talk_share'),
  words_per_minute: plain('words_per_minute'),
  tool_errors: indexed('tool_error_count'),
  segment_count: plain('segment_count'),
} as const satisfies Record<CallFieldName, FieldColumn>

/** As an integer where the seconds are exact to the millisecond, so that 1.005 finds 1005 and not 1004.9999. */
export function toMilliseconds(seconds: number): number {
  const rounded = Math.round(seconds * 1000)
  return rounded / 1000 === seconds ? rounded : seconds * 1000
}
