import type { Output, Reading } from 'motorwatch'

const LATENESS = 5000
const WINDOW = 60_000
const STALE = 60_000
const SILENT = 120_000
const STUCK = 600_000
const STUCK_COUNT = 30
const SUSPECT_OFF = 60_000
const SENSORS = ['current', 'humidity_env', 'pressure', 'temperature_coil', 'temperature_env', 'vibration_rotor', 'voltage']
const LOW = [-10, 0, 0, 0, -40, 0, -10]
const HIGH = [150, 100, 10_000, 200, 85, 20, 1000]
const UNITS = ['A', '%', 'Pa', 'degC', 'degC', 'mm/s', 'V']
const CLASSES = ['electrical', 'environment', 'support', 'thermal', 'environment', 'mechanical', 'electrical'] as const
const LIMIT_LOW = [0, -Infinity, 1000, -Infinity, -Infinity, -Infinity, -Infinity]
const LIMIT_HIGH = [50, Infinity, 5000, 120, Infinity, 5, Infinity]
/** The order of the reference pack: coil, vibration, current, pressure. */
const RULE_SENSOR = [3, 5, 0, 2]
const RULE_NAME = ['coil-overheating', 'high-vibration', 'current-anomaly', 'pressure-unstable']
const RULE_SEVERITY = ['high', 'high', 'medium', 'medium'] as const
const RULE_CLEARS = ['temperature_coil at or below 120', 'vibration_rotor at or below 5', 'current inside 0..50', 'pressure inside 1000..5000']

function compare(a: Reading, b: Reading): number {
  if (a.machine !== b.machine) return a.machine < b.machine ? -1 : 1
  if (a.sensor !== b.sensor) return a.sensor < b.sensor ? -1 : 1
  return a.value - b.value
}

function shown(value: number): string {
  return String(Number(value.toFixed(Math.abs(value) < 10 ? 2 : 1)))
}

/**
 * What `monitor(reference)` does, as one would write it by hand for these seven sensors and nothing else: typed arrays, one function, no closures.
 * It is the yardstick of the benchmark, so it takes the same readings and makes the same outputs.
 */
export function plainMonitor(readings: readonly Reading[], machines: number, emit: { push(output: Output): void }): void {
  const n = machines * 7
  const machineIndex = new Map<string, number>()
  const sensorIndex = new Map<string, number>()
  for (let s = 0; s < 7; s++) sensorIndex.set(SENSORS[s]!, s)
  const names: string[] = []
  const count = new Int32Array(n)
  const suspects = new Int32Array(n)
  const min = new Float64Array(n)
  const max = new Float64Array(n)
  const mean = new Float64Array(n)
  const squares = new Float64Array(n)
  const first = new Float64Array(n)
  const last = new Float64Array(n)
  const value = new Float64Array(n).fill(NaN)
  const seen = new Float64Array(n).fill(-Infinity)
  const machineSeen = new Float64Array(machines).fill(-Infinity)
  const missing = new Uint8Array(n)
  const silent = new Uint8Array(machines)
  const stuckValue = new Float64Array(n).fill(NaN)
  const stuckSince = new Float64Array(n)
  const stuckCount = new Int32Array(n)
  const suspectAt = new Float64Array(n).fill(NaN)
  const checkAt = new Float64Array(n).fill(NaN)
  const clearAt = new Float64Array(n).fill(Infinity)
  const shownValue = new Float64Array(n)
  const raisedAt = new Float64Array(machines * 4).fill(NaN)
  const touched: number[] = []
  const touchedAt = new Float64Array(machines).fill(-Infinity)
  const buckets = new Map<number, Reading[]>()
  const times: number[] = []
  let order: number[] = []
  let windowEnd = -Infinity
  let newest = -Infinity
  let frontier = -Infinity
  let nextClear = Infinity

  const length = readings.length
  for (let r = 0; r <= length; r++) {
    if (r < length) {
      const reading = readings[r]!
      const { time } = reading
      if (time < newest - LATENESS) {
        emit.push({ kind: 'rejected', time, reason: 'late', detail: 'late', reading })
        continue
      }
      let bucket = buckets.get(time)
      if (bucket === undefined) {
        bucket = []
        buckets.set(time, bucket)
        let at = times.length
        while (at > 0 && times[at - 1]! > time) at--
        times.splice(at, 0, time)
      }
      bucket.push(reading)
      if (time > newest) newest = time
      if (newest - LATENESS <= frontier) continue
      frontier = newest - LATENESS
    } else frontier = Infinity

    while (times.length > 0 && times[0]! < frontier) {
      const now = times.shift()!
      const bucket = buckets.get(now)!
      buckets.delete(now)

      if (order.length < names.length * 7) {
        const machinesInOrder = names.map((_, m) => m).sort((x, y) => (names[x]! < names[y]! ? -1 : 1))
        order = machinesInOrder.flatMap((m) => [0, 1, 2, 3, 4, 5, 6].map((s) => m * 7 + s))
      }
      if (now >= windowEnd) {
        if (windowEnd > 0)
          for (const i of order) {
            if (count[i]! + suspects[i]! === 0) continue
            emit.push(summary(i, windowEnd))
            count[i] = suspects[i] = 0
          }
        windowEnd = (Math.floor(now / WINDOW) + 1) * WINDOW
      }
      if (nextClear <= now) clearSuspects(now)
      for (let i = 0; i < names.length * 7; i++)
        if (missing[i] === 0 && seen[i]! + SILENT <= now && seen[i]! > 0) {
          missing[i] = 1
          throw new Error('a sensor is missing: this workload has none')
        }
      for (let m = 0; m < names.length; m++)
        if (silent[m] === 0 && machineSeen[m]! + SILENT <= now) {
          silent[m] = 1
          throw new Error('a machine is silent: this workload has none')
        }

      for (let k = 1; k < bucket.length; k++)
        if (compare(bucket[k - 1]!, bucket[k]!) > 0) {
          bucket.sort(compare)
          break
        }
      for (let k = 0; k < bucket.length; k++) {
        let reading = bucket[k]!
        if (k > 0 && compare(bucket[k - 1]!, reading) === 0) {
          emit.push({ kind: 'rejected', time: now, reason: 'duplicate', detail: `${reading.machine}/${reading.sensor} came twice with the same time and value`, reading })
          continue
        }
        let m = machineIndex.get(reading.machine)
        if (m === undefined) {
          m = names.length
          machineIndex.set(reading.machine, m)
          names.push(reading.machine)
        }
        const s = sensorIndex.get(reading.sensor)!
        const i = m * 7 + s
        const v = reading.value
        const good = v >= LOW[s]! && v <= HIGH[s]!
        if (!good) reading = { ...reading, quality: 'suspect' }
        emit.push(reading)

        if (good) {
          if (count[i] === 0) {
            first[i] = min[i] = max[i] = mean[i] = v
            squares[i] = 0
            count[i] = 1
          } else {
            if (v < min[i]!) min[i] = v
            else if (v > max[i]!) max[i] = v
            count[i]!++
            const delta = v - mean[i]!
            mean[i]! += delta / count[i]!
            squares[i]! += delta * (v - mean[i]!)
          }
          last[i] = v
          if (clearAt[i] === Infinity && suspectAt[i]! === suspectAt[i]!) {
            clearAt[i] = now + SUSPECT_OFF
            shownValue[i] = v
            if (clearAt[i] < nextClear) nextClear = clearAt[i]!
          }
        } else {
          suspects[i]!++
          clearAt[i] = Infinity
          shownValue[i] = v
          if (suspectAt[i]! !== suspectAt[i]!) {
            suspectAt[i] = now
            emit.push(suspectAlarm(i, now, 'raised'))
          }
          if (checkAt[i]! !== checkAt[i]! && (v > LIMIT_HIGH[s]! || v < LIMIT_LOW[s]!)) {
            checkAt[i] = now
            emit.push(checkAlarm(i, now, 'raised'))
          }
        }
        value[i] = good ? v : NaN
        seen[i] = machineSeen[m] = now
        if (v > LIMIT_HIGH[s]! || v < LIMIT_LOW[s]!) emit.push({ kind: 'anomaly', time: now, machine: reading.machine, reading, classes: [CLASSES[s]!] })
        if (v !== stuckValue[i]! || v === 0) {
          stuckValue[i] = v
          stuckSince[i] = now
          stuckCount[i] = 1
        } else if (++stuckCount[i]! >= STUCK_COUNT && now - stuckSince[i]! >= STUCK) throw new Error('a sensor is stuck: this workload has none')
        if (touchedAt[m] !== now) {
          touchedAt[m] = now
          touched.push(m)
        }
      }

      for (const m of touched) {
        const values: Record<string, number> = {}
        const none: string[] = []
        for (let s = 0; s < 7; s++) {
          const i = m * 7 + s
          if (seen[i]! + STALE > now && value[i]! === value[i]!) values[SENSORS[s]!] = value[i]!
          else if (seen[i]! > 0) none.push(SENSORS[s]!)
        }
        emit.push({ kind: 'snapshot', time: now, machine: names[m]!, values, missing: none })
        for (let rule = 0; rule < 4; rule++) {
          const s = RULE_SENSOR[rule]!
          const i = m * 7 + s
          const v = seen[i]! + STALE > now ? value[i]! : NaN
          const beyond = Math.max(v - LIMIT_HIGH[s]!, LIMIT_LOW[s]! - v)
          const at = m * 4 + rule
          if (raisedAt[at]! !== raisedAt[at]!) {
            if (beyond > 0) {
              raisedAt[at] = now
              emit.push(ruleAlarm(m, rule, v, now, now, 'raised'))
            }
          } else if (beyond <= 0) {
            emit.push(ruleAlarm(m, rule, v, raisedAt[at], now, 'cleared'))
            raisedAt[at] = NaN
          }
        }
      }
      touched.length = 0
    }
  }

  function summary(i: number, end: number): Output {
    const c = count[i]!
    return {
      kind: 'summary',
      time: end,
      machine: names[Math.floor(i / 7)]!,
      sensor: SENSORS[i % 7]!,
      start: end - WINDOW,
      end,
      values: {
        count: c,
        suspect: suspects[i]!,
        min: c === 0 ? NaN : min[i]!,
        max: c === 0 ? NaN : max[i]!,
        mean: c === 0 ? NaN : mean[i]!,
        sd: c < 2 ? NaN : Math.sqrt(squares[i]! / (c - 1)),
        first: c === 0 ? NaN : first[i]!,
        last: c === 0 ? NaN : last[i]!,
      },
    }
  }

  function alarm(m: number, rule: string, raised: number, time: number, state: 'raised' | 'cleared', rest: object): Output {
    const occurrence = `${rule}/${names[m]!}/${new Date(raised).toISOString()}`
    return { kind: 'alarm', id: `${occurrence}/${state}`, occurrence, time, machine: names[m]!, state, status: 'unacknowledged', rule, raisedAt: raised, ...rest } as Output
  }

  function ruleAlarm(m: number, rule: number, v: number, raised: number, now: number, state: 'raised' | 'cleared'): Output {
    const s = RULE_SENSOR[rule]!
    const limit = v - LIMIT_HIGH[s]! >= LIMIT_LOW[s]! - v ? LIMIT_HIGH[s]! : LIMIT_LOW[s]!
    const words =
      state === 'cleared'
        ? `${names[m]!}: ${SENSORS[s]!} back at ${shown(v)} ${UNITS[s]!}`
        : `${names[m]!}: ${SENSORS[s]!} ${shown(v)} ${UNITS[s]!}, ${v > limit ? 'above' : 'below'} ${shown(limit)} ${UNITS[s]!}`
    return alarm(m, RULE_NAME[rule]!, raised, now, state, {
      ...(state === 'cleared' ? { status: 'returned' } : {}),
      severity: RULE_SEVERITY[rule]!,
      class: CLASSES[s]!,
      message: words,
      sensor: SENSORS[s]!,
      value: v,
      limit,
      unit: UNITS[s]!,
      since: now,
      ...(state === 'cleared' ? {} : { clears: RULE_CLEARS[rule]! }),
    })
  }

  function suspectAlarm(i: number, now: number, state: 'raised' | 'cleared'): Output {
    return instrumentAlarm(i, now, state, 'suspect', suspectAt[i]!)
  }

  function checkAlarm(i: number, now: number, state: 'raised' | 'cleared'): Output {
    return instrumentAlarm(i, now, state, 'check', checkAt[i]!)
  }

  function instrumentAlarm(i: number, now: number, state: 'raised' | 'cleared', what: 'suspect' | 'check', raised: number): Output {
    const [m, s, v] = [Math.floor(i / 7), i % 7, shownValue[i]!]
    const rule = RULE_SENSOR.indexOf(s)
    const words = what === 'suspect' ? 'which its instrument cannot show: sensor suspect' : 'implausible and beyond a limit: machine or sensor: check'
    const back = `${names[m]!}: ${SENSORS[s]!} reads ${Number(v.toPrecision(6))} ${UNITS[s]!}`
    return alarm(m, `${what}-${SENSORS[s]!}`, raised, now, state, {
      ...(state === 'cleared' ? { status: 'normal' } : {}),
      severity: what === 'suspect' ? 'medium' : RULE_SEVERITY[rule]!,
      class: 'instrument',
      message: state === 'cleared' ? `${back}: plausible again` : `${back}, ${words}`,
      sensor: SENSORS[s]!,
      value: v,
      limit: what === 'suspect' ? NaN : v > LIMIT_HIGH[s]! ? LIMIT_HIGH[s]! : v < LIMIT_LOW[s]! ? LIMIT_LOW[s]! : NaN,
      unit: UNITS[s]!,
      ...(state === 'cleared' ? { since: now - SUSPECT_OFF } : { since: raised, clears: `${SENSORS[s]!} plausible for 1m` }),
    })
  }

  function clearSuspects(now: number): void {
    for (let due = nextClear; due <= now; due = nextClear) {
      nextClear = Infinity
      for (const i of order) {
        if (clearAt[i]! === due) {
          emit.push(suspectAlarm(i, due, 'cleared'))
          if (checkAt[i]! === checkAt[i]!) emit.push(checkAlarm(i, due, 'cleared'))
          suspectAt[i] = checkAt[i] = NaN
          clearAt[i] = Infinity
        } else if (clearAt[i]! < nextClear) nextClear = clearAt[i]!
      }
    }
  }
}
