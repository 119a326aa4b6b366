import { useState } from 'react'

const STORAGE_KEY = 'talktrack.nav'

/** Whether the side navigation is a rail of icons; remembered by this browser. */
export function useNavWidth() {
  const [isCollapsed, setCollapsed] = useState(
    () => localStorage.getItem(STORAGE_KEY) === 'collapsed',
  )
  const toggle = () => {
    localStorage.setItem(STORAGE_KEY, isCollapsed ? 'open' : 'collapsed')
    setCollapsed(!isCollapsed)
  }
  return { isCollapsed, toggle }
}
