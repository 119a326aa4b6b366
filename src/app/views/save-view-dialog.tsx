import { type FormEvent, useId, useState } from 'react'
import { MAX_VIEW_NAME, ViewName, type ViewState, type ViewVisibility } from '#contract/view.ts'
import { toFormErrors } from '../api/field-errors.ts'
import { useChangeView, useCreateView } from '../api/view-changes.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { FormError } from '../ui/form-error.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { Switch } from '../ui/switch.tsx'
import { TextField } from '../ui/text-field.tsx'

const VISIBILITIES = [
  { value: 'personal', label: 'Only me' },
  { value: 'shared', label: 'Everyone in the project' },
] as const

type Draft = { name: string; visibility: ViewVisibility; isPinned: boolean }

/** `create`: a new view of this state. `change`: name and audience of one that is there. */
export type ViewDialog =
  | { kind: 'create'; title: string; draft: Draft; state: ViewState }
  | { kind: 'change'; id: number; draft: Draft }

type SaveViewDialogProps = {
  dialog: ViewDialog
  onClose: () => void
  /** The new view's id. */
  onCreated: (id: number) => void
}

/** Name, audience and place of a view. */
export function SaveViewDialog({ dialog, onClose, onCreated }: SaveViewDialogProps) {
  const formId = useId()
  const [draft, setDraft] = useState(dialog.draft)
  const [isNameTouched, setNameTouched] = useState(false)
  const create = useCreateView()
  const change = useChangeView()
  const errors = toFormErrors(create.error ?? change.error, { name: 'name' })
  const nameError = isNameTouched ? nameFault(draft.name) : null
  const edit = (changes: Partial<Draft>) => setDraft({ ...draft, ...changes })

  const handleSubmit = (event: FormEvent) => {
    event.preventDefault()
    setNameTouched(true)
    if (nameFault(draft.name)) return
    if (dialog.kind === 'change') {
      return change.mutate({ id: dialog.id, change: draft }, { onSuccess: onClose })
    }
    const finish = ({ id }: { id: number }) => {
      onCreated(id)
      onClose()
    }
    create.mutate({ ...draft, state: dialog.state }, { onSuccess: finish })
  }

  return (
    <Dialog
      isOpen
      onClose={onClose}
      size="small"
      title={dialog.kind === 'create' ? dialog.title : 'Rename the view'}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            type="submit"
            form={formId}
            isBusy={create.isPending || change.isPending}
          >
            Save
          </Button>
        </>
      }
    >
      <form id={formId} noValidate onSubmit={handleSubmit} className="flex flex-col gap-[14px]">
        <TextField
          label="Name"
          value={draft.name}
          onChange={(name) => edit({ name })}
          onFocus={(event) => event.currentTarget.select()}
          maxLength={MAX_VIEW_NAME}
          error={nameError ?? errors.fields.name}
        />
        <div className="flex flex-col items-start gap-[4px]">
          <span aria-hidden="true" className="text-[13px] font-medium">
            Who sees it
          </span>
          <Segmented
            label="Who sees it"
            options={VISIBILITIES}
            value={draft.visibility}
            onChange={(visibility) => edit({ visibility })}
          />
        </div>
        <Switch
          label="Pin to the navigation"
          description="With a live count of its calls"
          isChecked={draft.isPinned}
          onChange={(isPinned) => edit({ isPinned })}
        />
        <FormError message={errors.general} />
      </form>
    </Dialog>
  )
}

function nameFault(name: string): string | null {
  return ViewName.safeParse(name).success ? null : 'Give the view a name.'
}
