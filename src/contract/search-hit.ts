import { z } from 'zod'

/** A stretch of one segment's text around the words a search found, for a list to show. */
export const SearchHit = z.object({
  callId: z.int(),
  /** At most about 160 characters; cut at words, with an ellipsis where more follows. */
  text: z.string(),
  /** What to highlight in `text`: UTF-16 offsets, end exclusive, in order, not overlapping. */
  ranges: z.array(z.tuple([z.int(), z.int()])),
  /** Index of the segment, to open the call there; null where the hit is an id or a number. */
  segmentIndex: z.int().nullable(),
  startSeconds: z.number().nullable(),
  /** How many segments of the call hold any of the words. */
  segmentCount: z.int(),
})
export type SearchHit = z.infer<typeof SearchHit>
