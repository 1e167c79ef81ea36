import type { ServerResponse } from 'node:http';
import { z } from 'zod';

export const imageFaults = [
  /** Gives an address on this server in place of the picture, one on another, or one that is no address. */
  'image-address',
  'image-elsewhere',
  'image-no-address',
  /** A text, no bytes at all, or bytes that are no picture. */
  'image-text',
  'image-nothing',
  /** A PNG of more than eight megabytes. */
  'image-huge',
  /** Refuses for the content of the prompt, as two generations of OpenAI's models do. */
  'image-policy',
  'image-blocked',
  /** Knows neither `size` nor `response_format`. */
  'image-plain',
] as const;
type ImageFault = (typeof imageFaults)[number];

export const isImageFault = (fault: string): fault is ImageFault => (imageFaults as readonly string[]).includes(fault);

export const imageBody = z.looseObject({ model: z.string(), prompt: z.string() });

/** An evening of 48 × 32 pixels, as PNG. */
export const scriptedPng: Buffer = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAADAAAAAgCAYAAABU1PscAAABuElEQVR4nO2Uv0vDQBTHX5pLjC1dBB1ctAgWFxUdFCdnHVwL+kdY0ElHnRQ666zgnyHOCjqJLuLSpeJgmx9NconvRVuhaazYH9dAPhDuPbLc5+7dV8ovbfkQYxIB0SQCohkKgclxDfa2c5CfymAH8PSqw+nlC5QrFna/I1yANn91tADZDMPuh6ruQuHwoaOEcIFScQ7Wl8ewCnN99w7F0iNW0QgXuDlbCZ1+g3KlDpvFW6yiES9wvgrZtIxVmPIbCuwOuUDsRyh4xMeLoVuoGhwKB/c4RkP+iAmS2N/Jwex3jD5jjJ5cxCRGuyUREE0iIJpEQDSRAp7ngeva4DpOUHseB845/gGQZRlSKfpSwBQFGFODWgQhAdu2oG6ZuHkXu7/DGIMRbRRUVcNucDQFLNMACzfu+x52/0eSUqChiDaaxq5/+L4PplEDaWZ+wzf0anM8egWNWTqTxZtRsOstnLug1z5w5SBNTK8FN9AvFEUNbqMXInTqNN6mqWP3Rd8FGnQrEjXiAxNoQCL02GWZdUwux6EUtIOVxqUdAxdohYRIhGKZoLim2KYUbD3tdggX6JZEQDSxF/gE6qbR5zlOHOEAAAAASUVORK5CYII=',
  'base64',
);

const json = (response: ServerResponse, status: number, value: unknown): void =>
  void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));

const give = (response: ServerResponse, image: object): void =>
  json(response, 200, { created: 1_700_000_000, data: [image] });

const refuse = (response: ServerResponse, message: string, code: string): void =>
  json(response, 400, { error: { message, code, type: 'invalid_request_error' } });

interface Asked {
  readonly body: z.infer<typeof imageBody>;
  readonly location: string | undefined;
  /** The server's own. */
  readonly origin: string;
}

const picture = ({ body }: Asked) => ({ b64_json: scriptedPng.toString('base64'), revised_prompt: body.prompt });

const acts: Readonly<Record<ImageFault, (response: ServerResponse, asked: Asked) => void>> = {
  'image-address': (response, { origin }) => give(response, { url: `${origin}/pictures/1.png` }),
  'image-elsewhere': (response, { location }) => give(response, { url: location ?? 'https://pictures.example/1.png' }),
  'image-no-address': (response) => give(response, { url: 'http://[' }),
  'image-text': (response) => give(response, { b64_json: Buffer.from('<svg onload="alert(1)"/>').toString('base64') }),
  'image-nothing': (response) => json(response, 200, { created: 1_700_000_000, data: [] }),
  'image-huge': (response) =>
    give(response, { b64_json: Buffer.concat([scriptedPng, Buffer.alloc(8_500_000)]).toString('base64') }),
  'image-policy': (response, { body }) => refuse(response, `Refused: ${body.prompt}`, 'content_policy_violation'),
  'image-blocked': (response, { body }) => refuse(response, `Refused: ${body.prompt}`, 'moderation_blocked'),
  'image-plain': (response, asked) => {
    if ('size' in asked.body || 'response_format' in asked.body)
      refuse(response, 'Unknown parameter.', 'unknown_parameter');
    else give(response, picture(asked));
  },
};

/** Answers as https://platform.openai.com/docs/api-reference/images/create shows it. */
export function sendImage(response: ServerResponse, fault: string | undefined, asked: Asked): void {
  if (fault !== undefined && isImageFault(fault)) acts[fault](response, asked);
  else give(response, picture(asked));
}
