import type { ReactElement } from 'react'
import { Menu, MenuRadioGroup } from '../ui/menu.tsx'
import { THEME_LABEL, THEMES, useTheme } from '../ui/theme.ts'
import { THEME_ICON } from '../ui/theme-icon.tsx'

export function ThemeMenu({ trigger }: { trigger: ReactElement }) {
  const [theme, setTheme] = useTheme()
  return (
    <Menu trigger={trigger} side="top">
      <MenuRadioGroup
        label="Theme"
        options={THEMES.map((value) => ({
          value,
          label: THEME_LABEL[value],
          icon: THEME_ICON[value],
        }))}
        value={theme}
        onChange={setTheme}
      />
    </Menu>
  )
}
