import { useState } from 'react'
import { useDemo, useRemoveDemo } from '../../api/demo.ts'
import { countOf } from '../../format/count.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/dialog.tsx'
import { LoadError } from '../../ui/load-error.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { showToast } from '../../ui/toast.tsx'
import { Section } from './section.tsx'
import type { SettingsAccess } from './settings-page.tsx'

/** The calls that Talktrack brought along to try itself on. */
export function DemoSection({ access }: { access: SettingsAccess }) {
  const { data: demo, error, refetch } = useDemo()
  const [isAsking, setAsking] = useState(false)
  if (!demo) {
    return (
      <Section title="Demo data">
        {error ? (
          <LoadError title="The demo data could not be counted" error={error} onRetry={refetch} />
        ) : (
          <Skeleton className="h-[12px] w-[180px]" />
        )}
      </Section>
    )
  }
  const isPresent = demo.callCount > 0
  return (
    <Section
      title="Demo data"
      description={
        isPresent
          ? `${countOf(demo.callCount, 'demo call')} to try Talktrack on. Your own calls are kept apart.`
          : 'There are no demo calls.'
      }
      action={
        isPresent &&
        access?.canWrite && <Button onClick={() => setAsking(true)}>Remove demo data</Button>
      }
    >
      {isAsking && <RemoveDemoDialog count={demo.callCount} onClose={() => setAsking(false)} />}
    </Section>
  )
}

function RemoveDemoDialog({ count, onClose }: { count: number; onClose: () => void }) {
  const remove = useRemoveDemo()
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title="Remove the demo data?"
      confirmLabel={`Remove ${countOf(count, 'demo call')}`}
      isBusy={remove.isPending}
      error={remove.error}
      onConfirm={() =>
        remove.mutate(undefined, {
          onSuccess: ({ removed }) => {
            showToast({ title: `${countOf(removed, 'demo call')} removed` })
            onClose()
          },
        })
      }
    >
      The demo calls go with their recordings and agents. Your own calls and agents stay. This
      cannot be undone.
    </ConfirmDialog>
  )
}
