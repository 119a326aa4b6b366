import {
  Hourglass,
  type LucideIcon,
  MessageSquare,
  Quote,
  TriangleAlert,
  Wrench,
} from 'lucide-react'
import type { MarkKind } from './marks.ts'

/** Two strips that cross: both speak. Hatched like the stretch on the waveform. */
function OverlapIcon({ size, className }: { size: number; className?: string }) {
  return (
    <svg width={size} height={size} viewBox="0 0 14 14" aria-hidden="true" className={className}>
      <rect x="1.5" y="3" width="11" height="8" rx="1.5" fill="none" stroke="currentColor" />
      <path d="M4 11 8 3M7 11l4-8" stroke="currentColor" strokeWidth="1.2" />
    </svg>
  )
}

/** How each kind of mark looks and is called; shape, not colour alone, tells them apart. */
export const MARK_KINDS: Record<
  MarkKind,
  { plural: string; Icon: LucideIcon | typeof OverlapIcon; tone: string }
> = {
  'tool-call': { plural: 'Tool calls', Icon: Wrench, tone: 'text-ink-soft' },
  'tool-error': { plural: 'Tool errors', Icon: TriangleAlert, tone: 'text-fail' },
  overlap: { plural: 'Overlaps', Icon: OverlapIcon, tone: 'text-ink-soft' },
  'slow-reply': { plural: 'Slow replies', Icon: Hourglass, tone: 'text-warn' },
  evidence: { plural: 'Evidence', Icon: Quote, tone: 'text-accent' },
  comment: { plural: 'Comments', Icon: MessageSquare, tone: 'text-ink' },
}

export const MARK_ORDER: readonly MarkKind[] = [
  'tool-call',
  'tool-error',
  'overlap',
  'slow-reply',
  'evidence',
  'comment',
]
