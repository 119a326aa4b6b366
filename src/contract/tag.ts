import { z } from 'zod'

/** A word or two that a person puts on a call. Upper and lower case are told apart; no commas, which part tags in text. */
export const Tag = z
  .string()
  .trim()
  .min(1)
  .max(50)
  .regex(/^[^,\p{C}]+$/u, { error: 'expected text without commas and control characters' })
export type Tag = z.infer<typeof Tag>

/** Tags of one call at most. */
export const MAX_TAGS = 50

/** Tags that one request adds or takes at most. */
export const MAX_TAGS_AT_ONCE = 20
