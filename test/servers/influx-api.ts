export interface InfluxApi {
  /** Rejects where the answer is none of success. */
  api<T>(method: string, path: string, body?: object | string): Promise<T>
  /** The rows of a Flux query, by column, as text. */
  query(flux: string): Promise<readonly Readonly<Record<string, string>>[]>
}

/** What tests ask a real InfluxDB for beside what is tested: with no client of ours, nor of others. */
export function influxApi({ url, token, org }: { readonly url: string; readonly token: string; readonly org: string }): InfluxApi {
  const ask = async (method: string, path: string, body?: object | string, headers: Readonly<Record<string, string>> = {}): Promise<string> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Token ${token}`, ...(typeof body === 'object' ? { 'content-type': 'application/json' } : {}), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return text
  }
  return {
    async api<T>(method: string, path: string, body?: object | string) {
      const text = await ask(method, path, body)
      return (text === '' ? undefined : JSON.parse(text)) as T
    },
    query: async flux => tables(await ask('POST', `/api/v2/query?org=${org}`, { query: flux, dialect: { header: true, annotations: [] } }, { accept: 'text/csv' })),
  }
}

/** Tables of CSV, each with a header, with an empty line between. */
function tables(csv: string): readonly Readonly<Record<string, string>>[] {
  const rows: Record<string, string>[] = []
  let header: readonly string[] | undefined
  for (const cells of cellsOf(csv)) {
    if (cells.length <= 1) header = undefined
    else if (header === undefined) header = cells
    else {
      const row: Record<string, string> = {}
      for (const [i, name] of header.entries()) Object.defineProperty(row, name, { value: cells[i], enumerable: true })
      rows.push(row)
    }
  }
  return rows
}

function* cellsOf(csv: string): Generator<readonly string[]> {
  let cells: string[] = []
  for (let at = 0; at < csv.length;) {
    let cell = ''
    if (csv[at] === '"') {
      for (at++; csv[at] !== '"' || csv[at + 1] === '"'; at++) {
        if (csv[at] === '"') at++
        // influxd writes a newline within a cell as two characters
        if (csv[at] !== '\r') cell += csv[at]
      }
      at++
    } else {
      const from = at
      while (at < csv.length && csv[at] !== ',' && csv[at] !== '\r' && csv[at] !== '\n') at++
      cell = csv.slice(from, at)
    }
    cells.push(cell)
    if (csv[at] === ',') at++
    else {
      at += csv[at] === '\r' ? 2 : 1
      yield cells
      cells = []
    }
  }
}
