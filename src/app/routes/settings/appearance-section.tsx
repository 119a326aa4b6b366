import { Segmented } from '../../ui/segmented.tsx'
import { useTheme } from '../../ui/theme.ts'
import { THEME_OPTIONS } from '../../ui/theme-icon.tsx'
import { Section } from './section.tsx'

export function AppearanceSection() {
  const [theme, setTheme] = useTheme()
  return (
    <Section title="Appearance" description="Remembered by this browser.">
      <Segmented label="Theme" options={THEME_OPTIONS} value={theme} onChange={setTheme} />
    </Section>
  )
}
