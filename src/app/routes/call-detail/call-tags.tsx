import { Tag as TagIcon, X } from 'lucide-react'
import { lazy, Suspense } from 'react'
import type { CallDetail } from '#contract/call.ts'
import { useChangeTags } from '../../api/tags.ts'
import { useCanWrite } from '../../api/use-can-write.ts'
import { Button } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Popover } from '../../ui/popover.tsx'
import { showToast } from '../../ui/toast.tsx'

const loadEditor = () => import('./tag-editor.tsx')
const TagEditor = lazy(async () => ({ default: (await loadEditor()).TagEditor }))

/** A call's tags: each can be taken away, and others added, by who may change calls. */
export function CallTags({ call }: { call: CallDetail }) {
  const changeTags = useChangeTags()
  const canWrite = useCanWrite()
  const change = (add: readonly string[], remove: readonly string[]) =>
    changeTags.mutate(
      { id: call.id, add, remove },
      {
        onError: (error) =>
          showToast({
            title: 'The tags could not be changed',
            description: error.message,
            tone: 'fail',
          }),
      },
    )

  return (
    <div className="flex min-w-0 flex-wrap items-center gap-[4px] max-md:order-1">
      {call.tags.length > 0 && (
        <ul aria-label="Tags" className="contents">
          {call.tags.map((tag) => (
            <li
              key={tag}
              className="flex h-[24px] max-w-[180px] min-w-0 items-center rounded-[4px] bg-idle-soft pl-[7px] text-[12px]"
            >
              <span className={classNames('truncate', !canWrite && 'pr-[7px]')} title={tag}>
                {tag}
              </span>
              {canWrite && (
                <button
                  type="button"
                  aria-label={`Remove tag ${tag}`}
                  onClick={() => change([], [tag])}
                  className="flex size-[24px] shrink-0 items-center justify-center rounded-[4px] text-ink-faint hover:text-ink"
                >
                  <X size={12} />
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      {canWrite && (
        <Popover
          title="Tags"
          trigger={
            <Button
              size="small"
              variant="quiet"
              icon={<TagIcon size={13} />}
              className="px-[7px]! text-[12px]!"
              onPointerEnter={() => void loadEditor()}
              onFocus={() => void loadEditor()}
            >
              {call.tags.length === 0 ? 'Add tags' : 'Edit'}
              {call.tags.length > 0 && <span className="sr-only"> tags</span>}
            </Button>
          }
        >
          <Suspense fallback={<div className="h-[34px] w-[300px]" />}>
            <TagEditor tags={call.tags} onChange={change} />
          </Suspense>
        </Popover>
      )}
    </div>
  )
}
