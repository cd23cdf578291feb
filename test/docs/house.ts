/** Where a room stands in the picture: whoever imports stands above what it imports. */
interface Room {
  readonly row: number
  readonly x: number
}

const rooms: Readonly<Record<string, Room>> = {
  cli: { row: 0, x: 540 },
  testing: { row: 1, x: 230 },
  pipelines: { row: 1, x: 440 },
  configuration: { row: 2, x: 672 },
  page: { row: 2, x: 110 },
  operators: { row: 2, x: 350 },
  rules: { row: 3, x: 260 },
  sources: { row: 3, x: 580 },
  sinks: { row: 3, x: 820 },
  detectors: { row: 4, x: 200 },
  alarms: { row: 4, x: 420 },
  kafka: { row: 4, x: 650 },
  s3: { row: 4, x: 812 },
  time: { row: 5, x: 290 },
  metrics: { row: 5, x: 110 },
  lake: { row: 5, x: 560 },
  net: { row: 5, x: 812 },
  model: { row: 6, x: 440 },
}

type Arrows = Readonly<Record<string, readonly string[]>>

const [WIDTH, HEIGHT, STEP] = [124, 34, 92]
const top = (row: number): number => 20 + row * STEP

/** Whether one gets from a room to another by other arrows too. */
function implied(from: string, to: string, arrows: Arrows): boolean {
  const reach = (room: string): boolean => room === to || (arrows[room] ?? []).some(reach)
  return arrows[from]!.some((next) => next !== to && reach(next))
}

/** The rooms and their arrows as SVG. An arrow that others imply is grey. Each holds its two ends, as `<title>from imports to</title>`. */
export function drawHouse(arrows: Arrows): string {
  const place = (room: string): Room => rooms[room] ?? fail(`'${room}' has no place in the picture: give it one in test/docs/house.ts`)
  const all = Object.entries(arrows).flatMap(([from, targets]) => targets.map((to) => ({ from, to })))
  for (const { from, to } of all) if (place(from).row >= place(to).row) fail(`in the picture ${from} must stand above ${to}`)
  const port = (room: string, other: string, others: readonly string[]): number => {
    const inOrder = [...others].sort((a, b) => place(a).x - place(b).x || place(a).row - place(b).row)
    return place(room).x + ((inOrder.indexOf(other) + 1) / (others.length + 1) - 0.5) * (WIDTH - 16)
  }
  const lines = all.map(({ from, to }) => {
    const [x1, y1] = [port(from, to, arrows[from]!), top(place(from).row) + HEIGHT]
    const [x2, y2] = [port(to, from, all.filter((arrow) => arrow.to === to).map((arrow) => arrow.from)), top(place(to).row) - 2]
    const bend = (y2 - y1) / 2
    const grey = implied(from, to, arrows)
    const path = `<path class="${grey ? 'implied' : 'arrow'}" marker-end="url(#${grey ? 'grey' : 'head'})" d="${['M', x1, y1, 'C', x1, y1 + bend, x2, y2 - bend, x2, y2].map((each) => (typeof each === 'number' ? Number(each.toFixed(1)) : each)).join(' ')}"><title>${from} imports ${to}</title></path>`
    return { grey, path }
  })
  const boxes = Object.keys(arrows).map((room) => {
    const { row, x } = place(room)
    return `<rect x="${x - WIDTH / 2}" y="${top(row)}" width="${WIDTH}" height="${HEIGHT}" rx="5"/><text x="${x}" y="${top(row) + 22}">${room}</text>`
  })
  const head = (id: string, fill: string): string => `<marker id="${id}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto"><path style="fill: ${fill}" d="M 0 0 L 10 5 L 0 10 z"/></marker>`
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 900 ${top(6) + HEIGHT + 20}" font-family="sans-serif" font-size="15" text-anchor="middle">`,
    '<style>rect { fill: #fff; stroke: #333 } path { fill: none } .arrow { stroke: #333; stroke-width: 1.5 } .implied { stroke: #bbb } .paper { stroke: none }</style>',
    `<defs>${head('head', '#333')}${head('grey', '#bbb')}</defs>`,
    '<rect class="paper" width="100%" height="100%"/>',
    ...lines.filter(({ grey }) => grey).map(({ path }) => path),
    ...lines.filter(({ grey }) => !grey).map(({ path }) => path),
    ...boxes,
    '</svg>',
  ].join('\n')}\n`
}

const fail = (message: string): never => {
  throw new Error(message)
}
