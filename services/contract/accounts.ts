import { z } from 'zod';
import { id, moment } from './pages.ts';

export const guestRequest = z.object({ name: z.string().trim().min(1).max(60) }).meta({ id: 'GuestRequest' });

/** What gives a token answers as OAuth 2 has it (RFC 6749, section 5.1). */
export const tokenResponse = z
  .object({ access_token: z.string(), token_type: z.literal('Bearer'), expires_in: z.int().positive() })
  .meta({ id: 'Token' });

/** A one-use key that opens a WebSocket: `GET /ws?ticket=`. */
export const ticketResponse = z.object({ ticket: z.string(), expiresIn: z.int().positive() }).meta({ id: 'Ticket' });

export const me = z
  .object({ id, name: z.string(), role: z.enum(['guest']), expiresAt: moment })
  .meta({ id: 'Me', description: 'Who the token speaks for, and when its session ends unless it is used.' });
