import { useId } from 'react'

type ChartTableProps = {
  caption: string
  head: readonly [string, string]
  rows: readonly (readonly [string, string])[]
}

/** The numbers of a chart, for whoever cannot see it or wants them exactly. */
export function ChartTable({ caption, head, rows }: ChartTableProps) {
  const id = useId()
  return (
    <details className="text-[12px]">
      <summary className="inline-flex min-h-[24px] cursor-pointer items-center rounded-[4px] text-ink-faint hover:text-ink">
        As a table
      </summary>
      <section
        aria-labelledby={id}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable box must be reachable by keyboard
        tabIndex={0}
        className="max-h-[220px] overflow-y-auto"
      >
        <table className="w-full max-w-[320px] border-collapse">
          <caption id={id} className="sr-only">
            {caption}
          </caption>
          <thead>
            <tr className="text-left text-ink-faint">
              <th scope="col" className="py-[2px] font-medium">
                {head[0]}
              </th>
              <th scope="col" className="py-[2px] text-right font-medium">
                {head[1]}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(([name, value]) => (
              <tr key={name} className="border-t border-line">
                <th scope="row" className="py-[2px] text-left font-normal">
                  {name}
                </th>
                <td className="py-[2px] text-right tabular-nums">{value}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  )
}
