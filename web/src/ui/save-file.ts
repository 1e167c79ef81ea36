/** Gives a file to the browser to keep. */
export function saveFile(file: Blob, name: string): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has begun to read it by then; kept longer, it would hold the memory.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
