import { EmptyState } from '../../ui/empty-state.tsx'

/** In the place of results, while they would tell the reviewer what to find. */
export function BlindNotice() {
  return (
    <EmptyState title="The judge’s results are hidden">
      This is a blind queue: decide first. Then you see what the judge said, beside your own answer.
    </EmptyState>
  )
}
