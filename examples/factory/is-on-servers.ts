import type { Configuration } from 'motorwatch/configuration'

export type OnServers = Configuration & Required<Pick<Configuration, 'kafka'>>

export const isOnServers = (configuration: Configuration): configuration is OnServers => configuration.kafka !== undefined
