import { ChevronRight, Scale } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Verdict } from '#contract/metric-result.ts'
import { countOf } from '../format/count.ts'

export type JudgeNoticeProps = {
  /** Of the metrics that wait for a judge, at least one. */
  verdicts: readonly Verdict[]
  /** Where metrics are managed. */
  children: ReactNode
}

/** One notice for every metric that no judge can answer, and what to do about it. */
export function JudgeNotice({ verdicts, children }: JudgeNoticeProps) {
  const title = `${countOf(verdicts.length, 'metric')} ${verdicts.length === 1 ? 'needs' : 'need'} a judge`
  return (
    <section
      aria-label={title}
      className="rounded-[6px] border border-dashed border-line-strong px-[10px] py-[8px]"
    >
      <p className="flex items-center gap-[6px] font-medium">
        <Scale size={14} aria-hidden="true" className="shrink-0 text-ink-faint" />
        {title}
      </p>
      <p className="mt-[2px] leading-[19px] text-ink-soft">
        No language model is configured. Set <Code>JUDGE_URL</Code> and <Code>JUDGE_MODEL</Code> to
        any OpenAI-compatible endpoint, restart, and evaluate the call again. {children}
      </p>
      <details className="mt-[2px] text-[12px] [&[open]>summary>svg]:rotate-90">
        <summary className="flex min-h-[24px] w-fit cursor-pointer list-none items-center gap-[3px] rounded-[4px] text-ink-soft hover:text-ink">
          <ChevronRight size={12} aria-hidden="true" className="shrink-0" />
          Which ones
        </summary>
        <ul className="flex list-disc flex-col gap-[1px] pl-[20px] leading-[18px] text-ink-soft">
          {verdicts.map(({ metricId, name }) => (
            <li key={metricId}>{name}</li>
          ))}
        </ul>
      </details>
    </section>
  )
}

function Code({ children }: { children: string }) {
  return <code className="font-mono text-[12px]">{children}</code>
}
