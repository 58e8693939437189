/** Shows a message that is not an error: as a warning of the process, or of the page. */
export function emitWarning(message: string): void {
  if (typeof process === 'object' && typeof process.emitWarning === 'function') process.emitWarning(message);
  else console.warn(message);
}
