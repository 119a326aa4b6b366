export type TemplateColumn = { id: string; width: number; grows: boolean }

/**
 * The tracks of a row's CSS grid. Columns that grow share the room that is left; where none does, an
 * empty track at the end takes it, so that fixed columns keep the width a person gave them.
 */
export function columnTemplate(columns: readonly TemplateColumn[]): string {
  const tracks = columns.map(({ width, grows }) =>
    grows ? `minmax(${width}px, 1fr)` : `${width}px`,
  )
  const isFilled = columns.some((column) => column.grows)
  return (isFilled ? tracks : [...tracks, 'minmax(0, 1fr)']).join(' ')
}

/** Narrowest width of a row in CSS pixels; below it the table scrolls sideways. */
export function minimumRowWidth(columns: readonly TemplateColumn[]): number {
  return columns.reduce((sum, column) => sum + column.width, 0)
}
