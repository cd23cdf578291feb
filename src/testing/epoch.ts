/** Where the times of all streams begin: 2026-01-01T00:00:00Z. */
export const epoch = Date.UTC(2026, 0, 1)
