/** True while the person writes: single-key shortcuts must then stay out of the way. */
export function isTyping(event: KeyboardEvent): boolean {
  const target = event.target
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || target.matches('input, textarea, select, [role="textbox"]')
}

/** True while a dialog is open: keys then belong to it. A toast, which has the same role, takes no keys. */
export function isDialogOpen(): boolean {
  const dialogs = document.querySelectorAll('[role="dialog"], [role="alertdialog"]')
  return [...dialogs].some((dialog) => dialog.closest('[data-toasts]') === null)
}
