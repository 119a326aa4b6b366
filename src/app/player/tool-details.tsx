import { CopyButton } from '../ui/copy-button.tsx'
import { prettyJson } from './pretty-json.ts'
import type { ToolRow } from './transcript-rows.ts'

/** What a tool was given and what it answered, laid out for reading. */
export function ToolDetails({ row }: { row: ToolRow }) {
  return (
    <div className="divide-y divide-line border-t border-line">
      {row.call && <Payload title="Arguments" text={row.call.argumentsText} empty="No arguments" />}
      {row.result && <Payload title="Result" text={row.result.resultText} empty="Empty result" />}
    </div>
  )
}

function Payload({ title, text, empty }: { title: string; text: string; empty: string }) {
  const isEmpty = text.trim() === ''
  return (
    <section aria-label={title} className="px-[10px] py-[6px]">
      <div className="flex h-[26px] items-center justify-between">
        <h3 className="text-[11px] font-medium text-ink-faint">{title}</h3>
        {!isEmpty && <CopyButton text={text} label={`Copy ${title.toLowerCase()}`} />}
      </div>
      {isEmpty ? (
        <p className="pb-[4px] text-ink-faint">{empty}</p>
      ) : (
        <pre
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable box must be reachable by keyboard
          tabIndex={0}
          className="max-h-[320px] overflow-auto pb-[4px] font-mono text-[12px] leading-[17px] break-words whitespace-pre-wrap"
        >
          {prettyJson(text) ?? text}
        </pre>
      )}
    </section>
  )
}
