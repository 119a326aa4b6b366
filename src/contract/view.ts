import { z } from 'zod'
import { CallSort } from './call.ts'

/** Row height of the call list. */
export const Density = z.enum(['comfortable', 'compact'])
export type Density = z.infer<typeof Density>

/** The columns of a list from left to right; a width in CSS pixels only where a person set one. */
export const ViewColumn = z.object({
  id: z.string().min(1).max(100),
  widthPixels: z.int().min(1).max(2000).optional(),
})
export type ViewColumn = z.infer<typeof ViewColumn>

/** Everything that makes a list look as it does. `filter` as `filter-url.ts` spells it, empty for every call. */
export const ViewState = z.object({
  search: z.string().max(200),
  filter: z.string().max(16 * 1024),
  sort: CallSort,
  columns: z.array(ViewColumn).max(100),
  density: Density,
})
export type ViewState = z.infer<typeof ViewState>

/** Characters. */
export const MAX_VIEW_NAME = 80

/** Text that reads as it is written: characters that hide, or turn the order of others around, are refused. */
export const ViewName = z
  .string()
  .trim()
  .min(1)
  .max(MAX_VIEW_NAME)
  .regex(/^\P{C}+$/u, { error: 'expected text without control characters' })

/** `personal`: its owner's alone. `shared`: everyone in the project. */
export const ViewVisibility = z.enum(['personal', 'shared'])
export type ViewVisibility = z.infer<typeof ViewVisibility>

/** A kept question. Deleted views can be restored for 30 days. */
export const SavedView = z.object({
  id: z.int(),
  name: z.string(),
  visibility: ViewVisibility,
  /** In the navigation, with a live count. */
  isPinned: z.boolean(),
  /** Whether this visitor made it. Others may use a shared view, and save their own as a copy. */
  isOwn: z.boolean(),
  ownerName: z.string(),
  state: ViewState,
  updatedAt: z.string(),
})
export type SavedView = z.infer<typeof SavedView>

export const SavedViewInput = z.object({
  name: ViewName,
  visibility: ViewVisibility,
  isPinned: z.boolean(),
  state: ViewState,
})
export type SavedViewInput = z.infer<typeof SavedViewInput>

export const SavedViewChange = SavedViewInput.partial()
export type SavedViewChange = z.infer<typeof SavedViewChange>
