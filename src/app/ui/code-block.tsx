import { CopyButton } from './copy-button.tsx'

/** Text to copy: a command, a key, an address. Long lines scroll. */
export function CodeBlock({ text, copyLabel }: { text: string; copyLabel: string }) {
  return (
    <div className="flex items-start gap-[4px] rounded-[6px] border border-line bg-sunken">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable box must be reachable by keyboard */}
      <pre tabIndex={0} className="min-w-0 flex-1 overflow-x-auto px-[12px] py-[8px]">
        <code className="font-mono text-[12px] leading-[18px]">{text}</code>
      </pre>
      <div className="p-[4px]">
        <CopyButton text={text} label={copyLabel} />
      </div>
    </div>
  )
}
