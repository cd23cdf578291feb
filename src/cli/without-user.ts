/** `s3://...` for a message: keys that somebody has put in front of an @ are left out. */
export const withoutUser = (address: string): string => address.replace(/^(s3:\/*).*@/i, '$1...@')
