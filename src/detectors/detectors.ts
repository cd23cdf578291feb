import type { Detector } from './detector.js'
import { cusum } from './cusum.js'
import { dropout } from './dropout.js'
import { envelopeBank } from './envelope-bank.js'
import { envelope } from './envelope.js'
import { ewmaChart } from './ewma-chart.js'
import { gatedChart } from './gated-chart.js'
import { meanShift } from './mean-shift.js'
import { pcaT2Q } from './pca-t2q.js'
import { robustZ } from './robust-z.js'
import { shewhart } from './shewhart.js'
import { spikes } from './spikes.js'
import { stuck } from './stuck.js'
import { thermalResidual } from './thermal-residual.js'
import { trendToLimit } from './trend-to-limit.js'
import { twinDrift } from './twin-drift.js'
import { wearChart } from './wear-chart.js'

const all: readonly Detector[] = [
  envelope, envelopeBank, gatedChart, meanShift, wearChart, ewmaChart, cusum, shewhart, robustZ, pcaT2Q, thermalResidual, trendToLimit, stuck, dropout, spikes, twinDrift,
]

/** All detectors, by their names. */
export const detectors: ReadonlyMap<string, Detector> = new Map(all.map((detector) => [detector.name, detector]))
