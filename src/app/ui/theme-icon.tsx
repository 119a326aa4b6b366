import { Monitor, Moon, Sun } from 'lucide-react'
import type { ReactElement } from 'react'
import { THEME_LABEL, THEMES, type Theme } from './theme.ts'

export const THEME_ICON: Record<Theme, ReactElement> = {
  system: <Monitor size={15} aria-hidden="true" />,
  light: <Sun size={15} aria-hidden="true" />,
  dark: <Moon size={15} aria-hidden="true" />,
}

/** The themes to choose from, for a menu or a row of buttons. */
export const THEME_OPTIONS = THEMES.map((value) => ({
  value,
  label: THEME_LABEL[value],
  icon: THEME_ICON[value],
}))
