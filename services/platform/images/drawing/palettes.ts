/** The colours of one evening. */
export interface Palette {
  /** From the zenith to the horizon. */
  readonly sky: readonly [string, string, string, string];
  /** From the farthest land to the nearest. */
  readonly land: readonly [string, string, string, string, string];
  readonly water: string;
  readonly moon: string;
}

/** What lamps and windows shine with, in all of them. */
export const lamp = '#ffc868';

/** Blue hours and late suns; none is black, and none is violet. */
export const palettes: readonly [Palette, ...Palette[]] = [
  {
    sky: ['#131f40', '#2b4069', '#6f7f9c', '#f2cb98'],
    land: ['#66779a', '#485d82', '#324668', '#22324f', '#162238'],
    water: '#41587e',
    moon: '#fdf3d8',
  },
  {
    sky: ['#22304f', '#4f5a76', '#cf8d6c', '#fad08c'],
    land: ['#a87c70', '#7b6569', '#55505f', '#39404f', '#222b3b'],
    water: '#7c6b74',
    moon: '#fff1d0',
  },
  {
    sky: ['#0d2637', '#174656', '#4b8583', '#e6dfab'],
    land: ['#578a86', '#3a6c6e', '#265257', '#183b42', '#0e272e'],
    water: '#2f6469',
    moon: '#f8f4d8',
  },
  {
    sky: ['#2b3657', '#5f6a82', '#dd9c8d', '#fbe0b8'],
    land: ['#b08a8a', '#857078', '#5f5768', '#414659', '#293146'],
    water: '#8a7685',
    moon: '#fff4dc',
  },
  {
    sky: ['#0e1731', '#1b2b55', '#34507f', '#8ba3c4'],
    land: ['#4d6690', '#38507b', '#283d65', '#1b2d4e', '#111e38'],
    water: '#2f4a78',
    moon: '#f3f1e2',
  },
  {
    sky: ['#183044', '#366069', '#9ab394', '#f6e4ad'],
    land: ['#81a08c', '#5b8274', '#40665c', '#2a4b47', '#193233'],
    water: '#4f7f7c',
    moon: '#fdf6da',
  },
];
