/** An option that is wrong, in words for the one who gave it. */
export class WrongOption extends Error {}
