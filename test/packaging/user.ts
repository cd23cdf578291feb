import type { Input, Reading } from 'motorwatch/model'
import { inOrder, only } from 'motorwatch/operators'
import { eventTime, type Pipeline } from 'motorwatch/time'
import { debounceTime, from } from 'rxjs'

const reading = (seconds: number): Reading =>
  ({ kind: 'reading', time: seconds * 1000, machine: 'm1', sensor: 'temperature_coil', value: seconds, quality: 'good' })

const pauses: Pipeline<Input, Reading> = (time) => (input) => input.pipe(inOrder({ lateness: '5s' }, time), only('reading'), debounceTime(30_000, time))

const before = Date.now()
const seen: number[] = []
from<Input[]>([0, 10, 100, 120, 200].map(reading)).pipe(eventTime(pauses)).subscribe((item) => { seen.push(item.value) })

// Three minutes of event time pass at once: it has seen what was followed by 30 s of silence, and the last.
console.log(JSON.stringify({ seen, soon: Date.now() - before < 5000 }))
