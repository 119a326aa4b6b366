import { CircleAlert } from 'lucide-react'
import { type FilterIssue, issueText } from '#contract/filter-parse.ts'

type IssueListProps = {
  /** Shown around the place of each mistake that has one. */
  text: string
  issues: readonly FilterIssue[]
}

/** What is wrong in a text, with the place marked in it. */
export function IssueList({ text, issues }: IssueListProps) {
  return (
    <ul className="flex flex-col gap-[6px]">
      {issues.map((issue) => (
        <li key={`${issue.path} ${issue.offset} ${issue.message}`} className="flex gap-[7px]">
          <CircleAlert size={14} aria-hidden="true" className="mt-[3px] shrink-0 text-fail" />
          <div className="min-w-0">
            <p className="break-words">{issueText(issue)}</p>
            {issue.offset !== undefined && <Excerpt text={text} offset={issue.offset} />}
          </div>
        </li>
      ))}
    </ul>
  )
}

const AROUND = 28

function Excerpt({ text, offset }: { text: string; offset: number }) {
  const from = Math.max(0, offset - AROUND)
  const at = /^[^,()\s]+|^./s.exec(text.slice(offset, offset + AROUND))?.[0] ?? ''
  return (
    <code className="mt-[2px] block overflow-hidden font-mono text-[12px] break-all text-ink-soft">
      {from > 0 && '…'}
      {text.slice(from, offset)}
      <mark className="rounded-[2px] bg-fail-soft text-fail underline decoration-2 underline-offset-3">
        {at === '' ? '⏎' : at}
      </mark>
      {text.slice(offset + at.length, offset + AROUND)}
      {offset + AROUND < text.length && '…'}
    </code>
  )
}
