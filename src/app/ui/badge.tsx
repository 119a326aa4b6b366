import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'

export type BadgeTone = 'pass' | 'fail' | 'warn' | 'idle' | 'accent' | 'agent' | 'caller'

const TONE: Record<BadgeTone, string> = {
  pass: 'bg-pass-soft text-pass',
  fail: 'bg-fail-soft text-fail',
  warn: 'bg-warn-soft text-warn',
  idle: 'bg-idle-soft text-idle',
  accent: 'bg-accent-soft text-accent',
  agent: 'bg-agent-soft text-agent',
  caller: 'bg-caller-soft text-caller',
}

export type BadgeProps = {
  tone?: BadgeTone
  /** So that colour is never the only sign. */
  icon?: ReactNode
  children: ReactNode
}

/** A short state in a coloured pill. */
export function Badge({ tone = 'idle', icon, children }: BadgeProps) {
  return (
    <span
      className={classNames(
        'inline-flex h-[20px] max-w-full items-center gap-[4px] rounded-[4px] px-[6px] text-[12px] font-medium whitespace-nowrap',
        TONE[tone],
      )}
    >
      {icon}
      <span className="truncate">{children}</span>
    </span>
  )
}
