import { Segmented } from '../../ui/segmented.tsx'
import { THEME_LABEL, THEMES, useTheme } from '../../ui/theme.ts'
import { THEME_ICON } from '../../ui/theme-icon.tsx'
import { Section } from './section.tsx'

export function AppearanceSection() {
  const [theme, setTheme] = useTheme()
  return (
    <Section title="Appearance" description="Remembered by this browser.">
      <Segmented
        label="Theme"
        options={THEMES.map((value) => ({
          value,
          label: THEME_LABEL[value],
          icon: THEME_ICON[value],
        }))}
        value={theme}
        onChange={setTheme}
      />
    </Section>
  )
}
