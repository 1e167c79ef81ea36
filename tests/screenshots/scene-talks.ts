import type { Rehearsed } from '#tests/model-server/reply.ts';

/** A conversation as the scenes have it: what is asked, and what the model says to it. */
export interface Talk {
  readonly title: string;
  /** How many days before now it was. */
  readonly daysAgo: number;
  readonly turns: ReadonlyArray<{ readonly asked: string } & Rehearsed>;
}

const plan = `Here is a plan that leaves room for naps.

| Day | Morning | Afternoon | Steps |
| --- | --- | --- | ---: |
| Friday | Arrive, walk along the harbour | Maritime museum | 6,200 |
| Saturday | Fish market, early | Boat to the islands | 8,900 |
| Sunday | Slow breakfast | Train home at 14:10 | 3,100 |

**Before you go**

- [x] Book the train
- [x] Ask for a cot in the room
- [ ] Pack rain jackets
- [ ] Download the tide table

> The islands are best within two hours of low tide: then the sandbank can be walked.

Shall I look for places to eat near the harbour?`;

const code = `A generator keeps only one chunk in memory. Here is the whole of it:

\`\`\`typescript
/** Lines of a stream, without their ends. */
export async function* linesOf(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of chunks) {
    const parts = (rest + chunk).split(/\\r?\\n/);
    rest = parts.pop() ?? '';
    yield* parts;
  }
  if (rest !== '') yield rest;
}
\`\`\`

1. What follows the last line break waits in \`rest\` for the next chunk.
2. \`yield*\` hands on the lines one by one, so a slow reader slows the stream.
3. The last line is given even where no line break ends it.

Run it with \`node lines.ts < access.log\`.`;

const maths = `Yes: the share of a year's interest grows as the rest falls. With a loan of $L$, a monthly rate $r$ and $n$ months, the payment is

$$
p = L \\cdot \\frac{r\\,(1+r)^n}{(1+r)^n - 1}
$$

For $L = 12{,}000$, $r = 0.0025$ and $n = 48$ this gives $p \\approx 265.61$ a month, so the loan costs about **749** in all.

The first payment is $L \\cdot r = 30$ interest and 235.61 repayment.`;

const lullaby = `Die Eule zählt die Sterne leis,
der Igel rollt sich ein im Kreis,
der Mond hängt seine Lampe auf –
nun mach auch du die Augen zu und lauf
im Traum den Hügel sacht hinauf.

Soll der zweite Vers vom Fuchs handeln?`;

export const talks: readonly Talk[] = [
  {
    title: 'A weekend by the sea',
    daysAgo: 0,
    turns: [
      { asked: 'Plan a calm weekend by the sea for two adults and a three-year-old.', text: plan },
      {
        asked: 'Yes please, somewhere with high chairs.',
        text: 'Three that families like, all within ten minutes of the harbour:\n\n1. **The Net Loft**: fish soup, high chairs, a corner with toys.\n2. **Café Lantern**: pancakes all day, opens at eight.\n3. **Pier 4**: simple, quick, with a view of the ferries.\n\nBook the first one for Saturday: it is small.',
      },
    ],
  },
  {
    title: 'Reading a large file by lines',
    daysAgo: 0,
    turns: [{ asked: 'How do I read a 4 GB log line by line in Node without filling the memory?', text: code }],
  },
  {
    title: 'What the loan costs',
    daysAgo: 1,
    turns: [
      {
        asked: 'I borrow 12,000 at 3 % a year for four years. What do I pay a month, and how is it computed?',
        text: maths,
      },
    ],
  },
  {
    title: 'Ein Schlaflied mit Eule',
    daysAgo: 1,
    turns: [{ asked: 'Schreib ein kurzes Schlaflied mit einer Eule und einem Igel.', text: lullaby }],
  },
  {
    title: 'قائمة لرحلة العائلة',
    daysAgo: 3,
    turns: [
      {
        asked: 'ماذا نأخذ معنا في رحلة قصيرة إلى الجبل مع طفلين؟',
        text: 'قائمة قصيرة تكفي ليومين:\n\n- **ملابس**: سترة دافئة لكل طفل، وجوارب إضافية.\n- **طعام**: ماء، فواكه مجففة، وخبز.\n- **للنوم**: اللعبة المفضلة وكتاب صغير.\n\nلا تنسوا مصباحًا يدويًا: يحلّ الظلام مبكرًا في الجبل.',
      },
    ],
  },
  {
    title: 'Why the sky is dark at night',
    daysAgo: 6,
    turns: [
      {
        asked: 'Why is the sky dark at night although there are so many stars?',
        text: 'Because the universe has an age. Light from stars farther away than that age has not reached us yet, and what comes from far away is stretched to colours that no eye sees. This is known as **Olbers’ paradox**.',
      },
    ],
  },
  {
    title: 'Sourdough without a scale',
    daysAgo: 12,
    turns: [
      {
        asked: 'Can I bake sourdough without a scale?',
        text: 'Yes. Use the same cup for all: 3 cups of flour, 1¼ cups of water, ½ cup of starter and 1½ teaspoons of salt. Add water by the spoon until the dough sticks to the bowl, yet not to a wet hand.',
      },
    ],
  },
];

/** A conversation whose last answer failed, after some words. */
export const failedTalk: Talk = {
  title: 'Names for the new boat',
  daysAgo: 0,
  turns: [
    {
      asked: 'Suggest ten names for a small wooden boat.',
      text: 'Here are ten, from quiet to bold:\n\n1. Lantern\n2. Evening Tide\n3. Little Heron\n4. Saltwind\n5. ',
      directive: { fault: 'cut', after: 18 },
    },
  ],
};

/** A conversation whose answer was interrupted: it ends as all do, and is made so in the store. */
export const interruptedTalk: Talk = {
  title: 'Mending a bicycle light',
  daysAgo: 0,
  turns: [
    {
      asked: 'My bicycle light flickers when it rains. Where do I begin?',
      text: 'Begin with the contacts:\n\n1. Open the lamp and look for green or white crust on the springs.\n2. Rub it off with',
    },
  ],
};

/** A conversation whose answer falls silent in the middle: so it is still being written when somebody looks. */
export const streamedTalk: Talk = {
  title: 'What a harbour master does',
  daysAgo: 0,
  turns: [
    {
      asked: 'What does a harbour master do all day?',
      text: 'Mostly, a **harbour master** keeps things from meeting that should not:\n\n- Ships are told when they may come in, and where they lie.\n- Depths are measured, for sand moves.\n- In a storm, somebody has to say that nobody leaves. That takes the loudest voice of all',
      directive: { fault: 'stall', after: 45 },
    },
  ],
};

const answers = new Map(
  [...talks, failedTalk, interruptedTalk, streamedTalk].flatMap(({ turns }) =>
    turns.map(({ asked, ...answer }) => [asked, answer] as const),
  ),
);

/** What the model server says to the messages of the scenes. */
export const rehearsed = (asked: string): Rehearsed | undefined => answers.get(asked);
