import { useEffect, useEffectEvent } from 'react'
import { useNavigate } from 'react-router'
import type { CallRow } from '#contract/api.ts'
import { isDialogOpen, isTyping } from '../../ui/keyboard.ts'
import { type ShortcutSection, useShortcutSection } from '../../ui/shortcut-sections.ts'
import { callHref } from './call-href.ts'
import type { CellFilter } from './cell-filters.ts'
import { rowAfterKey } from './row-movement.ts'

const SHORTCUTS: ShortcutSection = {
  title: 'Call list',
  shortcuts: [
    { keys: ['j', 'down'], label: 'Next call' },
    { keys: ['k', 'up'], label: 'Previous call' },
    { keys: ['enter', 'o'], label: 'Open the call' },
    { keys: ['x'], label: 'Select the call, or let go of it' },
    { keys: ['c'], label: 'Copy the call ID' },
    { keys: ['i'], label: 'Only calls like the active one in …' },
    { keys: ['shift+I'], label: 'No calls like the active one in …' },
    { keys: ['Home', 'End'], label: 'First or last loaded call' },
    { keys: ['PgUp', 'PgDn'], label: 'One screen up or down' },
    { keys: ['/'], label: 'Search: words, "a phrase", pref*' },
    { keys: ['shift+left', 'shift+right'], label: 'Width of the focused column' },
  ],
}

type ListKeys = {
  rows: readonly CallRow[]
  activeId: number | null
  /** Index of the first whole row in view: where to start if no row is active. */
  firstVisible: number
  pageRows: number
  search: string
  onMove: (index: number, id: number) => void
  onCopy: (callId: string) => void
  onSelect: (id: number) => void
  onFilter: (call: CallRow, kind: CellFilter['kind']) => void
}

/** The list's keys. They work wherever the focus is, except in controls that need them. */
export function useListKeys(list: ListKeys) {
  const { rows, activeId, firstVisible, pageRows, search, onMove, onCopy, onSelect, onFilter } =
    list
  const navigate = useNavigate()
  useShortcutSection(SHORTCUTS)

  const handleKeyDown = useEffectEvent((event: KeyboardEvent) => {
    if (!isOurs(event)) return
    const active = rows.findIndex((row) => row.id === activeId)
    const index = active === -1 ? firstVisible - 1 : active
    const next = rowAfterKey(event.key, { index, rowCount: rows.length, pageRows })
    const nextRow = next === null ? undefined : rows[next]
    if (next !== null && nextRow) {
      event.preventDefault()
      return onMove(next, nextRow.id)
    }
    const row = rows[active]
    if (!row) return
    if (event.key === 'Enter' || event.key === 'o') {
      event.preventDefault()
      navigate(callHref(row.id, search))
    } else if (event.key === 'c') {
      onCopy(row.callId)
    } else if (event.key === 'x') {
      onSelect(row.id)
    } else if (event.key === 'i' || event.key === 'I') {
      event.preventDefault()
      onFilter(row, event.key === 'i' ? 'include' : 'exclude')
    }
  })

  useEffect(() => {
    window.addEventListener('keydown', handleKeyDown)
    return () => window.removeEventListener('keydown', handleKeyDown)
  }, [])
}

function isOurs(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return false
  if (event.shiftKey && event.key !== 'I') return false
  if (isTyping(event) || isDialogOpen()) return false
  const target = event.target
  if (!(target instanceof Element)) return true
  if (target.closest('[role="menu"], [role="listbox"], [role="combobox"]')) return false
  // A focused button or link needs Enter and the arrows for itself; letters are free.
  const isControl = target.closest('button, a, [role="separator"]') !== null
  return !isControl || event.key.length === 1
}
