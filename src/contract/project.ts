import { z } from 'zod'

/** What a second payload under a known `call_id` does. Source: docs/wire.md B1, three behaviours are on record. */
export const DuplicatePolicy = z.enum(['update', 'reject', 'allow'])
export type DuplicatePolicy = z.infer<typeof DuplicatePolicy>

export const Project = z.object({
  id: z.int(),
  name: z.string(),
  duplicatePolicy: DuplicatePolicy,
  /** Store calls that have neither transcript nor recording. Off: they are refused. */
  acceptsMetadataOnly: z.boolean(),
  /** Part of the new calls, 0 to 1, that sampled metrics judge. Source: Cekura API, `sample_rate`. */
  sampleRate: z.number().min(0).max(1),
  /** Seconds after which a reply of the agent is slow: the budget line of the waveform. */
  responseBudgetSeconds: z.number().min(0.1).max(60),
})
export type Project = z.infer<typeof Project>

/** Of projects that set none: what a caller bears. The database gives new projects the same. */
export const USUAL_RESPONSE_BUDGET_SECONDS = 1.5

export const ProjectChange = Project.omit({ id: true }).partial()
export type ProjectChange = z.infer<typeof ProjectChange>
