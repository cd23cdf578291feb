import type { FaultKind, FaultPlan, SensorName } from '../../../../src/sources/simulator.js'
import { faultDefaults, instruments } from '../../../../src/sources/simulator.js'
import { motors } from './motors.js'
import type { Motor } from './motors.js'

const DAY = 86_400_000

/** A fault of a motor, to be tried with several seeds. */
export interface Case {
  readonly motor: Motor
  readonly fault: FaultKind
  readonly sensor?: SensorName
  /** Milliseconds from the start of the watch to the earliest onset: a week for a fault of the machine, so that trends, which take four days to learn, are known, and it is Monday again. */
  readonly before: number
  /** Milliseconds from the onset: until its failure, and a week for a sensor, which has none. */
  readonly within: number
}

const kinds = Object.keys(faultDefaults) as FaultKind[]
const ofSensor = (fault: FaultKind): boolean => fault.startsWith('sensor-')

export const cases: readonly Case[] = motors.flatMap((motor) => [
  ...kinds.filter((fault) => !ofSensor(fault)).map((fault) => ({ motor, fault, before: 7 * DAY, within: 7 * DAY })),
  ...kinds.filter(ofSensor).flatMap((fault) => instruments.map(({ sensor }) => ({ motor, fault, sensor, before: DAY / 4, within: 7 * DAY }))),
])

export const titleOf = ({ motor, fault, sensor }: Case): string => [motor.name, fault, ...(sensor === undefined ? [] : [sensor])].join(' ')

/** Of the course that `faultDefaults` gives it. */
export const planOf = ({ fault, sensor }: Case, machine: string, onset: number): FaultPlan => ({ fault, machine, onset, ...(sensor === undefined ? {} : { sensor }) }) as FaultPlan
