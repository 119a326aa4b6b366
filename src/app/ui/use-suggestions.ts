import { type KeyboardEvent, useState } from 'react'
import { type Suggestion, toOptionId } from './suggestion-list.tsx'

export type SuggestionsOptions = {
  listId: string
  suggestions: readonly Suggestion[]
  isLoading: boolean
  onPick: (suggestion: Suggestion) => void
}

/**
 * The keys of a text field with suggestions, after the ARIA pattern of an editable combobox with a list. The arrows
 * walk through the list and through the text itself; Enter picks; Escape and Tab close.
 */
export function useSuggestions(options: SuggestionsOptions) {
  const { listId, suggestions, isLoading, onPick } = options
  const [isWanted, setWanted] = useState(false)
  const [activeValue, setActiveValue] = useState<string | null>(null)
  const isOpen = isWanted && (suggestions.length > 0 || isLoading)
  // Kept by value: the list may be replaced under the mark.
  const activeIndex = isOpen ? suggestions.findIndex(({ value }) => value === activeValue) : -1

  const open = () => setWanted(true)
  const close = () => {
    setWanted(false)
    setActiveValue(null)
  }
  const activate = (index: number) => setActiveValue(suggestions[index]?.value ?? null)
  const pick = (suggestion: Suggestion) => {
    close()
    onPick(suggestion)
  }
  const move = (by: 1 | -1) => {
    if (!isOpen) return open()
    // One more place than suggestions: -1 is the text as typed.
    const places = suggestions.length + 1
    activate(((activeIndex + 1 + by + places) % places) - 1)
  }

  /** True if the key was for the list, and nobody else may act on it. */
  const handleKey = (event: KeyboardEvent): boolean => {
    if (event.nativeEvent.isComposing) return false
    const active = suggestions[activeIndex]
    if (event.key === 'ArrowDown') move(1)
    else if (event.key === 'ArrowUp') move(-1)
    else if (event.key === 'Enter' && active) pick(active)
    else if (event.key === 'Escape' && isOpen) close()
    else {
      if (event.key === 'Tab') close()
      return false
    }
    event.preventDefault()
    // A dialog around the field would close as well.
    event.stopPropagation()
    return true
  }

  return {
    isOpen,
    activeIndex,
    open,
    close,
    activate,
    pick,
    handleKey,
    /** Says that the field is a combobox and which suggestion is marked. */
    comboboxProps: {
      role: 'combobox',
      'aria-autocomplete': 'list',
      'aria-expanded': isOpen,
      'aria-controls': isOpen && suggestions.length > 0 ? listId : undefined,
      'aria-activedescendant': activeIndex >= 0 ? toOptionId(listId, activeIndex) : undefined,
    } as const,
  }
}
