import { Monitor, Moon, Sun } from 'lucide-react'
import type { ReactElement } from 'react'
import type { Theme } from './theme.ts'

export const THEME_ICON: Record<Theme, ReactElement> = {
  system: <Monitor size={15} aria-hidden="true" />,
  light: <Sun size={15} aria-hidden="true" />,
  dark: <Moon size={15} aria-hidden="true" />,
}
