/**
 * While characters are being composed (Japanese, Chinese …), keys belong to that. Safari ends the composition before it tells of
 * the Enter that did so, and marks that by the code of old.
 */
export const isComposing = ({ isComposing, keyCode }: Pick<KeyboardEvent, 'isComposing' | 'keyCode'>): boolean =>
  isComposing || keyCode === 229;
