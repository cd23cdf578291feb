import type { Reading } from 'motorwatch'
import { standardSensors } from 'motorwatch'

const SENSORS = [...standardSensors].sort(([a], [b]) => (a < b ? -1 : 1))
const START = Date.UTC(2026, 0, 5, 6)
const NORMAL: Readonly<Record<string, readonly [number, number]>> = {
  temperature_coil: [95, 10],
  vibration_rotor: [3, 0.8],
  current: [30, 8],
  voltage: [400, 2],
  pressure: [3000, 600],
  temperature_env: [22, 1],
  humidity_env: [45, 3],
}

/** sfc32, so that a workload is the same on every machine. */
function random(seed: number): () => number {
  let [a, b, c, d] = [seed, 0x9e3779b9, 0x243f6a88, 0xb7e15162]
  return () => {
    const t = (a + b + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + t | 0
    return (t >>> 0) / 4294967296
  }
}

/**
 * Readings at 1 Hz of `machines` x 7 sensors, `seconds` long, as they arrive: one in a hundred up to 3 s late but in time, and now and then
 * a value beyond a limit, a duplicate, an implausible one.
 */
export function workload(machines: number, seconds: number): readonly Reading[] {
  const next = random(machines * 31 + seconds)
  const names = Array.from({ length: machines }, (_, i) => `LINE_${String(Math.floor(i / 10)).padStart(4, '0')}_MOTOR_${String(i % 10).padStart(2, '0')}`)
  const delayed: Reading[][] = [[], [], [], []]
  const readings: Reading[] = []
  for (let second = 0; second < seconds; second++) {
    for (const reading of delayed[second % 4]!) readings.push(reading)
    delayed[second % 4] = []
    for (const machine of names)
      for (const [sensor, { unit }] of SENSORS) {
        const [mean, spread] = NORMAL[sensor]!
        const gauss = next() + next() + next() + next() - 2
        const dice = next()
        const value = dice < 0.00002 ? 1e6 : Math.round((mean + spread * gauss * 1.7) * 100) / 100
        const reading: Reading = { kind: 'reading', time: START + second * 1000, machine, sensor, value, unit, quality: 'good' }
        if (dice > 0.99 && second + 3 < seconds) delayed[(second + 1 + Math.floor(next() * 3)) % 4]!.push(reading)
        else readings.push(reading)
        if (dice > 0.9899 && dice < 0.99) readings.push({ ...reading })
      }
  }
  return readings
}
