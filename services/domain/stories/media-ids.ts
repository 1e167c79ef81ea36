/** `RECORD-picture-ID` and `RECORD-narration-ID`: whose a blob is stands in its id, so that it is found without an index. */
const form = /^(.+?)-(?:narration|picture)-.+$/;

/** The id of the story or character that a blob was made for; undefined where it was made for neither. */
export const recordIdOf = (blobId: string): string | undefined => form.exec(blobId)?.[1];
