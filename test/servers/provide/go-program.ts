import { cached } from './cached.js'
import { runTool } from './run-tool.js'

export interface GoProgram {
  readonly name: string
  readonly version: string
  readonly takes: string
  /** Import path and version. */
  readonly path: string
}

/** A program that `go install` can build. @returns its folder */
export const goProgram = ({ path, ...recipe }: GoProgram): Promise<string> => cached({
  ...recipe,
  build: async (folder) => { await runTool('go', ['install', '-ldflags', '-s -w', path], { cwd: folder, env: { GOBIN: folder, GOFLAGS: '' } }) },
})
