import { checkpointDirectory } from 'motorwatch/pipelines'

process.on('message', (dir: string) => {
  checkpointDirectory(dir).load().then(() => process.send?.('held'), (error: Error) => process.send?.(error.message.includes('is in use by process') ? 'refused' : error.message))
})
process.send?.('ready')
