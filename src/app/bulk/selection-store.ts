import { createContext, useContext, useLayoutEffect, useState, useSyncExternalStore } from 'react'
import {
  ALL,
  extendToCall,
  loadedState,
  MAX_CHOSEN,
  NOTHING,
  type Selection,
  toggleCall,
  toggleLoaded,
} from './selection.ts'

type Row = { id: number }

/** The choice in one list. A store, so that of a hundred rows only those that change are drawn again. */
export class SelectionStore {
  #current = NOTHING
  #rows: readonly Row[] = []
  readonly #listeners = new Set<() => void>()

  readonly get = (): Selection => this.#current

  readonly subscribe = (notify: () => void) => {
    this.#listeners.add(notify)
    return () => {
      this.#listeners.delete(notify)
    }
  }

  /** The loaded rows in their order; call whenever they change. */
  setRows(rows: readonly Row[]) {
    this.#rows = rows
    this.#notify()
  }

  toggle(id: number) {
    this.#set(toggleCall(this.#current, { id, loadedIds: this.#loadedIds() }))
  }

  extend(id: number) {
    this.#set(extendToCall(this.#current, { id, loadedIds: this.#loadedIds() }))
  }

  toggleLoaded() {
    this.#set(toggleLoaded(this.#current, this.#firstIds()))
  }

  chooseAll() {
    this.#set(ALL)
  }

  clear() {
    this.#set(NOTHING)
  }

  loadedState() {
    return loadedState(this.#current, this.#firstIds())
  }

  #set(next: Selection) {
    this.#current = next
    this.#notify()
  }

  #notify() {
    for (const notify of this.#listeners) notify()
  }

  #loadedIds() {
    return this.#rows.map(({ id }) => id)
  }

  /** As many as can be named: asked at every drawing of the header, over 100,000 loaded rows too. */
  #firstIds() {
    return this.#rows.slice(0, MAX_CHOSEN).map(({ id }) => id)
  }
}

/** The store of the list around. */
export const SelectionContext = createContext<SelectionStore | null>(null)

export function useSelectionStore(): SelectionStore {
  const store = useContext(SelectionContext)
  if (!store) throw new Error('This part needs a SelectionContext around it.')
  return store
}

/** The choice in a list of these rows. */
export function useNewSelection(rows: readonly Row[]): SelectionStore {
  const [store] = useState(() => new SelectionStore())
  useLayoutEffect(() => store.setRows(rows), [store, rows])
  return store
}

/** What `read` makes of the choice; renders again when that differs. */
export function useSelected<Value extends string | boolean | Selection>(
  store: SelectionStore,
  read: (selection: Selection) => Value,
): Value {
  return useSyncExternalStore(store.subscribe, () => read(store.get()))
}
