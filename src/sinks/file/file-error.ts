const ADVICE: Readonly<Record<string, string>> = {
  ENOSPC: 'free space on that disk, or let it write elsewhere',
  EDQUOT: 'free space within the quota, or let it write elsewhere',
  EACCES: 'give the process the right to write there, or let it write elsewhere',
  EPERM: 'give the process the right to write there, or let it write elsewhere',
  EROFS: 'that file system is read-only: let it write elsewhere',
  EMFILE: 'raise the limit of open files (ulimit -n)',
  ENOTDIR: 'a part of that path is a file: name another path',
  EISDIR: 'that path is a folder: name a file in it',
  ENOENT: 'it was removed while it was in use: bring back its folder',
}

/** Says what failed, where, why, and what to do; the original error is its `cause`. */
export function fileError(sink: string, doing: string, path: string, cause: unknown): Error {
  const { code = '', message } = cause as NodeJS.ErrnoException
  const advice = ADVICE[code]
  return new Error(`${sink}: cannot ${doing} '${path}': ${message}${advice === undefined ? '' : `; ${advice}`}`, { cause })
}
