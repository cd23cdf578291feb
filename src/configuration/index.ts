export { configurationText, fromEnvironment, SECRETS } from './from-environment.js'
export type { Configuration, Environment } from './from-environment.js'
export { alertmanagerConnection, emailConnection, influxConnection, kafkaConnection, mqttAlarmsConnection, mqttConnection, notifyOptions, s3Connection, webhookConnection } from './connections.js'
export type { InfluxConnection } from './connections.js'
