import { z } from 'zod'
import { TranscriptType } from '../transcript.ts'
import { isNestedTooDeep } from './json-nesting.ts'

/** The 29 kinds of personal data that can be asked to be removed. Source: Cekura API, `redact_fields`. */
export const RedactField = z.enum([
  'person_name',
  'age',
  'phone_number',
  'email_address',
  'date',
  'time',
  'location',
  'origin',
  'gender_sexuality',
  'physical_attribute',
  'occupation',
  'username',
  'password',
  'ip_address',
  'url',
  'filename',
  'event',
  'vehicle_id',
  'dob',
  'healthcare_number',
  'medical_professional',
  'credit_card',
  'account_number',
  'bank_account',
  'money',
  'ssn',
  'passport_number',
  'driver_license',
  'numerical_pii',
])

const MAX_SHORT_TEXT = 100
const MAX_FEEDBACK = 100_000
const MAX_ASSISTANT_ID = 200
const MAX_TRACE_ID = 32

const expected = (what: string) => ({
  error: (issue: { input?: unknown }) =>
    issue.input === undefined
      ? 'This field is required.'
      : `Expected ${what}, got ${show(issue.input)}.`,
})

/** Blank optional texts are what careless senders send for "nothing". */
const blankIsAbsent = (value: unknown) => (value === null || value === '' ? undefined : value)

/** Numbers count as text, as in Django REST Framework: senders write ids and phone numbers as numbers. */
const numberAsText = (value: unknown) => (typeof value === 'number' ? String(value) : value)

const text = (maxLength: number) =>
  z
    .string(expected('text'))
    .trim()
    .max(maxLength, { error: `Ensure this field has no more than ${maxLength} characters.` })
    .refine((value) => !value.includes('\0'), { error: 'Null characters are not allowed.' })

const optionalText = (maxLength: number) =>
  z.preprocess((value) => blankIsAbsent(numberAsText(value)), text(maxLength).optional())

const callId = z.preprocess(
  numberAsText,
  text(MAX_SHORT_TEXT).min(1, { error: 'This field may not be blank.' }),
)

/** The form encodings carry every value as text; JSON-valued fields as JSON text. */
const jsonValue = (value: unknown) => {
  if (typeof value !== 'string') return value
  if (value.trim() === '') return undefined
  if (isNestedTooDeep(value)) return value
  try {
    return JSON.parse(value) as unknown
  } catch {
    return value
  }
}

const jsonObject = z.preprocess(
  (value) => blankIsAbsent(jsonValue(value)),
  z.record(z.string(), z.unknown(), expected('a JSON object')).optional(),
)

const integer = z.preprocess(
  (value) => (typeof value === 'string' && /^\s*-?\d+\s*$/.test(value) ? Number(value) : value),
  z.int(expected('a whole number')),
)

const boolean = z.preprocess((value) => {
  if (value === 'true' || value === 'True' || value === '1' || value === 1) return true
  if (value === 'false' || value === 'False' || value === '0' || value === 0) return false
  return blankIsAbsent(value)
}, z.boolean(expected('true or false')).optional())

/** ISO 8601 with any offset; a missing offset is read as UTC. */
export const WireTimestamp = z
  .string(expected('an ISO 8601 date and time'))
  .transform((text, context) => {
    const date = parseTimestamp(text.trim())
    if (date !== null) return date
    context.addIssue({
      code: 'custom',
      message: `Expected an ISO 8601 date and time such as 2026-03-15T10:15:45Z, got ${show(text)}.`,
    })
    return z.NEVER
  })

const TIMESTAMP =
  /^(\d{4}-\d{2}-(\d{2}))(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?) ?(Z|[+ -]\d{2}:?\d{2})?)?$/i

/** A space before the offset is a plus sign that lost its escape in a URL. Null for days that do not exist. */
function parseTimestamp(text: string): Date | null {
  const [, day, dayOfMonth, time = '00:00', zone = 'Z'] = TIMESTAMP.exec(text) ?? []
  if (day === undefined) return null
  // The engine's own parser moves 30 February to March.
  if (new Date(`${day}T00:00:00Z`).getUTCDate() !== Number(dayOfMonth)) return null
  const date = new Date(`${day}T${time}${zone.toUpperCase().replace(' ', '+')}`)
  return Number.isNaN(date.getTime()) ? null : date
}

const metricIds = z.preprocess(
  blankIsAbsent,
  z
    .union([z.string(), z.number(), z.array(z.union([z.string(), z.number()]))])
    .transform((value, context) => {
      const items = (Array.isArray(value) ? value : String(value).split(','))
        .map((item) => String(item).trim())
        .filter((item) => item !== '')
      const wrong = items.find((item) => !/^\d+$/.test(item))
      if (wrong === undefined) return items.map(Number)
      context.addIssue({
        code: 'custom',
        message: `Expected comma-separated metric ids such as "118,119", got ${show(wrong)}.`,
      })
      return z.NEVER
    })
    .optional(),
)

const redactFields = z.preprocess(
  (value) => {
    const parsed = blankIsAbsent(jsonValue(value))
    return typeof parsed === 'string' ? [parsed] : parsed
  },
  z
    .array(
      z.enum(RedactField.options, {
        error: (issue) => `${show(issue.input)} is not one of ${RedactField.options.join(', ')}.`,
      }),
      expected('a list of field names'),
    )
    .optional(),
)

const agentReference = z.preprocess(blankIsAbsent, integer.optional())

/**
 * The body of `observe`, from JSON or from a form. Unknown fields are let through and kept in the raw
 * payload. The file part `voice_recording` is received apart and not among these fields. Source: Cekura API, `observe`.
 */
export const WireObserve = z
  .looseObject({
    call_id: callId,
    agent: agentReference,
    agent_id: agentReference,
    assistant_id: optionalText(MAX_ASSISTANT_ID),
    voice_recording_url: z.preprocess(
      blankIsAbsent,
      z.url({ protocol: /^https?$/, ...expected('an http or https URL') }).optional(),
    ),
    transcript_type: z.preprocess(
      blankIsAbsent,
      z
        .enum(TranscriptType.options, {
          error: (issue) =>
            `${show(issue.input)} is not one of ${TranscriptType.options.join(', ')}.`,
        })
        .optional(),
    ),
    voice_recording: z
      .preprocess(
        blankIsAbsent,
        z
          .unknown()
          .refine((value) => value === undefined, {
            error:
              'Expected a file part of a multipart body; an address goes into voice_recording_url.',
          })
          .optional(),
      )
      .meta({ type: 'string', format: 'binary', description: 'The audio, as a multipart file' }),
    transcript_json: z.unknown().optional(),
    call_ended_reason: optionalText(MAX_SHORT_TEXT),
    customer_number: optionalText(MAX_SHORT_TEXT),
    metadata: jsonObject,
    timestamp: z.preprocess(blankIsAbsent, WireTimestamp.optional()),
    dynamic_variables: jsonObject,
    feedback: optionalText(MAX_FEEDBACK),
    redact_fields: redactFields,
    metric_ids: metricIds,
    main_agent_channel_index: z.preprocess(
      (value) => (value === '0' || value === '1' ? Number(value) : blankIsAbsent(value)),
      z.union([z.literal(0), z.literal(1)], expected('0 or 1')).optional(),
    ),
    trace_id: optionalText(MAX_TRACE_ID),
    defer_evaluation: boolean,
  })
  .superRefine((body, context) => {
    if (
      body.agent !== undefined ||
      body.agent_id !== undefined ||
      body.assistant_id !== undefined
    ) {
      return
    }
    context.addIssue({
      code: 'custom',
      path: ['agent'],
      message: 'This field is required unless assistant_id is given.',
    })
  })
  .meta({ id: 'ObserveRequest' })
export type WireObserve = z.output<typeof WireObserve>

const PatchStatus = z.enum(['success', 'failure', 'reviewed_success', 'reviewed_failure'], {
  error: (issue) =>
    `${show(issue.input)} is not one of success, failure, reviewed_success, reviewed_failure.`,
})

const patchText = (maxLength: number) =>
  z.preprocess((value) => numberAsText(value) ?? '', text(maxLength)).optional()

/** The body of `PATCH call-logs/{id}/`. Source: Cekura API, update (2026-08), with docs/wire.md D12. */
export const WireCallLogPatch = z
  .looseObject({
    status: PatchStatus.optional(),
    success: boolean,
    is_reviewed: boolean,
    feedback: patchText(MAX_FEEDBACK),
    call_id: callId.optional(),
    transcript_json: z.unknown().optional(),
    transcript_type: z
      .enum(TranscriptType.exclude(['none-mono']).options, {
        error: (issue) => `${show(issue.input)} is not a transcript type that can be set.`,
      })
      .optional(),
    timestamp: WireTimestamp.optional(),
    duration: z
      .preprocess(
        (value) => (typeof value === 'string' && value.trim() !== '' ? Number(value) : value),
        z
          .number(expected('a number of minutes'))
          .min(0, { error: 'Expected minutes of 0 or more.' }),
      )
      .optional(),
    call_ended_reason: patchText(MAX_SHORT_TEXT),
    customer_number: patchText(MAX_SHORT_TEXT),
    metadata: jsonObject,
    dynamic_variables: jsonObject,
    reevaluate_metrics: boolean,
  })
  .meta({ id: 'CallLogPatch' })
export type WireCallLogPatch = z.output<typeof WireCallLogPatch>

/** The fields of a call that PATCH may set; others are refused unless they come back unchanged. */
export const PATCHABLE_FIELDS = Object.keys(WireCallLogPatch.shape)

const SHOWN_LENGTH = 80

/** A value as an error message quotes it. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing'
  const text = JSON.stringify(value) ?? String(value)
  return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text
}
