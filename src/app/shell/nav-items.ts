import { AudioLines, Bot, Gauge, ListChecks, ListFilter, Settings } from 'lucide-react'

/** The pages a person can go to, in the order of the navigation. */
export const NAV_ITEMS = [
  { to: '/calls', label: 'Calls', Icon: AudioLines },
  { to: '/filters', label: 'Filters', Icon: ListFilter },
  { to: '/queues', label: 'Queues', Icon: ListChecks },
  { to: '/metrics', label: 'Metrics', Icon: Gauge },
  { to: '/agents', label: 'Agents', Icon: Bot },
  { to: '/settings', label: 'Settings', Icon: Settings },
] as const
