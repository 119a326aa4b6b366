import { lazy, Suspense, useState } from 'react'
import type { FilterGroup } from '#contract/filter.ts'
import { parseFilterJson } from '#contract/filter-parse.ts'
import { readFilter } from '#contract/filter-url.ts'
import { BrokenNotice } from '../../filters/broken-notice.tsx'
import type { EditGroup } from '../../filters/edit-tree.ts'
import { FilterTree } from '../../filters/filter-tree.tsx'
import type { CompletionData } from '../../filters/json-completions.ts'
import type { NodeNote } from '../../filters/node-note.tsx'
import { useTextDraft } from '../../filters/use-text-draft.ts'
import { CodeBlock } from '../../ui/code-block.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { TextArea } from '../../ui/text-field.tsx'
import { jsonText, readLink } from './filter-state.ts'

const TextEditor = lazy(async () => ({
  default: (await import('../../filters/text-editor.tsx')).TextEditor,
}))

type Mode = 'tree' | 'text' | 'url'

const MODES = [
  { value: 'tree', label: 'Tree' },
  { value: 'text', label: 'Text' },
  { value: 'url', label: 'URL' },
] as const

export type EditorPaneProps = {
  tree: EditGroup
  filter: FilterGroup
  spelled: string
  link: string
  /** The address's filter where it cannot be read. */
  broken: string | null
  noteOf: (id: string) => NodeNote | undefined
  completions: CompletionData
  onTree: (tree: EditGroup, options: { mergeKey?: string }) => void
  onFilter: (filter: FilterGroup, options: { mergeKey?: string }) => void
  onSearch: (search: string) => void
  onDropBroken: () => void
}

/** Three editors of one filter. What is half written in one is there when a person comes back to it. */
export function EditorPane(props: EditorPaneProps) {
  const { tree, filter, spelled, link, broken, noteOf, completions } = props
  const [mode, setMode] = useState<Mode>(broken === null ? 'tree' : 'url')
  const asText = useTextDraft({
    spelled,
    text: jsonText(filter),
    parse: (text) => parseFilterJson(text),
    onApply: (next) => props.onFilter(next, { mergeKey: 'text' }),
    broken: null,
  })
  const asUrl = useTextDraft({
    spelled,
    text: spelled,
    parse: (text) => readFilter(readLink(text).filter),
    onApply: (next) => props.onFilter(next, { mergeKey: 'url' }),
    broken,
  })
  const shown = broken !== null && mode === 'tree' ? 'url' : mode

  return (
    <div className="flex min-w-0 flex-col gap-[10px]">
      <div className="flex flex-wrap items-center gap-[10px]">
        <Segmented label="Editor" options={MODES} value={shown} onChange={setMode} />
        {(asText.isBroken || asUrl.isBroken) && (
          <span className="text-[12px] text-warn">
            {asText.isBroken ? 'Text' : 'URL'} with mistakes, not applied
          </span>
        )}
      </div>
      {shown === 'tree' && <FilterTree tree={tree} onChange={props.onTree} noteOf={noteOf} />}
      {shown === 'text' && (
        <div className="flex flex-col gap-[8px]">
          <Suspense fallback={<Skeleton className="h-[264px] w-full" />}>
            <TextEditor
              text={asText.text}
              onChange={asText.write}
              issues={asText.issues}
              completions={completions}
            />
          </Suspense>
          {asText.isBroken && (
            <BrokenNotice
              text={asText.text}
              issues={asText.issues}
              isBehind={asText.isBehind}
              onDiscard={asText.discard}
            />
          )}
        </div>
      )}
      {shown === 'url' && (
        <div className="flex flex-col gap-[10px]">
          <TextArea
            label="Filter as it stands in the address"
            hint="Type it, or paste a whole link to a list or to this page."
            isMonospace
            rows={4}
            value={asUrl.text}
            onChange={(text) => {
              const { search } = readLink(text)
              if (search !== null) props.onSearch(search)
              asUrl.write(text)
            }}
          />
          {asUrl.isBroken && (
            <BrokenNotice
              text={readLink(asUrl.text).filter}
              issues={asUrl.issues}
              isBehind={asUrl.isBehind}
              onDiscard={() => {
                asUrl.discard()
                if (broken !== null) props.onDropBroken()
              }}
            />
          )}
          <CodeBlock text={link} copyLabel="Copy the link" />
        </div>
      )}
    </div>
  )
}
