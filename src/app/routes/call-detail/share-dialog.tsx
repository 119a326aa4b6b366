import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { CallDetail } from '#contract/call.ts'
import type { ShareLink } from '#contract/share-api.ts'
import { shareQueries, useCreateShareLink, useRevokeShareLink } from '../../api/share-links.ts'
import { useCanWrite } from '../../api/use-can-write.ts'
import { formatDate, formatFullDateTime, formatRelative } from '../../format/date.ts'
import { Button } from '../../ui/button.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { FormError } from '../../ui/form-error.tsx'
import { LoadError } from '../../ui/load-error.tsx'
import { Select } from '../../ui/select.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { showToast } from '../../ui/toast.tsx'

const LASTS = [
  { value: 1, label: '1 day' },
  { value: 7, label: '7 days' },
  { value: 30, label: '30 days' },
  { value: 90, label: '90 days' },
]

export type ShareDialogProps = { call: Pick<CallDetail, 'id'>; onClose: () => void }

/** Makes links that open this call without a key, and revokes them. */
export function ShareDialog({ call, onClose }: ShareDialogProps) {
  const canWrite = useCanWrite()
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="Share this call"
      footer={<Button onClick={onClose}>Close</Button>}
    >
      <div className="flex flex-col gap-[16px]">
        <p className="leading-[20px] text-ink-soft">
          Whoever has the link hears the recording and reads transcript, results, metadata and
          comments of this one call, without signing in. It opens nothing else.
        </p>
        {canWrite && <NewLink callId={call.id} />}
        <Links callId={call.id} canRevoke={canWrite} />
      </div>
    </Dialog>
  )
}

function NewLink({ callId }: { callId: number }) {
  const [days, setDays] = useState(7)
  const create = useCreateShareLink(callId)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    create.mutate(days)
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-[10px]">
      <div className="flex items-end gap-[8px]">
        <div className="min-w-0 flex-1">
          <Select label="Lasts" options={LASTS} value={days} onChange={setDays} />
        </div>
        <Button type="submit" variant="primary" isBusy={create.isPending}>
          Make a link
        </Button>
      </div>
      <FormError message={create.error?.message ?? null} />
      {create.data && (
        <div role="status">
          <CodeBlock text={create.data.url} copyLabel="Copy the link" />
          <p className="mt-[6px] text-[12px] leading-[18px] text-ink-soft">
            Copy it now: the server keeps a hash of it, not the link.
          </p>
        </div>
      )}
    </form>
  )
}

function Links({ callId, canRevoke }: { callId: number; canRevoke: boolean }) {
  const { data: links, error, refetch } = useQuery(shareQueries.ofCall(callId))
  if (!links) {
    if (!error) return <SkeletonRows rows={2} rowHeight={40} label="Loading the links" />
    return <LoadError title="The links could not be loaded" error={error} onRetry={refetch} />
  }
  if (links.length === 0) return <p className="text-ink-soft">No link opens this call now.</p>
  return (
    <section aria-labelledby="standing-links">
      <h3 id="standing-links" className="pb-[4px] font-semibold">
        Links that open it
      </h3>
      <ul className="divide-y divide-line rounded-[8px] border border-line">
        {links.map((link) => (
          <LinkRow key={link.id} callId={callId} link={link} canRevoke={canRevoke} />
        ))}
      </ul>
    </section>
  )
}

type LinkRowProps = { callId: number; link: ShareLink; canRevoke: boolean }

function LinkRow({ callId, link, canRevoke }: LinkRowProps) {
  const revoke = useRevokeShareLink(callId)
  const { createdBy, createdAt, expiresAt, lastOpenedAt } = link
  const handleRevoke = () =>
    revoke.mutate(link.id, {
      onSuccess: () => showToast({ title: 'The link opens nothing any more' }),
      onError: (error) =>
        showToast({
          title: 'The link was not revoked',
          description: error.message,
          tone: 'fail',
        }),
    })
  return (
    <li className="flex items-center gap-[10px] py-[6px] pr-[6px] pl-[12px]">
      <p className="min-w-0 flex-1 leading-[18px]">
        <time dateTime={expiresAt} title={formatFullDateTime(expiresAt)}>
          Until {formatDate(expiresAt)}
        </time>
        <span className="block text-[12px] text-ink-soft">
          made by {createdBy} {formatRelative(createdAt)} ·{' '}
          {lastOpenedAt === null ? 'never opened' : `opened ${formatRelative(lastOpenedAt)}`}
        </span>
      </p>
      {canRevoke && (
        <Button
          size="small"
          variant="quiet"
          aria-label={`Revoke the link until ${formatDate(expiresAt)}`}
          isBusy={revoke.isPending}
          onClick={handleRevoke}
        >
          Revoke
        </Button>
      )}
    </li>
  )
}
