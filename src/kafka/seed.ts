/** The topics of the reference project, and what it writes to. */
export const seedTopics: readonly string[] = ['sensor_temperature_stream', 'sensor_vibration_stream', 'sensor_electrical_stream', 'sensor_pressure_stream']

/** Where the reference project sends a sensor's readings, but for `humidity_env`: it sends that to the vibration topic, and it is read there; here it goes to the temperature topic, beside the other of the environment. */
export function seedTopicOf(sensor: string): string {
  if (sensor.includes('vibration')) return 'sensor_vibration_stream'
  if (sensor === 'current' || sensor === 'voltage') return 'sensor_electrical_stream'
  if (sensor === 'pressure') return 'sensor_pressure_stream'
  return 'sensor_temperature_stream'
}
