const CAP = 60_000

/**
 * When a reading of event time `time` is due, on the wall clock that `now` is read from (both ms): `start + (time - t0) / speed`,
 * where `t0` and `start` are those of the first reading; `now` for one that is late, out of order, or without a time.
 * No reading waits longer than 60 s: after a longer gap, or one wrong stamp, the next reading sets `t0` and `start` anew.
 * So does a reading that lies more than 60 s of wall time before `t0`: then `t0` was the wrong stamp.
 */
export function pacer(speed: number): (time: number, now: number) => number {
  let t0 = NaN
  let start = 0
  return (time, now) => {
    if (!Number.isFinite(time)) return now
    const after = (time - t0) / speed
    if (Number.isNaN(t0) || after < -CAP) {
      t0 = time
      start = now
      return now
    }
    if (start + after - now > CAP) {
      t0 = NaN
      return now + CAP
    }
    return Math.max(now, start + after)
  }
}
