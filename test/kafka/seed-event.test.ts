import { expect, test } from 'vitest'
import { seedEvent } from '../../src/kafka/seed-event.js'
import type { Anomaly } from '../../src/model/index.js'

const anomaly: Anomaly = {
  kind: 'anomaly', time: Date.UTC(2025, 11, 18, 12, 30), machine: 'LINE_01_MOTOR_01', classes: ['thermal', 'environment'],
  reading: { kind: 'reading', time: Date.UTC(2025, 11, 18, 12, 30), machine: 'LINE_01_MOTOR_01', sensor: 'temperature_coil', value: 121.5, unit: 'degC', quality: 'good' },
}

const suspect: Anomaly = { ...anomaly, reading: { ...anomaly.reading, quality: 'suspect' } }

test('an anomaly as the reference project writes it: the reading as it is sent, validity, and the names of its classes', () => {
  const { key, value } = seedEvent(anomaly)
  expect(key).toBe('LINE_01_MOTOR_01')
  expect(JSON.parse(value)).toMatchObject({ machine_id: 'LINE_01_MOTOR_01', sensor_type: 'temperature_coil', value: 121.5, validity: 'Valid', anomalies: ['Thermal: Overheating', 'environment'] })
  expect(Date.parse((JSON.parse(value) as { timestamp: string }).timestamp)).toBe(anomaly.time)
  expect(JSON.parse(seedEvent(suspect).value)).toMatchObject({ validity: 'Suspect' })
})
