import { ArrowDown, ArrowUp, Plus, X } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from 'react'
import type { TopicNode } from '#contract/agent.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { TextArea, TextField } from '../../ui/text-field.tsx'
import { MAX_NODES, moved } from './topic-nodes.ts'

type NodeListFieldProps = {
  label: string
  /** `topic`, `stage`. */
  noun: string
  hint: ReactNode
  nodes: readonly TopicNode[]
  onChange: (nodes: TopicNode[]) => void
  error: string | null | undefined
}

/** Names with descriptions, in an order: added, taken out and moved by pointer and by keyboard. */
export function NodeListField(props: NodeListFieldProps) {
  const { label, noun, hint, nodes, onChange, error } = props
  const id = useId()
  const list = useRef<HTMLUListElement>(null)
  const addButton = useRef<HTMLButtonElement>(null)
  // A row keeps its key wherever it goes, and so its focus.
  const [keys, setKeys] = useState(() => nodes.map((_, index) => index))
  const nextKey = useRef(nodes.length)

  const change = (index: number, changes: Partial<TopicNode>) =>
    onChange(nodes.map((node, at) => (at === index ? { ...node, ...changes } : node)))
  const add = () => {
    setKeys([...keys, nextKey.current])
    nextKey.current += 1
    onChange([...nodes, { name: '', description: '' }])
    requestAnimationFrame(() => {
      list.current?.querySelector<HTMLElement>('li:last-child input')?.focus()
    })
  }
  const remove = (index: number) => {
    setKeys(keys.filter((_, at) => at !== index))
    onChange(nodes.filter((_, at) => at !== index))
    addButton.current?.focus()
  }
  const move = (index: number, by: number) => {
    const focused = document.activeElement
    setKeys(moved(keys, index, by))
    onChange(moved(nodes, index, by))
    // Browsers let go of the focus of an element that is moved.
    requestAnimationFrame(() => focused instanceof HTMLElement && focused.focus())
  }
  const handleKeyDown = (event: KeyboardEvent, index: number) => {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return
    event.preventDefault()
    move(index, event.key === 'ArrowUp' ? -1 : 1)
  }

  return (
    <fieldset aria-describedby={`${id}-note`} className="flex min-w-0 flex-col gap-[6px]">
      <legend className="mb-[4px] font-medium">{label}</legend>
      {nodes.length > 0 && (
        <ul ref={list} className="flex flex-col gap-[8px]">
          {nodes.map((node, index) => {
            const title = `${capital(noun)} ${index + 1}`
            return (
              <li
                key={keys[index] ?? index}
                onKeyDown={(event) => handleKeyDown(event, index)}
                className="flex items-start gap-[4px] rounded-[6px] border border-line p-[6px]"
              >
                <div className="flex min-w-0 flex-1 flex-col gap-[4px]">
                  <TextField
                    label={title}
                    isLabelHidden
                    placeholder={title}
                    maxLength={200}
                    value={node.name}
                    onChange={(name) => change(index, { name })}
                    aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown"
                    onKeyDown={(event) => {
                      // Enter would save the agent.
                      if (event.key !== 'Enter') return
                      event.preventDefault()
                      add()
                    }}
                  />
                  <TextArea
                    label={`Description of ${noun} ${index + 1}`}
                    isLabelHidden
                    placeholder="When a call belongs here"
                    rows={1}
                    maxLength={2000}
                    value={node.description}
                    onChange={(description) => change(index, { description })}
                  />
                </div>
                <div className="flex shrink-0">
                  <IconButton
                    size="small"
                    label={`Move ${noun} ${index + 1} up`}
                    aria-disabled={index === 0}
                    onClick={() => move(index, -1)}
                  >
                    <ArrowUp size={14} />
                  </IconButton>
                  <IconButton
                    size="small"
                    label={`Move ${noun} ${index + 1} down`}
                    aria-disabled={index === nodes.length - 1}
                    onClick={() => move(index, 1)}
                  >
                    <ArrowDown size={14} />
                  </IconButton>
                  <IconButton
                    size="small"
                    label={`Remove ${noun} ${index + 1}`}
                    onClick={() => remove(index)}
                  >
                    <X size={14} />
                  </IconButton>
                </div>
              </li>
            )
          })}
        </ul>
      )}
      <div>
        <Button
          ref={addButton}
          size="small"
          icon={<Plus size={13} />}
          disabled={nodes.length >= MAX_NODES}
          onClick={add}
        >
          Add {noun}
        </Button>
      </div>
      <p
        id={`${id}-note`}
        role={error ? 'alert' : undefined}
        className={`text-[12px] leading-[17px] ${error ? 'text-fail' : 'text-ink-faint'}`}
      >
        {error || hint}
      </p>
    </fieldset>
  )
}

function capital(noun: string): string {
  return noun.slice(0, 1).toUpperCase() + noun.slice(1)
}
