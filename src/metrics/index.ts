export { type JobMetrics, jobMetrics } from './job-metrics.js'
export { type Health, health, type HealthReport, type Wait } from './health.js'
export { serve, type ServeOptions, type Served } from './serve.js'
