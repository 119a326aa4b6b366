import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Redo2, Undo2 } from 'lucide-react'
import { type ReactNode, useEffect, useEffectEvent, useMemo } from 'react'
import { Link } from 'react-router'
import { withoutNode } from '#contract/filter-tree.ts'
import { spellFilter } from '#contract/filter-url.ts'
import { describeSelection } from '#contract/filter-words.ts'
import { useAgents } from '../../api/agents.ts'
import { filterQueries, useFilterFields } from '../../api/filters.ts'
import { toFilter } from '../../filters/edit-tree.ts'
import { createFieldCatalog, NOTHING_KNOWN } from '../../filters/field-catalog.ts'
import { type FilterData, FilterDataProvider } from '../../filters/filter-data.ts'
import type { NodeNote } from '../../filters/node-note.tsx'
import { FILTER_SHORTCUTS } from '../../filters/shortcuts.ts'
import { countOf } from '../../format/count.ts'
import { useDebounced } from '../../shell/use-debounced.ts'
import { buttonClass, IconButton } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { isDialogOpen, isTyping } from '../../ui/keyboard.ts'
import { SearchField } from '../../ui/search-field.tsx'
import { useShortcutSection } from '../../ui/shortcut-sections.ts'
import { useSearchDraft } from '../call-list/use-search-draft.ts'
import { QueueButton } from '../queues/queue-button.tsx'
import { CopyMenu } from './copy-menu.tsx'
import { EditorPane } from './editor-pane.tsx'
import { ExplainPanel } from './explain-panel.tsx'
import { failingNodes, shortNode } from './failing-nodes.ts'
import { builderSearch } from './filter-state.ts'
import { ProposeBox } from './propose-box.tsx'
import { ResultPanel } from './result-panel.tsx'
import { useBuilder } from './use-builder.ts'
import { useLiveResult } from './use-live-result.ts'
import { pathKey, useRuleCounts } from './use-rule-counts.ts'

/** Every edit asks the server anew: not every letter. */
const PAUSE_MS = 250

type FilterBuilderPageProps = {
  /** Beside "Show calls": what else can be done with the filter, such as keeping it. */
  renderActions?: (selection: { filter: string; search: string }) => ReactNode
}

/** Builds a filter by hand, by text or by words, and shows at once what it finds. */
export function FilterBuilderPage({ renderActions }: FilterBuilderPageProps) {
  const builder = useBuilder()
  const { tree, search, call } = builder
  const client = useQueryClient()
  const fields = useFilterFields()
  const agents = useAgents()
  const spoken = useMemo(() => toFilter(tree), [tree])
  const spelled = useMemo(() => spellFilter(spoken.filter), [spoken])
  const asked = useDebounced(spoken, PAUSE_MS)
  const selection = useMemo(() => ({ filter: spellFilter(asked.filter), search }), [asked, search])
  useBuilderKeys(builder)
  useLiveResult()

  const catalog = useMemo(
    () =>
      createFieldCatalog(
        fields.data ?? NOTHING_KNOWN,
        new Map(agents.data?.map(({ id, name }) => [id, name])),
      ),
    [fields.data, agents.data],
  )
  const data = useMemo<FilterData>(
    () => ({
      catalog,
      facetOf: ({ field, contains, nodeId }) => {
        const path = nodeId === null ? undefined : asked.paths.get(nodeId)
        const others = path ? withoutNode(asked.filter, path) : asked.filter
        return filterQueries.facet({ field, contains, search, filter: spellFilter(others) })
      },
    }),
    [catalog, asked, search],
  )

  const count = useQuery(filterQueries.count(selection))
  const explanation = useQuery({
    ...filterQueries.explanation({ ...selection, call }),
    enabled: call !== '',
    placeholderData: (before, query) => (query?.queryKey.includes(call) ? before : undefined),
  })
  const total = count.isPlaceholderData ? undefined : count.data?.count
  const counts = useRuleCounts({ filter: asked.filter, search, total })
  const checks = useMemo(() => {
    const nodes = explanation.data?.kind === 'explained' ? explanation.data.nodes : []
    return new Map(nodes.map((node) => [pathKey(node.path), node]))
  }, [explanation.data])

  const noteOf = (id: string): NodeNote | undefined => {
    const path = asked.paths.get(id)
    if (!path) return undefined
    const key = pathKey(path)
    const check = call === '' ? undefined : checks.get(key)
    const takesAway = counts.get(key)
    return { ...(check && { check }), ...(takesAway !== undefined && { takesAway }) }
  }
  const failing =
    explanation.data?.kind === 'explained'
      ? failingNodes(asked.filter, explanation.data.nodes).map((node) =>
          shortNode(node, catalog.names),
        )
      : []

  const address = builderSearch({ filter: spelled, search, call: '' })
  const link = `${window.location.origin}/filters${address}`
  const completions = {
    catalog,
    loadValues: async (field: string) => {
      const facet = await client
        .fetchQuery(filterQueries.facet({ field, search }))
        .catch(() => ({ values: [] }))
      return facet.values.map(({ value, count: size }) => ({
        text: JSON.stringify(value),
        count: size,
      }))
    },
  }

  return (
    <FilterDataProvider value={data}>
      <main className="flex min-h-full flex-col">
        <header className="sticky top-0 z-10 flex min-h-[50px] flex-wrap items-center gap-[8px] border-b border-line bg-canvas px-[16px] py-[9px]">
          <h1 className="mr-[4px] text-[15px] font-semibold">Filters</h1>
          <IconButton
            label="Undo"
            shortcut="mod+Z"
            size="small"
            disabled={!builder.canUndo}
            onClick={builder.undo}
          >
            <Undo2 size={15} />
          </IconButton>
          <IconButton
            label="Redo"
            shortcut="mod+shift+Z"
            size="small"
            disabled={!builder.canRedo}
            onClick={builder.redo}
          >
            <Redo2 size={15} />
          </IconButton>
          <div className="ml-auto flex items-center gap-[8px] max-md:contents">
            <div className="max-md:ml-auto">
              <CopyMenu filter={spoken.filter} search={search} link={link} />
            </div>
            <QueueButton search={search} filter={spelled} />
            {renderActions?.({ filter: spelled, search })}
            <Link
              to={`/calls${address}`}
              className={classNames(buttonClass({ variant: 'primary' }), 'max-md:ml-auto')}
            >
              <span className="max-md:hidden">Show calls</span>
              {/* Where the result is further down, the number is told here. */}
              <span className="tabular-nums md:hidden">
                {total === undefined ? 'Show calls' : `Show ${countOf(total, 'call')}`}
              </span>
            </Link>
          </div>
        </header>
        <div className="grid flex-1 grid-cols-[minmax(0,1fr)_minmax(320px,380px)] max-lg:grid-cols-1">
          <div className="flex min-w-0 flex-col gap-[14px] border-line p-[16px] max-md:p-[12px] lg:border-r">
            {fields.data?.canPropose && (
              <ProposeBox names={catalog.names} onApply={builder.replace} />
            )}
            <SearchWords search={search} onSearch={builder.setSearch} />
            <EditorPane
              tree={tree}
              filter={spoken.filter}
              spelled={spelled}
              link={link}
              broken={builder.broken}
              noteOf={noteOf}
              completions={completions}
              onTree={builder.change}
              onFilter={builder.replace}
              onSearch={builder.setSearch}
              onDropBroken={builder.dropBroken}
            />
          </div>
          <aside
            aria-label="Result"
            className="flex min-w-0 flex-col gap-[16px] border-line p-[16px] max-lg:border-t max-md:p-[12px] lg:sticky lg:top-[50px] lg:max-h-[calc(100dvh-50px)] lg:self-start lg:overflow-y-auto"
          >
            <ResultPanel
              selection={selection}
              sentence={describeSelection({ filter: spoken.filter, search }, catalog.names)}
              listSearch={builderSearch({ ...selection, call: '' })}
              onExplain={(summary) => builder.setCall(summary.callId)}
            >
              <ExplainPanel
                call={call}
                onCall={builder.setCall}
                explanation={explanation}
                failing={failing}
              />
            </ResultPanel>
          </aside>
        </div>
      </main>
    </FilterDataProvider>
  )
}

function SearchWords({ search, onSearch }: { search: string; onSearch: (search: string) => void }) {
  const { text, setText } = useSearchDraft(search, onSearch)
  return (
    <SearchField
      label="Search words in the calls"
      placeholder="Search words as well: ids, numbers, transcripts"
      maxLength={200}
      value={text}
      onChange={setText}
      className="max-w-[420px]"
    />
  )
}

function useBuilderKeys({ undo, redo }: Pick<ReturnType<typeof useBuilder>, 'undo' | 'redo'>) {
  useShortcutSection(FILTER_SHORTCUTS)
  const handleKeyDown = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.altKey || !(event.ctrlKey || event.metaKey)) return
    // A text has an undo of its own.
    if (isTyping(event) || isDialogOpen()) return
    const key = event.key.toLowerCase()
    const isRedo = key === 'y' || (key === 'z' && event.shiftKey)
    if (key !== 'z' && !isRedo) return
    event.preventDefault()
    if (isRedo) redo()
    else undo()
  })
  useEffect(() => {
    window.addEventListener('keydown', handleKeyDown)
    return () => window.removeEventListener('keydown', handleKeyDown)
  }, [])
}
