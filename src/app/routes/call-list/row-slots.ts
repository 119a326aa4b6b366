/**
 * Gives each drawn row a slot, from 0, to be its React key. A row that stays keeps its slot; a row
 * coming in takes over the slot, and with it the elements, of one going out: new text in old boxes
 * takes a fraction of the time of new boxes. Asking twice for the same rows changes nothing.
 */
export function createRowSlots() {
  let slots = new Map<number, number>()
  return (rows: readonly number[]): ReadonlyMap<number, number> => {
    const taken = new Set(rows.map((row) => slots.get(row)))
    let next = 0
    const takeFree = () => {
      while (taken.has(next)) next++
      return next++
    }
    slots = new Map(rows.map((row) => [row, slots.get(row) ?? takeFree()]))
    return slots
  }
}
