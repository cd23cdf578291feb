export { isOpen, isSilent, start, statusOf, step } from './life-cycle.js'
export type { AlarmEvent, AlarmPolicy, AlarmStep, AlarmTransition, LifeCycle } from './life-cycle.js'
export { stamp } from './stamp.js'
