import type { Configuration } from './configuration.js'

export type OnServers = Configuration & Required<Pick<Configuration, 'kafka'>>

export const isOnServers = (configuration: Configuration): configuration is OnServers => configuration.kafka !== undefined
