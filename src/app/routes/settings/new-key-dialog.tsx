import { type FormEvent, useId, useState } from 'react'
import type { AccessScope, NewApiKey } from '#contract/access.ts'
import { toFormErrors } from '../../api/field-errors.ts'
import { useCreateKey } from '../../api/keys.ts'
import { Button } from '../../ui/button.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { FormError } from '../../ui/form-error.tsx'
import { Select } from '../../ui/select.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { SCOPE_DESCRIPTION, SCOPE_LABEL } from './scope-label.ts'

const SCOPE_OPTIONS = (['project', 'read-only', 'admin'] as const).map((value) => ({
  value,
  label: SCOPE_LABEL[value],
  description: SCOPE_DESCRIPTION[value],
}))

/** Makes a key, then shows it: the one moment in which it can be read. */
export function NewKeyDialog({ onClose }: { onClose: () => void }) {
  const create = useCreateKey()
  if (create.data) return <MadeKey made={create.data} onClose={onClose} />
  return <NewKeyForm create={create} onClose={onClose} />
}

type NewKeyFormProps = { create: ReturnType<typeof useCreateKey>; onClose: () => void }

function NewKeyForm({ create, onClose }: NewKeyFormProps) {
  const formId = useId()
  const [name, setName] = useState('')
  const [scope, setScope] = useState<AccessScope>('project')
  const errors = toFormErrors(create.error, { name: 'name', scope: 'scope' })

  const handleSubmit = (event: FormEvent) => {
    event.preventDefault()
    create.mutate({ name, scope })
  }

  return (
    <Dialog
      isOpen
      onClose={onClose}
      size="small"
      title="Create an API key"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" form={formId} isBusy={create.isPending}>
            Create key
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={handleSubmit} className="flex flex-col gap-[14px]">
        <TextField
          label="Name"
          required
          maxLength={100}
          value={name}
          onChange={setName}
          hint="Who or what will use it"
          error={errors.fields.name}
        />
        <Select
          label="May do"
          options={SCOPE_OPTIONS}
          value={scope}
          onChange={setScope}
          error={errors.fields.scope}
        />
        <FormError message={errors.general} />
      </form>
    </Dialog>
  )
}

function MadeKey({ made, onClose }: { made: NewApiKey; onClose: () => void }) {
  return (
    <Dialog
      isOpen
      isProtected
      onClose={onClose}
      title={`The key “${made.name}”`}
      footer={
        <Button variant="primary" onClick={onClose}>
          I have stored it
        </Button>
      }
    >
      <CodeBlock text={made.key} copyLabel="Copy the key" />
      <p className="mt-[10px] leading-[20px] text-ink-soft">
        This is the only time it is shown: the server keeps a hash of it, not the key. If it is
        lost, revoke it and create another.
      </p>
    </Dialog>
  )
}
