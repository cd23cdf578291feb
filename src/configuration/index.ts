export { configurationText, fromEnvironment, SECRETS } from './from-environment.js'
export type { Configuration, Environment } from './from-environment.js'
export { influxConnection, kafkaConnection, mqttConnection, s3Connection } from './connections.js'
export type { InfluxConnection } from './connections.js'
