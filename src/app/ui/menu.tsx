import { createDeferred } from './deferred.ts'
import { DeferredTrigger } from './deferred-trigger.tsx'
import type { MenuItemProps, MenuProps, MenuRadioGroupProps } from './menu-props.ts'
import { useDeferredPopup } from './use-deferred-popup.ts'

const parts = createDeferred(() => import('./menu-parts.tsx'))

/** A list of actions behind a button. */
export function Menu(props: MenuProps) {
  const { module, triggerProps } = useDeferredPopup(parts, props)
  if (!module) return <DeferredTrigger trigger={props.trigger} popup="menu" {...triggerProps} />
  return <module.Menu {...props} />
}

export function MenuItem(props: MenuItemProps) {
  const module = parts.useModule()
  return module && <module.MenuItem {...props} />
}

/** One choice out of few. */
export function MenuRadioGroup<Value extends string>(props: MenuRadioGroupProps<Value>) {
  const module = parts.useModule()
  return module && <module.MenuRadioGroup {...props} />
}
