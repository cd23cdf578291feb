export { fileInbox } from './commands/file-inbox.js'
export { memoryInbox } from './commands/inbox.js'
export type { Inbox } from './commands/inbox.js'
export { withCommands } from './commands/with-commands.js'
