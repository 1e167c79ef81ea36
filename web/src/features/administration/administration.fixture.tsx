import { fireEvent, screen } from '@testing-library/react';
import { StoryServer, storyOf } from '../stories/stories.fixture.tsx';
// Loaded here, not while a test waits for what it shows.
import './administration.tsx';
import './chart-canvas.tsx';
import { stubCanvas } from './canvas.fixture.ts';
import type { Point, Series, Summary } from './measures.ts';
import type { Person } from './use-people.ts';

export const at = '2026-11-20T10:00:00.000Z';

const figures = {
  requests: 40,
  errors: 0,
  messages: 12,
  failedAnswers: 1,
  stories: 2,
  inputTokens: 1_000,
  outputTokens: 234,
  cost: 1.5,
};
export const summaryOf = (changes: Partial<Summary> = {}): Summary => ({
  from: at,
  to: at,
  people: 3,
  activeToday: 2,
  conversations: 5,
  ...figures,
  meanResponseMs: 1_250,
  p95ResponseMs: 5_000,
  errorRate: 0.025,
  ...changes,
});
export const pointOf = (day: number, messages: number, changes: Partial<Point> = {}): Point => ({
  at: new Date(Date.UTC(2026, 10, day)).toISOString(),
  ...figures,
  messages,
  ...changes,
});
export const seriesOf = (messages: readonly number[], changes: Partial<Series> = {}): Series => ({
  points: messages.map((each, index) => pointOf(index + 1, each)),
  ...changes,
});

export const personOf = (changes: Partial<Person> = {}): Person => ({
  id: 'grace',
  name: 'Grace',
  email: 'grace@example.org',
  role: 'user',
  disabled: false,
  timeZone: 'UTC',
  createdAt: at,
  lastSeenAt: at,
  ...changes,
});

export const settings = {
  registration: 'open',
  guests: true,
  defaultModel: '',
  messagesPerMinute: 20,
  runningAnswers: 5,
  openSockets: 20,
  budgets: { guest: 50_000, user: 100_000, manager: 100_000, admin: 100_000 },
  storiesPerDay: 10,
  runningStories: 20,
  banner: '',
} as const;

const empty = { items: [] };

/** A server with an administration, asked by an administrator. */
export class AdminServer extends StoryServer {
  person = personOf();
  settings: object = settings;

  constructor() {
    super();
    stubCanvas();
    this.me = { ...this.me, name: 'Root', role: 'admin' };
    const { others } = this;
    others.set('GET /api/analytics/summary', () => [200, summaryOf()]);
    others.set('GET /api/analytics/timeseries', (query) => [
      200,
      { from: at, to: at, items: [seriesOf([3, 0, 9], namesOf(query.get('split')))] },
    ]);
    others.set('GET /api/analytics/people', () => [
      200,
      { from: at, to: at, items: [{ personId: 'grace', name: 'Grace', role: 'user', ...figures, lastActiveAt: at }] },
    ]);
    others.set('GET /api/admin/people', () => [200, { items: [this.person] }]);
    others.set('GET /api/admin/people/grace', () => [200, this.person]);
    others.set('GET /api/admin/people/p', () => [200, personOf({ id: 'p', name: 'Root', role: 'admin' })]);
    others.set('GET /api/admin/settings', () => [200, this.settings]);
    others.set('GET /api/admin/invitations', () => [200, empty]);
    others.set('GET /api/admin/dead-letters', () => [200, empty]);
    others.set('GET /api/admin/audit', () => [200, empty]);
    const story = { ...storyOf(), person: { id: 'grace', name: 'Grace' } };
    others.set('GET /api/admin/stories', () => [200, { items: [story] }]);
    others.set('GET /api/admin/stories/s1', () => [200, story]);
  }

  /** How often a route was asked. */
  countOf(request: string): number {
    return this.requests.filter((each) => each.split('?')[0] === request).length;
  }

  /** What a route was asked with last. */
  queryOf(request: string): Record<string, string> {
    const last = this.requests.findLast((each) => each.split('?')[0] === request);
    return Object.fromEntries(new URLSearchParams(last?.split('?')[1]));
  }
}

const namesOf = (split: string | null): Partial<Series> => {
  if (split === 'model') return { model: 'demo' };
  return split === 'person' ? { personId: 'grace' } : {};
};

export const button = (name: string | RegExp) => screen.findByRole('button', { name });
export const click = async (name: string | RegExp) => void fireEvent.click(await button(name));
export const heading = (name: string) => screen.findByRole('heading', { level: 1, name });
export const fill = (label: string, value: string) =>
  fireEvent.change(screen.getByLabelText(label), { target: { value } });
