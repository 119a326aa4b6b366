import { CodeBlock } from '../../ui/code-block.tsx'

const EXAMPLE = `const order = data.metadata.order_id
if (!order) return null

const turn = data.transcript_json.find((t) => t.role === 'Main Agent' && t.content.includes(order))
return { result: turn !== undefined, explanation: turn ? \`Said at \${turn.time}.\` : 'Never said.' }`

const PARTS = [
  [
    'Answer',
    'return a value or { result, explanation, extra, confidence }, or set _result and _explanation. null: does not apply to this call.',
  ],
  [
    'data',
    'transcript, transcript_json, call_duration, call_end_reason, topic, timestamp, metadata, dynamic_variables, agent, speech; data["Name of a metric"] is what another metric says.',
  ],
  [
    'Limits',
    '1 second, 32 MB, no network, no timers, no files. A script that breaks fails this metric alone.',
  ],
] as const

/** The script's contract in short; docs/code-metrics.md has all of it. */
export function ScriptHelp() {
  return (
    <details className="text-ink-soft">
      <summary className="inline-flex min-h-[24px] cursor-pointer items-center rounded-[4px] text-accent">
        What a script sees and answers
      </summary>
      <div className="mt-[6px] flex flex-col gap-[8px]">
        <dl className="flex flex-col gap-[4px] leading-[19px]">
          {PARTS.map(([term, text]) => (
            <div key={term}>
              <dt className="inline font-medium text-ink">{term}: </dt>
              <dd className="inline">{text}</dd>
            </div>
          ))}
        </dl>
        <CodeBlock text={EXAMPLE} copyLabel="Copy the example" />
        <p className="text-[12px] text-ink-faint">All of it is in docs/code-metrics.md.</p>
      </div>
    </details>
  )
}
