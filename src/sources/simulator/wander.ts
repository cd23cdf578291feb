/**
 * The next value of a slow standard normal deviation whose memory fades with `tau`, `elapsed` later (both milliseconds);
 * `innovation` is standard normal. An AR(1) process in exact discrete form, so its spread does not depend on the step.
 */
export function wander(previous: number, innovation: number, tau: number, elapsed: number): number {
  const kept = Math.exp(-elapsed / tau)
  return kept * previous + Math.sqrt(1 - kept * kept) * innovation
}
