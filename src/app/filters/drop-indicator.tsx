import type { Operation } from '@atlaskit/pragmatic-drag-and-drop-hitbox/list-item'
import { classNames } from '../ui/class-names.ts'

/** Shows where a drop would go: a line between nodes, or a frame around the group that takes it in. */
export function DropIndicator({ operation }: { operation: Operation | null }) {
  if (operation === null) return null
  if (operation === 'combine') {
    return (
      <span
        aria-hidden="true"
        className="pointer-events-none absolute inset-0 z-2 rounded-[7px] bg-accent/8 outline-2 -outline-offset-1 outline-accent"
      />
    )
  }
  return (
    <span
      aria-hidden="true"
      className={classNames(
        'pointer-events-none absolute inset-x-0 z-2 h-[2px] rounded-full bg-accent before:absolute before:-top-[3px] before:-left-[1px] before:size-[8px] before:rounded-full before:border-2 before:border-accent before:bg-surface',
        operation === 'reorder-before' ? '-top-[4px]' : '-bottom-[4px]',
      )}
    />
  )
}
