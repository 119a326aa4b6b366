import { useProject } from '../../api/project.ts'
import { Switch } from '../../ui/switch.tsx'
import { formatShare } from './metric-words.ts'

type SamplingSwitchProps = { isSampled: boolean; onChange: (isSampled: boolean) => void }

export function SamplingSwitch({ isSampled, onChange }: SamplingSwitchProps) {
  const rate = useProject().data?.sampleRate
  return (
    <Switch
      label="Sampled"
      description={`Only a share of new calls is judged by it: ${
        rate === undefined ? 'the project’s' : `${formatShare(rate)} in this project`
      }.`}
      isChecked={isSampled}
      onChange={onChange}
    />
  )
}
