interface MeterProps {
  readonly label: string;
  readonly value: number;
  readonly max: number;
  /** The same in words, which stand below the bar. */
  readonly words: string;
}

/** How much of something is used, as a bar with its words. */
export function Meter({ label, value, max, words }: MeterProps) {
  const share = max > 0 ? Math.min(1, value / max) : 1;
  return (
    <div className="flex flex-col gap-2">
      {/* biome-ignore lint/a11y/useSemanticElements: browsers draw their own meter in colours of their own */}
      <div
        role="meter"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={max}
        aria-valuenow={Math.min(value, max)}
        aria-valuetext={words}
        className="h-2.5 overflow-hidden rounded-full border border-edge bg-sunken"
      >
        <div className={`h-full ${share >= 1 ? 'bg-bad' : 'bg-lamp'}`} style={{ width: `${share * 100}%` }} />
      </div>
      <p className="tabular-nums">{words}</p>
    </div>
  );
}
