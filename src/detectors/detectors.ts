import type { Detector } from './detector.js'
import { cusum } from './cusum.js'
import { dropout } from './dropout.js'
import { envelope } from './envelope.js'
import { ewmaChart } from './ewma-chart.js'
import { robustZ } from './robust-z.js'
import { shewhart } from './shewhart.js'
import { spikes } from './spikes.js'
import { stuck } from './stuck.js'
import { trendToLimit } from './trend-to-limit.js'
import { twinDrift } from './twin-drift.js'

const all: readonly Detector[] = [envelope, ewmaChart, cusum, shewhart, robustZ, stuck, dropout, spikes, twinDrift, trendToLimit]

/** All detectors, by their names. */
export const detectors: ReadonlyMap<string, Detector> = new Map(all.map((detector) => [detector.name, detector]))
