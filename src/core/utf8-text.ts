/** Bytes as the text that they are. */

const lenient = new TextDecoder('utf-8', { ignoreBOM: true });

/** As text is shown that may be none: with a replacement character for each fault. A byte order mark stays. */
export function shownText(bytes: Uint8Array): string {
  return lenient.decode(bytes);
}

/** Undefined when they are no UTF-8. A byte order mark stays. */
export function utf8Text(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
