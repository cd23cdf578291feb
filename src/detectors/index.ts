import type { Detector } from './detector.js'
import { envelopeBank } from './envelope-bank.js'
import { envelope } from './envelope.js'
import { gatedChart } from './gated-chart.js'
import { meanShift } from './mean-shift.js'
import { pcaT2Q } from './pca-t2q.js'
import { thermalResidual } from './thermal-residual.js'
import { wearChart } from './wear-chart.js'

export { parametersOf } from './detector.js'
export type { Detector, DetectorFacts, Parameter, ParametersOf } from './detector.js'
export { envelope, envelopeBank, gatedChart, meanShift, pcaT2Q, thermalResidual, wearChart }

/** All of them, by name. */
export const detectors: ReadonlyMap<string, Detector> = new Map(
  [envelope, envelopeBank, gatedChart, meanShift, pcaT2Q, thermalResidual, wearChart].map((each) => [each.name, each as unknown as Detector]),
)
