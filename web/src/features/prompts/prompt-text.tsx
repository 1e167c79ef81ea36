interface PromptTextProps {
  readonly text: string;
  readonly className?: string;
}

/** The text of a prompt, in which what is to be filled in stands out. */
export const PromptText = ({ text, className = '' }: PromptTextProps) => (
  <p dir="auto" className={`whitespace-pre-wrap ${className}`}>
    {text.split(/(\{\{[^{}\n]+\}\})/).map((piece, at) =>
      at % 2 === 1 ? (
        // biome-ignore lint/suspicious/noArrayIndexKey: a piece is known by its place alone
        <mark key={at} className="rounded-sm bg-lamp/20 text-ink">
          {piece}
        </mark>
      ) : (
        piece
      ),
    )}
  </p>
);
