export type TemplateColumn = {
  /** CSS pixels. */
  width: number
  /** Its share of the room that is left; 0 for a fixed column. */
  growth: number
}

/**
 * The tracks of a row's CSS grid. Columns that grow share the room that is left; where none does, an
 * empty track at the end takes it, so that fixed columns keep the width a person gave them.
 */
export function columnTemplate(columns: readonly TemplateColumn[]): string {
  const tracks = columns.map(({ width, growth }) =>
    growth > 0 ? `minmax(${width}px, ${growth}fr)` : `${width}px`,
  )
  const isFilled = columns.some((column) => column.growth > 0)
  return (isFilled ? tracks : [...tracks, 'minmax(0, 1fr)']).join(' ')
}

/** Narrowest width of a row in CSS pixels; below it the table scrolls sideways. */
export function minimumRowWidth(columns: readonly TemplateColumn[]): number {
  return columns.reduce((sum, column) => sum + column.width, 0)
}
