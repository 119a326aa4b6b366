import type { ReactElement } from 'react'
import { Menu, MenuRadioGroup } from '../ui/menu.tsx'
import { useTheme } from '../ui/theme.ts'
import { THEME_OPTIONS } from '../ui/theme-icon.tsx'

export function ThemeMenu({ trigger }: { trigger: ReactElement }) {
  const [theme, setTheme] = useTheme()
  return (
    <Menu trigger={trigger} side="top">
      <MenuRadioGroup label="Theme" options={THEME_OPTIONS} value={theme} onChange={setTheme} />
    </Menu>
  )
}
