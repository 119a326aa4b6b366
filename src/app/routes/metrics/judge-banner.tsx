import { Gavel } from 'lucide-react'
import type { JudgeSetting, Metric } from '#contract/metric.ts'
import { needsJudge } from '#contract/needs-judge.ts'
import { countOf } from '../../format/count.ts'
import { CodeBlock } from '../../ui/code-block.tsx'

const EXAMPLE = [
  'JUDGE_URL=http://localhost:11434/v1   # any OpenAI-compatible endpoint, hosted or local',
  'JUDGE_MODEL=qwen3:8b                  # the model that it is asked for',
  'JUDGE_API_KEY=                        # only where the endpoint wants one',
].join('\n')

type JudgeBannerProps = { judge: JudgeSetting; metrics: readonly Metric[] }

/** Which model judges, or how to configure one and how many metrics wait for it. */
export function JudgeBanner({ judge, metrics }: JudgeBannerProps) {
  const judged = metrics.filter(({ isEnabled, content }) => isEnabled && needsJudge(content)).length
  if (judge.isConfigured) {
    return (
      <p className="flex flex-wrap items-center gap-x-[8px] border-b border-line px-[20px] py-[9px] text-ink-soft max-md:px-[14px]">
        <Gavel size={14} aria-hidden="true" className="shrink-0 text-ink-faint" />
        <span>
          Judge: <span className="font-medium text-ink">{judge.model}</span>
        </span>
        <span className="text-ink-faint">
          {[countOf(judged, 'metric') + (judged === 1 ? ' asks it' : ' ask it'), priceText(judge)]
            .filter(Boolean)
            .join(' · ')}
        </span>
      </p>
    )
  }
  return (
    <section
      aria-label="Judge"
      className="border-b border-line bg-warn-soft px-[20px] py-[12px] max-md:px-[14px]"
    >
      <div className="flex items-start gap-[8px]">
        <Gavel size={15} aria-hidden="true" className="mt-[2px] shrink-0 text-warn" />
        <div className="min-w-0 flex-1">
          <p className="leading-[20px]">
            <span className="font-medium">No judge is configured.</span> {waitingText(judged)}{' '}
            Computed metrics and scripts go on without one.
          </p>
          <details className="mt-[4px]">
            <summary className="inline-flex min-h-[24px] cursor-pointer items-center rounded-[4px] text-accent">
              Configure a judge
            </summary>
            <div className="mt-[6px] flex max-w-[720px] flex-col gap-[6px]">
              <p className="leading-[20px] text-ink-soft">
                Set these in the environment of the server and start it again. Calls that came
                before are judged when you judge them again. The README lists all settings;
                docs/metrics.md explains metrics.
              </p>
              <CodeBlock text={EXAMPLE} copyLabel="Copy the settings" />
            </div>
          </details>
        </div>
      </div>
    </section>
  )
}

function waitingText(count: number): string {
  if (count === 0) return 'No metric that is on needs one.'
  return `${countOf(count, 'metric')} that ${count === 1 ? 'is' : 'are'} on ${count === 1 ? 'waits' : 'wait'} for it.`
}

function priceText({ inputPrice, outputPrice }: JudgeSetting): string {
  if (inputPrice === null || outputPrice === null) return ''
  return `$${inputPrice} in and $${outputPrice} out per million tokens`
}
