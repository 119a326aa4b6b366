import type { Completion, CompletionSource } from '@codemirror/autocomplete'
import { METRIC_VARIABLES } from '#contract/metric-variables.ts'

/** The variables of a prompt after `{{`, and the metrics whose results it can name. `names` is asked anew each time. */
export function variableCompletions(names: () => readonly string[]): CompletionSource {
  return (context) => {
    const open = context.matchBefore(/\{\{[^{}\n]*$/)
    if (open === null) return null
    const blank = /^\{\{\s*/.exec(open.text)?.[0].length ?? 2
    return {
      from: open.from + blank,
      options: variableOptions(names()),
      validFor: /^[^{}\n]*$/,
    }
  }
}

function variableOptions(metricNames: readonly string[]): Completion[] {
  const variables = METRIC_VARIABLES.map(({ name, help, hasKeys }) => ({
    label: name,
    detail: help,
    apply: insertName(hasKeys ? `${name}.` : name, hasKeys ? 'inside' : 'behind'),
    boost: 1,
  }))
  const results = metricNames.map((name) => ({
    label: name,
    detail: 'What this metric says of the call',
    apply: insertName(name, 'behind'),
  }))
  return [...variables, ...results]
}

/** Puts the name in and closes the braces where they are not closed; the cursor ends where one writes on. */
function insertName(name: string, end: 'inside' | 'behind'): NonNullable<Completion['apply']> {
  return (view, _completion, from, to) => {
    const isClosed = view.state.sliceDoc(to, to + 2) === '}}'
    const cursor = from + name.length + (end === 'behind' ? 2 : 0)
    view.dispatch({
      changes: { from, to, insert: isClosed ? name : `${name}}}` },
      selection: { anchor: cursor },
      userEvent: 'input.complete',
    })
  }
}
