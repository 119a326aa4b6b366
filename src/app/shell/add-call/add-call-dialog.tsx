import { AudioLines, FileText } from 'lucide-react'
import { type DragEvent, type FormEvent, useId, useState } from 'react'
import { useNavigate } from 'react-router'
import { TranscriptType } from '#contract/transcript.ts'
import { useAgents } from '../../api/agents.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { FormError } from '../../ui/form-error.tsx'
import { Select } from '../../ui/select.tsx'
import type { SelectOption } from '../../ui/select-props.ts'
import { TextArea, TextField } from '../../ui/text-field.tsx'
import { showToast } from '../../ui/toast.tsx'
import { type AddCallDraft, emptyDraft } from './add-call-draft.ts'
import { AUDIO_ACCEPT, sortDroppedFiles, TRANSCRIPT_ACCEPT } from './dropped-files.ts'
import { FileSlot } from './file-slot.tsx'
import { UploadProgress } from './upload-progress.tsx'
import { useSubmitCall } from './use-submit-call.ts'

const TYPE_LABEL: Record<TranscriptType | 'detect', string> = {
  detect: 'Detect',
  cekura: 'Cekura',
  vocera: 'Vocera',
  vapi: 'Vapi',
  retell: 'Retell',
  deepgram: 'Deepgram',
  pipecat: 'Pipecat',
  livekit: 'LiveKit',
  elevenlabs: 'ElevenLabs',
  bland: 'Bland',
  'none-mono': 'None: transcribe the audio',
}

const TYPE_OPTIONS = (['detect', ...TranscriptType.options] as const).map((value) => ({
  value,
  label: TYPE_LABEL[value],
}))

/** Adds one call by hand, the same way a provider's webhook does. */
export function AddCallDialog({ onClose }: { onClose: () => void }) {
  const formId = useId()
  const navigate = useNavigate()
  const [draft, setDraft] = useState(() => emptyDraft(new Date()))
  const [transcriptName, setTranscriptName] = useState<string | null>(null)
  const [isDropTarget, setDropTarget] = useState(false)
  const agent = useAgentChoice(draft.agent)

  const change = (part: Partial<AddCallDraft>) => setDraft((current) => ({ ...current, ...part }))
  const set = <Field extends keyof AddCallDraft>(field: Field) => {
    return (value: AddCallDraft[Field]) => change({ [field]: value })
  }

  const { submit, cancel, isSending, progress, errors } = useSubmitCall({
    onAgentCreated: set('agent'),
    onStored: (id) => {
      showToast({ title: 'The call is added' })
      void navigate(`/calls/${id}`)
    },
  })

  const close = () => {
    cancel()
    onClose()
  }

  const readTranscript = async (file: File | null) => {
    setTranscriptName(file?.name ?? null)
    change({ transcript: file ? await file.text() : '' })
  }

  const handleDrop = (event: DragEvent) => {
    event.preventDefault()
    setDropTarget(false)
    const { recording, transcript } = sortDroppedFiles([...event.dataTransfer.files])
    if (recording) change({ recording })
    if (transcript) void readTranscript(transcript)
  }

  const handleSubmit = (event: FormEvent) => {
    event.preventDefault()
    submit({ ...draft, agent: agent.value })
  }

  return (
    <Dialog
      isOpen
      onClose={close}
      size="large"
      title="Add a call"
      description="A recording, a transcript, or both"
      isProtected={isSending || draft.recording !== null || draft.transcript !== ''}
      footer={
        isSending ? (
          <>
            <UploadProgress progress={progress} />
            <Button onClick={cancel}>Cancel the upload</Button>
          </>
        ) : (
          <>
            <Button onClick={close}>Cancel</Button>
            <Button variant="primary" type="submit" form={formId}>
              Add call
            </Button>
          </>
        )
      }
    >
      <form
        id={formId}
        inert={isSending}
        onSubmit={handleSubmit}
        onDragOver={(event) => {
          event.preventDefault()
          setDropTarget(true)
        }}
        onDragLeave={() => setDropTarget(false)}
        onDrop={handleDrop}
        className="flex flex-col gap-[14px]"
      >
        <div className="grid grid-cols-2 items-start gap-[12px] max-sm:grid-cols-1">
          <FileSlot
            label="Recording"
            icon={<AudioLines size={17} />}
            prompt="Drop an audio file here"
            accept={AUDIO_ACCEPT}
            file={draft.recording && toFileInfo(draft.recording.name, draft.recording.size)}
            onChange={set('recording')}
            error={errors.fields.recording}
            isDropTarget={isDropTarget}
          />
          <FileSlot
            label="Transcript file"
            icon={<FileText size={17} />}
            prompt="Drop JSON or text, or paste it below"
            accept={TRANSCRIPT_ACCEPT}
            file={transcriptName ? toFileInfo(transcriptName, draft.transcript.length) : null}
            onChange={(file) => void readTranscript(file)}
            isDropTarget={isDropTarget}
          />
        </div>
        <TextArea
          label="Transcript"
          isMonospace
          rows={5}
          value={draft.transcript}
          onChange={set('transcript')}
          placeholder={
            'Agent: Hello, how can I help?\nCaller: I would like to move my appointment.'
          }
          error={errors.fields.transcript}
        />
        <div className="grid grid-cols-2 items-start gap-[12px] max-sm:grid-cols-1">
          <Select
            label="Transcript format"
            options={TYPE_OPTIONS}
            value={draft.transcriptType}
            onChange={set('transcriptType')}
            error={errors.fields.transcriptType}
          />
          <Select
            label="Agent"
            options={agent.options}
            value={agent.value}
            onChange={set('agent')}
            error={errors.fields.agent}
          />
          {agent.value === 'new' && (
            <div className="col-span-full">
              <TextField
                label="Name of the new agent"
                value={draft.newAgentName}
                onChange={set('newAgentName')}
                error={errors.fields.newAgent}
              />
            </div>
          )}
          <TextField
            label="Call id"
            isMonospace
            maxLength={100}
            value={draft.callId}
            onChange={set('callId')}
            error={errors.fields.callId}
          />
          <TextField
            label="Customer number"
            inputMode="tel"
            maxLength={100}
            value={draft.customerNumber}
            onChange={set('customerNumber')}
            error={errors.fields.customerNumber}
          />
          <TextField
            label="Started at"
            type="datetime-local"
            value={draft.startedAt}
            onChange={set('startedAt')}
            hint="In your time zone; empty means now"
            error={errors.fields.startedAt}
          />
          <TextArea
            label="Metadata"
            isMonospace
            rows={1}
            value={draft.metadata}
            onChange={set('metadata')}
            placeholder='{"region": "EU"}'
            hint="A JSON object"
            error={errors.fields.metadata}
          />
        </div>
        <FormError message={errors.general} />
      </form>
    </Dialog>
  )
}

/** The agents to choose from and the one that counts: the only agent, until another is chosen. */
function useAgentChoice(chosen: AddCallDraft['agent']) {
  const { data: agents } = useAgents()
  const known = agents?.map(({ id, name }) => ({ value: id, label: name })) ?? []
  const options: SelectOption<AddCallDraft['agent']>[] = [
    ...known,
    { value: 'new', label: 'New agent…' },
  ]
  const only = known.length === 1 ? (known[0]?.value ?? null) : null
  const first = agents?.length === 0 ? 'new' : only
  return { options, value: chosen ?? first }
}

function toFileInfo(name: string, sizeBytes: number) {
  return { name, sizeBytes }
}
