import { z } from 'zod'
import { JsonValue } from '../json-value.ts'
import {
  MAX_CODE_LENGTH,
  type Metric,
  MetricCategory,
  type MetricContent,
  MetricDirection,
  type MetricKind,
  type MetricSettings,
  type MetricTrigger,
  NEW_CONTENT,
  type PredefinedMetric,
} from '../metric.ts'
import type { EvalType } from '../metric-result.ts'
import { toWireType, type WireFamily, type WireMetricNames } from './metric-result.ts'
import { show } from './observe.ts'

const text = (max: number) => z.string().max(max)
const WireTrigger = z.enum(['always', 'automatic', 'custom'])
const WireTriggerType = z.enum(['llm_judge', 'custom_code'])

/** A metric as the wire spells it. Source: Cekura API, metric object; the last keys are ours. */
export const WireMetricDefinition = z
  .object({
    id: z.int(),
    slug: z.string(),
    project: z.int(),
    agent: z.array(z.int()).describe('Empty: the calls of every agent'),
    agents: z.array(z.int()).describe('As agent'),
    agent_names: z.array(z.string()),
    name: z.string(),
    description: z.string().describe('Of llm_judge what the judge is asked'),
    type: WireTriggerType,
    eval_type: z.string(),
    enum_values: z.array(z.string()),
    prompt: z.string(),
    custom_code: z.string().describe('JavaScript'),
    audio_enabled: z.boolean(),
    simulation_enabled: z.boolean(),
    observability_enabled: z.boolean().describe('False: calls are not judged by it'),
    sampling_enabled: z.boolean(),
    evaluation_trigger: WireTrigger,
    trigger_type: WireTriggerType.nullable(),
    evaluation_trigger_prompt: z.string(),
    evaluation_trigger_custom_code: z.string(),
    priority_assignment_prompt: z.string(),
    configuration: z.record(z.string(), JsonValue),
    function_name: z.string().nullable(),
    vocera_defined_metric_code: z.string(),
    kb_file_ids: z.array(z.int()),
    knowledge_base_files: z.array(z.int()),
    display_order: z.int().nullable(),
    metric_cost: z.number(),
    uses_llm_judge: z.boolean(),
    add_to_new_agents: z.boolean().nullable(),
    overall_score: z.number().nullable(),
    total_score: z.number().nullable(),
    reviews: z.array(JsonValue).nullable(),
    alert_type: z.literal('disabled'),
    alert_enabled: z.boolean(),
    pending_optimisation_proposal: z.null(),
    created_at: z.string(),
    updated_at: z.string(),
    version: z.int(),
    direction: MetricDirection,
    category: MetricCategory.nullable(),
    unit: z.string(),
  })
  .meta({ id: 'Metric' })
export type WireMetricDefinition = z.infer<typeof WireMetricDefinition>

const EVAL_TYPES: Record<string, EvalType> = {
  binary: 'binary',
  binary_workflow_adherence: 'binary',
  binary_qualitative: 'binary',
  continuous_qualitative: 'rating',
  numeric: 'numeric',
  enum: 'enum',
}

const OLD_BINARY_NAMES = ['binary_workflow_adherence', 'binary_qualitative']

function named(known: readonly string[], { hint = '' } = {}) {
  return z
    .string({ error: () => `Expected one of ${known.join(', ')}.` })
    .superRefine((given, context) => {
      if (known.includes(given)) return
      const message = `Expected one of ${known.join(', ')}, got ${show(given)}.${hint}`
      context.addIssue({ code: 'custom', message })
    })
}

const AgentIds = z.union([z.array(z.int()).max(500), z.int().transform((id) => [id])])

/** What a client may set on a metric. Keys beyond these are ignored. Source: Cekura API, metric object. */
export const WireMetricInput = z
  .object({
    name: z.string().trim().min(1).max(255),
    description: text(100_000).nullable(),
    prompt: text(100_000).nullable().describe('Older name of description'),
    type: named(['llm_judge', 'custom_code'], {
      hint: ' The older kinds basic and custom_prompt cannot be made any more: use llm_judge.',
    }),
    eval_type: named(Object.keys(EVAL_TYPES)),
    enum_values: z.array(z.string()).nullable(),
    custom_code: text(MAX_CODE_LENGTH).nullable().describe('JavaScript; Python is not run'),
    configuration: z.record(z.string(), JsonValue).nullable(),
    evaluation_trigger: WireTrigger.nullable(),
    trigger_type: WireTriggerType.nullable(),
    evaluation_trigger_prompt: text(20_000).nullable(),
    evaluation_trigger_custom_code: text(MAX_CODE_LENGTH).nullable(),
    priority_assignment_prompt: text(20_000).nullable(),
    sampling_enabled: z.boolean(),
    observability_enabled: z.boolean(),
    agent: AgentIds.nullable(),
    agents: AgentIds.nullable(),
    project: z.int().nullable(),
    function_name: text(255).nullable(),
    vocera_defined_metric_code: text(255).nullable(),
    add_to_rubric: z.boolean(),
  })
  .partial()
  .meta({ id: 'MetricCreate' })
export type WireMetricInput = z.output<typeof WireMetricInput>

/** What is known of a metric before a client's wishes: as it stands, of the catalogue, or nothing yet. */
export type MetricBase = { content: MetricContent; wireType: string }

/** A metric of one's own of which nothing is said yet. */
export const NEW_METRIC: MetricBase = { wireType: '', content: NEW_CONTENT }

export type MetricWishes = MetricBase & { settings: Partial<MetricSettings> }

export type ReadMetric =
  | { ok: true; wishes: MetricWishes }
  /** `field`: the wire's. */
  | { ok: false; field: keyof WireMetricInput; message: string }

/** What a client wants of a metric; what was left out stays as `base` has it. Never throws. */
export function fromWireMetric(wire: WireMetricInput, base: MetricBase): ReadMetric {
  const trigger = readTrigger(wire, base.content.trigger)
  if (!trigger.ok) return trigger
  const content = { ...readContent(wire, base.content), trigger: trigger.trigger }
  const isOldName = wire.eval_type !== undefined && OLD_BINARY_NAMES.includes(wire.eval_type)
  const wireType = isOldName ? (wire.eval_type ?? '') : base.wireType
  return { ok: true, wishes: { content, wireType, settings: readSettings(wire) } }
}

function readSettings(wire: WireMetricInput): Partial<MetricSettings> {
  const agentIds = wire.agents ?? wire.agent
  return {
    ...(wire.name !== undefined && { name: wire.name }),
    ...(wire.observability_enabled !== undefined && { isEnabled: wire.observability_enabled }),
    ...(wire.sampling_enabled !== undefined && { isSampled: wire.sampling_enabled }),
    ...(agentIds && { agentIds: [...new Set(agentIds)] }),
  }
}

function readContent(wire: WireMetricInput, base: MetricContent): MetricContent {
  const kind = kindOf(wire, base.kind)
  const evalType = EVAL_TYPES[wire.eval_type ?? ''] ?? base.evalType
  const scale =
    evalType === base.evalType
      ? { unit: base.unit, range: base.range }
      : { unit: '', range: standardRange(evalType) }
  return {
    ...base,
    ...scale,
    kind,
    evalType,
    functionName: kind === base.kind ? base.functionName : null,
    enumValues: wire.enum_values === undefined ? base.enumValues : (wire.enum_values ?? []),
    prompt: wire.description ?? wire.prompt ?? base.prompt,
    code: wire.custom_code ?? base.code,
    priorityPrompt: wire.priority_assignment_prompt ?? base.priorityPrompt,
    configuration: wire.configuration ?? base.configuration,
  }
}

/** What is computed here, and what came with calls, is called by the name that fits it best; that name keeps it. */
function kindOf({ type, custom_code }: WireMetricInput, base: MetricKind): MetricKind {
  if (type === undefined) return base === 'llm_judge' && custom_code ? 'custom_code' : base
  if (type === wireKind(base)) return base
  return type === 'custom_code' ? 'custom_code' : 'llm_judge'
}

function wireKind(kind: MetricKind): 'llm_judge' | 'custom_code' {
  return kind === 'llm_judge' || kind === 'recorded' ? 'llm_judge' : 'custom_code'
}

/** Source: docs/wire.md D16. */
function standardRange(evalType: EvalType): MetricContent['range'] {
  return evalType === 'rating' ? { min: 0, max: 5 } : null
}

type ReadTrigger = { ok: true; trigger: MetricTrigger } | Extract<ReadMetric, { ok: false }>

function readTrigger(wire: WireMetricInput, base: MetricTrigger): ReadTrigger {
  const mode = wire.evaluation_trigger ?? wireTrigger(base)
  if (mode !== 'custom') return { ok: true, trigger: { kind: mode } }
  const isCode =
    wire.trigger_type === undefined || wire.trigger_type === null
      ? base.kind === 'code' || (base.kind !== 'prompt' && !wire.evaluation_trigger_prompt)
      : wire.trigger_type === 'custom_code'
  const field = isCode ? 'evaluation_trigger_custom_code' : 'evaluation_trigger_prompt'
  const given = wire[field] ?? baseText(base, { isCode })
  if (given.trim() === '') {
    return { ok: false, field, message: 'Expected when the metric applies, got an empty text.' }
  }
  return {
    ok: true,
    trigger: isCode ? { kind: 'code', code: given } : { kind: 'prompt', prompt: given },
  }
}

function baseText(trigger: MetricTrigger, { isCode }: { isCode: boolean }): string {
  if (isCode) return trigger.kind === 'code' ? trigger.code : ''
  return trigger.kind === 'prompt' ? trigger.prompt : ''
}

function wireTrigger({ kind }: MetricTrigger): z.infer<typeof WireTrigger> {
  return kind === 'prompt' || kind === 'code' ? 'custom' : kind
}

/** Where the wire keeps a part of a metric's content, for messages about it. */
export const WIRE_FIELD_OF: Record<keyof MetricContent, keyof WireMetricInput> = {
  kind: 'type',
  functionName: 'function_name',
  evalType: 'eval_type',
  unit: 'eval_type',
  range: 'eval_type',
  enumValues: 'enum_values',
  prompt: 'description',
  code: 'custom_code',
  trigger: 'evaluation_trigger',
  priorityPrompt: 'priority_assignment_prompt',
  configuration: 'configuration',
}

type StoredMetric = Metric & { projectId: number; wireType: string }

/** How results name this metric. */
export function toMetricNames({
  code,
  content,
  isPredefined,
  wireType,
}: StoredMetric): WireMetricNames {
  const hasCode = isPredefined || content.kind === 'recorded'
  return { code: hasCode ? code : '', functionName: content.functionName ?? '', wireType }
}

/** A metric in the words of a path family; agents that are not in `agentNames` are gone. */
export function toWireMetricDefinition(
  metric: StoredMetric,
  { family, agentNames }: { family: WireFamily; agentNames: ReadonlyMap<number, string> },
): WireMetricDefinition {
  const { content } = metric
  const { code, functionName } = toMetricNames(metric)
  return {
    ...describeContent(content),
    id: metric.id,
    slug: metric.slug,
    project: metric.projectId,
    agent: metric.agentIds,
    agents: metric.agentIds,
    agent_names: metric.agentIds.flatMap((id) => agentNames.get(id) ?? []),
    name: metric.name,
    eval_type: toWireType(content.evalType, { family, wireType: metric.wireType }),
    observability_enabled: metric.isEnabled,
    sampling_enabled: metric.isSampled,
    trigger_type: triggerType(content.trigger),
    evaluation_trigger_custom_code: baseText(content.trigger, { isCode: true }),
    priority_assignment_prompt: content.priorityPrompt,
    function_name: functionName === '' ? null : functionName,
    vocera_defined_metric_code: code,
    ...NOT_HERE,
    uses_llm_judge: content.kind === 'llm_judge',
    created_at: metric.createdAt,
    updated_at: metric.updatedAt,
    version: metric.version,
    direction: metric.direction,
    category: metric.category,
    unit: content.unit,
  }
}

/** Keys of features that are not here, with what they have where they are off. */
const NOT_HERE = {
  kb_file_ids: [],
  knowledge_base_files: [],
  display_order: null,
  metric_cost: 0,
  add_to_new_agents: null,
  overall_score: null,
  total_score: null,
  reviews: null,
  alert_type: 'disabled',
  alert_enabled: false,
  pending_optimisation_proposal: null,
} satisfies Partial<WireMetricDefinition>

function triggerType({ kind }: MetricTrigger): z.infer<typeof WireTriggerType> | null {
  if (kind === 'prompt') return 'llm_judge'
  return kind === 'code' ? 'custom_code' : null
}

/** What a metric and an entry of the catalogue say alike. */
function describeContent(content: MetricContent) {
  return {
    description: content.prompt,
    type: wireKind(content.kind),
    enum_values: content.enumValues,
    prompt: content.prompt,
    custom_code: content.code,
    audio_enabled: false,
    simulation_enabled: false,
    evaluation_trigger: wireTrigger(content.trigger),
    evaluation_trigger_prompt: baseText(content.trigger, { isCode: false }),
    configuration: content.configuration,
  }
}

/** An entry of the catalogue. Source: Cekura API, predefined metrics; the last keys are ours. */
export const WirePredefinedMetric = z
  .object({
    id: z.int().describe('Its place in the catalogue; the code is what lasts'),
    name: z.string(),
    description: z.string(),
    code: z.string(),
    slug: z.string(),
    type: WireTriggerType,
    eval_type: z.string(),
    audio_enabled: z.boolean(),
    prompt: z.string(),
    function_name: z.string().nullable(),
    enum_values: z.array(z.string()),
    custom_code: z.string(),
    simulation_enabled: z.boolean(),
    observability_enabled: z.boolean(),
    configuration: z.record(z.string(), JsonValue),
    cost: z.number(),
    evaluation_trigger: WireTrigger,
    evaluation_trigger_prompt: z.string(),
    category: MetricCategory.nullable(),
    sub_category: z.null(),
    organization: z.null(),
    direction: MetricDirection,
    unit: z.string(),
    unavailable: z
      .string()
      .nullable()
      .describe('Why it cannot be computed here; null where it can'),
  })
  .meta({ id: 'PredefinedMetric' })
export type WirePredefinedMetric = z.infer<typeof WirePredefinedMetric>

export function toWirePredefinedMetric(
  entry: Omit<PredefinedMetric, 'metricId'>,
  { id, family }: { id: number; family: WireFamily },
): WirePredefinedMetric {
  const { code, content } = entry
  return {
    ...describeContent(content),
    id,
    name: entry.name,
    description: entry.description,
    code,
    slug: code.replaceAll('-', '_'),
    eval_type: toWireType(content.evalType, { family, wireType: '' }),
    function_name: content.functionName,
    observability_enabled: true,
    cost: 0,
    category: entry.category,
    sub_category: null,
    organization: null,
    direction: entry.direction,
    unit: content.unit,
    unavailable: entry.unavailable,
  }
}
