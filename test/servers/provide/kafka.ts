import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cached } from './cached.js'
import { runTool } from './run-tool.js'

export const KAFKA_VERSIONS = ['3.9.2', '4.3.1'] as const
export type KafkaVersion = (typeof KAFKA_VERSIONS)[number]

const dependency = (group: string, artifact: string, version: string): string =>
  `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`

const pom = (version: KafkaVersion): string => `<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>motorwatch</groupId><artifactId>kafka</artifactId><version>1</version>
  <dependencies>${dependency('org.apache.kafka', 'kafka_2.13', version)}${dependency('org.slf4j', 'slf4j-simple', '1.7.36')}</dependencies>
</project>
`

/** @returns the class path of a broker */
export async function provideKafka(version: KafkaVersion = '3.9.2'): Promise<string> {
  const folder = await cached({
    name: 'kafka',
    version,
    takes: 'about half a minute',
    build: async (folder) => {
      await runTool('java', ['-version'])
      await writeFile(join(folder, 'pom.xml'), pom(version))
      await runTool('mvn', ['-q', '-B', 'dependency:copy-dependencies', '-DoutputDirectory=lib', '-DincludeScope=runtime'], { cwd: folder })
      await rm(join(folder, 'pom.xml'))
    },
  })
  return join(folder, 'lib', '*')
}
