/** Pixels; a mail is about as wide. */
const widths = [600, 480, 360];
/** Of the PNG. */
const maxBytes = 200 * 1024;

/** A drawn picture as PNG, for mails, whose readers show no SVG. Runs beside the event loop; what draws it is loaded with the first. */
export async function rasterise(svg: string): Promise<Uint8Array> {
  const { renderAsync } = await import('@resvg/resvg-js');
  for (const width of widths) {
    const image = await renderAsync(svg, {
      fitTo: { mode: 'width', value: width },
      font: { loadSystemFonts: false },
    });
    const bytes = image.asPng();
    if (bytes.length <= maxBytes) return bytes;
  }
  throw new RangeError(`The picture takes more than ${maxBytes} bytes, however small.`);
}
