/**
 * Where the person is: the day of a budget begins at midnight there. Nothing where the browser does not know (`Etc/Unknown`, which no
 * server takes): that keeps nobody out.
 */
export function timeZone(): string | undefined {
  const { timeZone: zone } = new Intl.DateTimeFormat().resolvedOptions();
  try {
    Intl.DateTimeFormat('en', { timeZone: zone });
    return zone;
  } catch {
    return undefined;
  }
}
