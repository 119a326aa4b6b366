import { CallStatus, TranscriptState } from './call.ts'

/**
 * How a rule compares. The first ten are the published ones, `endswith` and `regex` the dashboards' own.
 * Source: Cekura API, `filters_v2`, operators.
 */
export const FILTER_OPS = [
  'eq',
  'neq',
  'gt',
  'gte',
  'lt',
  'lte',
  'contains',
  'startswith',
  'in',
  'isnull',
  'endswith',
  'regex',
] as const
export type FilterOp = (typeof FILTER_OPS)[number]

/** `and`: all hold. `or`: at least one. `not`: none. `same_row`: all hold for one and the same metric result. */
export const GROUP_OPERATORS = ['and', 'or', 'not', 'same_row'] as const
export type GroupOperator = (typeof GROUP_OPERATORS)[number]

export type FilterScalar = string | number | boolean | null

/** One question about one field. A disabled rule asks nothing and is kept for later. */
export type FilterRule = {
  field: string
  op: FilterOp
  /** As the field's kind wants it: see `FieldKind`. A list for `in`, true or false for `isnull`. */
  value: FilterScalar | readonly FilterScalar[]
  disabled?: true
}

/** A group without conditions that count asks nothing either, wherever it stands; at the root everything matches. */
export type FilterGroup = {
  operator: GroupOperator
  conditions: readonly FilterNode[]
  disabled?: true
}

/**
 * What the calls of a list have in common: a tree of groups and rules, spelled as on the wire. Two-valued: a rule
 * about a value that a call does not have is false, except `neq`, which is the complement of `eq`, and `isnull`.
 */
export type FilterNode = FilterRule | FilterGroup

/** Where a node stands: the index among the conditions of each group from the root down; `[]` is the root. */
export type NodePath = readonly number[]

export function isGroup(node: FilterNode): node is FilterGroup {
  return 'operator' in node
}

/** Matches every call. */
export const EVERY_CALL: FilterGroup = { operator: 'and', conditions: [] }

/** Beyond these a filter is refused. A person reads none of that size; SQLite parses expressions up to depth 1,000. */
export const FILTER_LIMITS = {
  depth: 16,
  nodes: 200,
  /** Rules with the operator `regex`. */
  patterns: 20,
  listLength: 1000,
  textLength: 500,
  /** Length of a whole filter as JSON or in a URL, in characters. */
  totalLength: 60_000,
} as const

/**
 * What values a field has, which decides its operators and the editor of its values.
 * `text`: any text. `words`: spoken text, found by words. `number`: with the field's unit. `time`: ISO 8601 or a relative
 * time such as `now-7d`. `choice`: one of a few. `any`: text, number, true, false or null, as metadata holds them.
 */
export type FieldKind = 'text' | 'words' | 'number' | 'boolean' | 'time' | 'choice' | 'any'

/** `share` runs from 0 to 1 and is shown as per cent; `confidence` from 0 to 100. */
export type FieldUnit = 'seconds' | 'share' | 'words-per-minute' | 'count' | 'confidence' | 'id'

export type FieldGroup =
  | 'Call'
  | 'Agent'
  | 'Review'
  | 'Conversation'
  | 'Metric results'
  | 'Metadata'
  | 'Dynamic variables'

export type FieldChoice = { value: string; label: string }

export type FilterField = {
  /** As it is spelled in a rule. */
  name: string
  label: string
  group: FieldGroup
  kind: FieldKind
  unit?: FieldUnit
  choices?: readonly FieldChoice[]
  /** A call can have several of these values: a rule holds if one of them satisfies it. */
  isMultiple?: true
  /** What the value is, for a person who builds a filter. */
  help?: string
}

type FieldEntry = Omit<FilterField, 'name'>

const STATUS_LABEL: Record<CallStatus, string> = {
  evaluating: 'Evaluating',
  success: 'Success',
  failure: 'Failure',
  reviewed_success: 'Reviewed success',
  reviewed_failure: 'Reviewed failure',
}

const STATUSES = CallStatus.options.map((value) => ({ value, label: STATUS_LABEL[value] }))

const TRANSCRIPT_STATE_LABEL: Record<TranscriptState, string> = {
  ready: 'There',
  'needs-transcription': 'Needs transcription',
  none: 'None',
}

/**
 * Every field of a call that a filter can name, in the order of the builder's list. A new field is an entry here;
 * the compiler then asks for its column in `store/filter-columns.ts`.
 */
export const CALL_FIELDS = {
  outcome: {
    label: 'Status',
    group: 'Call',
    kind: 'choice',
    choices: [...STATUSES, { value: 'not-evaluated', label: 'Not evaluated' }],
    help: 'As the list shows it: a call that nothing judged is no success.',
  },
  success: {
    label: 'Success',
    group: 'Call',
    kind: 'boolean',
    help: 'Empty while the first evaluation runs and after a processing error.',
  },
  timestamp: { label: 'Started', group: 'Call', kind: 'time' },
  duration: { label: 'Duration', group: 'Call', kind: 'number', unit: 'seconds' },
  call_ended_reason: { label: 'Ended reason', group: 'Call', kind: 'text' },
  topic: { label: 'Topic', group: 'Call', kind: 'text' },
  dropoff_point: { label: 'Drop-off point', group: 'Call', kind: 'text' },
  customer_number: { label: 'Customer number', group: 'Call', kind: 'text' },
  call_id: { label: 'Call ID', group: 'Call', kind: 'text' },
  tag: { label: 'Tag', group: 'Call', kind: 'text', isMultiple: true },
  transcript: {
    label: 'Transcript',
    group: 'Call',
    kind: 'words',
    help: 'Words said one after the other; the last one may go on. Case and accents do not matter.',
  },
  transcript_state: {
    label: 'Transcript state',
    group: 'Call',
    kind: 'choice',
    choices: TranscriptState.options.map((value) => ({
      value,
      label: TRANSCRIPT_STATE_LABEL[value],
    })),
  },
  has_recording: { label: 'Has a recording', group: 'Call', kind: 'boolean' },
  error_message: { label: 'Processing error', group: 'Call', kind: 'text' },
  status: {
    label: 'Status on the wire',
    group: 'Call',
    kind: 'choice',
    choices: STATUSES,
    help: 'As the API answers it: “success” also where nothing was judged.',
  },
  trace_id: { label: 'Trace ID', group: 'Call', kind: 'text' },
  id: { label: 'Number in Talktrack', group: 'Call', kind: 'number', unit: 'id' },
  created_at: { label: 'Received', group: 'Call', kind: 'time' },
  updated_at: { label: 'Last changed', group: 'Call', kind: 'time' },
  is_demo: { label: 'Is a demo call', group: 'Call', kind: 'boolean' },

  'agent.agent_name': { label: 'Agent', group: 'Agent', kind: 'text' },
  'agent.id': { label: 'Agent number', group: 'Agent', kind: 'number', unit: 'id' },
  'agent.assistant_id': { label: 'Assistant ID', group: 'Agent', kind: 'text' },

  is_reviewed: { label: 'Reviewed', group: 'Review', kind: 'boolean' },
  reviewer: { label: 'Reviewer', group: 'Review', kind: 'text' },
  feedback: { label: 'Feedback', group: 'Review', kind: 'text' },
  has_comment: { label: 'Has a comment', group: 'Review', kind: 'boolean' },
  has_open_comment: {
    label: 'Has an open comment',
    group: 'Review',
    kind: 'boolean',
    help: 'A thread of comments that nobody has resolved.',
  },
  comment: {
    label: 'Comment',
    group: 'Review',
    kind: 'text',
    isMultiple: true,
    help: 'What people wrote at a second, a segment or the whole call, replies included.',
  },
  has_vote: { label: 'Has a vote', group: 'Review', kind: 'boolean' },
  disagrees_with_judge: {
    label: 'Reviewer disagrees with judge',
    group: 'Review',
    kind: 'boolean',
    help: 'Empty unless both have decided.',
  },

  longest_response_gap: {
    label: 'Longest response gap',
    group: 'Conversation',
    kind: 'number',
    unit: 'seconds',
    help: 'From the end of the caller’s words to the agent’s next ones.',
  },
  interruptions: {
    label: 'Interruptions',
    group: 'Conversation',
    kind: 'number',
    unit: 'count',
    help: 'How often the agent starts to speak while the caller is speaking.',
  },
  overlaps: {
    label: 'Overlaps',
    group: 'Conversation',
    kind: 'number',
    unit: 'count',
    help: 'How often both speak at once.',
  },
  silence_share: { label: 'Silence share', group: 'Conversation', kind: 'number', unit: 'share' },
  talk_share: {
    label: 'Talk share of the agent',
    group: 'Conversation',
    kind: 'number',
    unit: 'share',
  },
  words_per_minute: {
    label: 'Words per minute of the agent',
    group: 'Conversation',
    kind: 'number',
    unit: 'words-per-minute',
  },
  tool_errors: { label: 'Tool errors', group: 'Conversation', kind: 'number', unit: 'count' },
  segment_count: { label: 'Segments', group: 'Conversation', kind: 'number', unit: 'count' },
} as const satisfies Record<string, FieldEntry>

export type CallFieldName = keyof typeof CALL_FIELDS

/**
 * Fields of a metric result. A call has one current result per metric. As `metric_evaluations.value` a rule holds if
 * some result satisfies it; as `metric_evaluations.35.value` if the result of metric 35 does.
 * Source: Cekura API, `metric_evaluations.*`; `score`, `passed`, `explanation` and the numbered form are ours.
 */
export const RESULT_FIELDS = {
  value: {
    label: 'value',
    group: 'Metric results',
    kind: 'any',
    isMultiple: true,
    help: 'The score, the chosen label, or true and false for a metric of that kind.',
  },
  score: { label: 'score', group: 'Metric results', kind: 'number', isMultiple: true },
  passed: { label: 'passed', group: 'Metric results', kind: 'boolean', isMultiple: true },
  explanation: { label: 'explanation', group: 'Metric results', kind: 'text', isMultiple: true },
  confidence: {
    label: 'confidence',
    group: 'Metric results',
    kind: 'number',
    unit: 'confidence',
    isMultiple: true,
  },
} as const satisfies Record<string, FieldEntry>

/** What a result says of itself; only where no metric is named by number. */
export const RESULT_METRIC_FIELDS = {
  'metric.id': {
    label: 'metric number',
    group: 'Metric results',
    kind: 'number',
    unit: 'id',
    isMultiple: true,
  },
  'metric.name': {
    label: 'metric name',
    group: 'Metric results',
    kind: 'text',
    isMultiple: true,
  },
} as const satisfies Record<string, FieldEntry>

export type ResultFieldName = keyof typeof RESULT_FIELDS | keyof typeof RESULT_METRIC_FIELDS

const RESULT_ENTRIES: Record<ResultFieldName, FieldEntry> = {
  ...RESULT_FIELDS,
  ...RESULT_METRIC_FIELDS,
}

/** Other spellings of the same fields that clients use. Source: Cekura API, widgets and legacy parameters. */
export const FIELD_ALIASES: Readonly<Record<string, string>> = {
  agent_id: 'agent.id',
  agent: 'agent.id',
  agent_name: 'agent.agent_name',
  'agent.name': 'agent.agent_name',
  assistant_id: 'agent.assistant_id',
}

export type AttributeSource = 'metadata' | 'dynamic_variables'

/** What a field's name refers to. */
export type FieldTarget =
  | { kind: 'call'; name: CallFieldName }
  /** `metricId` null: any metric's result. */
  | { kind: 'result'; name: ResultFieldName; metricId: number | null }
  /** `path` is a dot path of any depth; the elements of a list share the list's path. */
  | { kind: 'attribute'; source: AttributeSource; path: string }

const ATTRIBUTE_GROUP: Record<AttributeSource, FieldGroup> = {
  metadata: 'Metadata',
  dynamic_variables: 'Dynamic variables',
}

const ATTRIBUTE_NAME = /^(metadata|dynamic_variables)\.(.+)$/s
const RESULT_NAME = /^metric_evaluations\.(?:(\d{1,15})\.)?(.+)$/
const LONGEST_PATH = 300

/** What `name` refers to, aliases included; null for a name that is no field. */
export function findFieldTarget(name: string): FieldTarget | null {
  const canonical = canonicalName(name)
  if (isKeyOf(CALL_FIELDS, canonical)) return { kind: 'call', name: canonical }
  const attribute = ATTRIBUTE_NAME.exec(canonical)
  if (attribute) {
    const [, source, path] = attribute
    if (path === undefined || path.length > LONGEST_PATH) return null
    return { kind: 'attribute', source: source as AttributeSource, path }
  }
  const result = RESULT_NAME.exec(canonical)
  if (!result) return null
  const [, metricId, part = ''] = result
  if (metricId !== undefined) {
    if (!isKeyOf(RESULT_FIELDS, part)) return null
    return { kind: 'result', name: part, metricId: Number(metricId) }
  }
  return isKeyOf(RESULT_ENTRIES, part) ? { kind: 'result', name: part, metricId: null } : null
}

/** The field of that name, aliases included; null if there is none. Metadata paths need not exist in any call. */
export function findField(name: string): FilterField | null {
  const target = findFieldTarget(name)
  if (target === null) return null
  switch (target.kind) {
    case 'call':
      return { name: target.name, ...CALL_FIELDS[target.name] }
    case 'attribute':
      return {
        name: `${target.source}.${target.path}`,
        label: target.path,
        group: ATTRIBUTE_GROUP[target.source],
        kind: 'any',
        isMultiple: true,
      }
    case 'result':
      return resultField(target)
    default:
      return target satisfies never
  }
}

function resultField({
  name,
  metricId,
}: {
  name: ResultFieldName
  metricId: number | null
}): FilterField {
  const entry = RESULT_ENTRIES[name]
  if (metricId === null) {
    return { ...entry, name: `metric_evaluations.${name}`, label: `Any metric: ${entry.label}` }
  }
  return {
    ...entry,
    name: `metric_evaluations.${metricId}.${name}`,
    label: `Metric ${metricId}: ${entry.label}`,
  }
}

function canonicalName(name: string): string {
  return Object.hasOwn(FIELD_ALIASES, name) ? (FIELD_ALIASES[name] ?? name) : name
}

function isKeyOf<T extends object>(object: T, key: string): key is keyof T & string {
  return Object.hasOwn(object, key)
}

const OPS_BY_KIND: Record<FieldKind, readonly FilterOp[]> = {
  text: ['eq', 'neq', 'contains', 'startswith', 'endswith', 'regex', 'in', 'isnull'],
  words: ['contains', 'isnull'],
  number: ['eq', 'neq', 'gt', 'gte', 'lt', 'lte', 'in', 'isnull'],
  boolean: ['eq', 'neq', 'in', 'isnull'],
  time: ['eq', 'neq', 'gt', 'gte', 'lt', 'lte', 'isnull'],
  choice: ['eq', 'neq', 'in', 'isnull'],
  any: FILTER_OPS,
}

/** The operators that make sense for a field, in the order of the builder's list. */
export function opsOf(field: Pick<FilterField, 'kind'>): readonly FilterOp[] {
  return OPS_BY_KIND[field.kind]
}
