import { ChevronRight } from 'lucide-react'
import { useMemo, useState } from 'react'
import { classNames } from '../../ui/class-names.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { countLeaves, filterTree, type TreeNode, toTree } from './tree-nodes.ts'

/** More values than this are easier to search than to read. */
const SEARCHABLE_LEAVES = 8

export type ValueTreeProps = { title: string; record: Record<string, unknown> }

/** JSON as a tree that folds and can be searched. Nothing for an empty record. */
export function ValueTree({ title, record }: ValueTreeProps) {
  const [search, setSearch] = useState('')
  const tree = useMemo(() => toTree(record), [record])
  const shown = useMemo(() => filterTree(tree, search), [tree, search])
  const leafCount = useMemo(() => countLeaves(tree), [tree])
  if (tree.length === 0) return null

  return (
    <section aria-label={title}>
      <h2 className="flex items-baseline gap-[6px] text-[13px] font-semibold">
        {title}
        <span className="text-[12px] font-normal text-ink-faint tabular-nums">{leafCount}</span>
      </h2>
      {leafCount > SEARCHABLE_LEAVES && (
        <SearchField
          label={`Search ${title.toLowerCase()}`}
          placeholder="Search"
          value={search}
          onChange={setSearch}
          className="mt-[6px]"
        />
      )}
      <ul className="mt-[4px]">
        {shown.map((node) => (
          <Node key={node.name} node={node} isSearched={search.trim() !== ''} depth={0} />
        ))}
      </ul>
      {shown.length === 0 && <p className="py-[6px] text-ink-faint">Nothing matches.</p>}
    </section>
  )
}

type NodeProps = {
  node: TreeNode
  /** Shows branches open, since something in them matches. */
  isSearched: boolean
  depth: number
}

/** Branches deeper than this start folded. */
const OPEN_DEPTH = 1

function Node({ node, isSearched, depth }: NodeProps) {
  return (
    <li className="border-b border-line/70 last:border-b-0">
      {node.children.length > 0 ? (
        <Branch node={node} isSearched={isSearched} depth={depth} />
      ) : (
        <Leaf node={node} />
      )}
    </li>
  )
}

function Branch({ node, isSearched, depth }: NodeProps) {
  const [isOpened, setIsOpened] = useState(depth < OPEN_DEPTH)
  const isOpen = isSearched || isOpened
  const count = `${node.children.length} ${node.kind === 'list' ? 'in list' : 'inside'}`
  return (
    <>
      <div className="group/line flex items-center">
        <button
          type="button"
          aria-expanded={isOpen}
          onClick={() => setIsOpened(!isOpen)}
          className="-ml-[3px] flex min-h-[26px] min-w-0 flex-1 items-center gap-[3px] rounded-[4px] text-left text-ink-soft hover:text-ink"
        >
          <ChevronRight
            size={13}
            aria-hidden="true"
            className={classNames('shrink-0', isOpen && 'rotate-90')}
          />
          <span className="truncate">{node.name}</span>
          <span className="shrink-0 pl-[4px] text-[12px] text-ink-faint">{count}</span>
        </button>
        <CopyPath node={node} />
      </div>
      {isOpen && (
        <ul className="ml-[3px] border-l border-line pl-[10px]">
          {node.children.map((child) => (
            <Node key={child.name} node={child} isSearched={isSearched} depth={depth + 1} />
          ))}
        </ul>
      )}
    </>
  )
}

function Leaf({ node }: { node: TreeNode }) {
  const text = node.value ?? (node.kind === 'list' ? '[]' : '{}')
  const isQuiet = node.value === null || node.kind === 'null' || text === ''
  return (
    <div className="group/line flex items-start gap-[8px] py-[3px] leading-[20px]">
      <span className="w-[36%] shrink-0 truncate text-ink-soft" title={node.path}>
        {node.name}
      </span>
      <span
        className={classNames(
          'min-w-0 flex-1 break-words',
          isQuiet && 'text-ink-faint',
          node.kind === 'number' && 'tabular-nums',
        )}
      >
        {text === '' ? '(empty)' : text}
      </span>
      <CopyPath node={node} />
    </div>
  )
}

function CopyPath({ node }: { node: TreeNode }) {
  return (
    <span className="-my-[3px] opacity-0 group-focus-within/line:opacity-100 group-hover/line:opacity-100 pointer-coarse:opacity-100">
      <CopyButton text={node.path} label={`Copy path ${node.path}`} />
    </span>
  )
}
