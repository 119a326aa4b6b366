import type { FilterIssue } from '#contract/filter-parse.ts'
import { countOf } from '../format/count.ts'
import { Button } from '../ui/button.tsx'
import { IssueList } from './issue-list.tsx'

type BrokenNoticeProps = {
  text: string
  issues: readonly FilterIssue[]
  isBehind: boolean
  onDiscard: (() => void) | null
}

/** Says that a text is not in force, and why. */
export function BrokenNotice({ text, issues, isBehind, onDiscard }: BrokenNoticeProps) {
  return (
    <div
      role="status"
      className="flex flex-col gap-[8px] rounded-[7px] border border-line bg-surface px-[12px] py-[10px] text-[13px]"
    >
      <div className="flex flex-wrap items-center gap-[8px]">
        <strong className="font-medium text-fail">{countOf(issues.length, 'mistake')}</strong>
        <span className="text-ink-soft">
          {isBehind
            ? 'The text is not applied, and the filter has changed since.'
            : 'The text is not applied until it can be read.'}
        </span>
        {onDiscard && (
          <Button size="small" className="ml-auto" onClick={onDiscard}>
            Discard the text
          </Button>
        )}
      </div>
      <IssueList text={text} issues={issues} />
    </div>
  )
}
