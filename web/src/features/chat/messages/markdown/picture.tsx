interface PictureProps {
  readonly src: string;
  readonly alt: string;
}

/** A picture that Lamplight keeps. Its frame has its place before it is there. */
export function Picture({ src, alt }: PictureProps) {
  return <img src={src} alt={alt} loading="lazy" decoding="async" className="picture" />;
}
