const frameLength = 4000;

/** Text as it stands, line for line. In frames, so that what is added at its end lays out no more than the last. */
export function PlainText({ text, open = false }: { readonly text: string; readonly open?: boolean }) {
  const frames = Array.from({ length: Math.ceil(text.length / frameLength) || 1 }, (_, index) =>
    text.slice(index * frameLength, (index + 1) * frameLength),
  );
  return (
    <div className="plain-text" dir="auto">
      {frames.map((frame, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a frame keeps its place
        <p key={index}>
          {frame}
          {open && index === frames.length - 1 && <span className="caret" />}
        </p>
      ))}
    </div>
  );
}
