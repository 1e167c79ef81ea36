import type { ImageGenerateParamsNonStreaming } from 'openai/resources/images';
import { z } from 'zod';
import { BadReply } from '#platform/models/completion-reader.ts';
import type { ProviderAddress } from '#platform/provider/openai-client.ts';
import { ProviderClient, ProviderError, type ProviderTools, readJson } from '#platform/provider/provider-client.ts';
import { imageMediaType } from './image-signature.ts';
import { ImageError, type ImageRequest, type Images, type Picture } from './images.ts';

/** Of one picture. */
const maxBytes = 8 * 1024 * 1024;
/** Base64 takes four characters for three bytes; some servers wrap lines and tell how the prompt was changed. */
const limits = { attempts: 3, timeoutMs: 180_000, maxBytes: Math.ceil(maxBytes * 1.4) };
/** Longer prompts are refused by some models (DALL·E 2: 1,000 characters, 3: 4,000). */
const maxPromptLength = 4_000;

const reply = z.object({
  data: z.array(z.object({ b64_json: z.string().nullish(), url: z.string().nullish() })).min(1),
});

/** Pictures of an OpenAI-compatible server. */
export class ProviderImages implements Images {
  readonly kind = 'provider';
  readonly #model: string;
  readonly #baseUrl: string;
  readonly #client: ProviderClient;

  constructor(
    { model, provider }: { readonly model: string; readonly provider: ProviderAddress },
    tools: ProviderTools,
  ) {
    this.#model = model;
    this.#baseUrl = provider.baseUrl;
    this.#client = new ProviderClient(provider, tools, limits);
  }

  async make(request: ImageRequest): Promise<Picture> {
    request.signal.throwIfAborted();
    try {
      const found = await this.#generate(request, wishesFor(this.#model));
      return picture(found.bytes ?? (await this.#fetch(ownAddress(found.url, this.#baseUrl), request.signal)));
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      const { retryable } = error;
      throw new ImageError(isRefusal(error) ? 'The provider does not paint this.' : 'The provider painted nothing.', {
        retryable,
        cause: error,
      });
    }
  }

  /** A server that does not know the wishes is asked without them. */
  async #generate(request: ImageRequest, wishes: Wishes): Promise<Found> {
    try {
      return await this.#ask(request, wishes);
    } catch (error) {
      if (!(error instanceof ProviderError) || !(error.status === 400 || error.status === 422) || isRefusal(error))
        throw error;
      return this.#ask(request, {});
    }
  }

  #ask({ prompt, signal }: ImageRequest, wishes: Wishes): Promise<Found> {
    const body = { model: this.#model, prompt: prompt.slice(0, maxPromptLength).toWellFormed(), n: 1, ...wishes };
    return this.#client.call({
      model: this.#model,
      signal,
      ask: (client, options) => client.images.generate(body, options),
      read: (bytes) => {
        const [first] = reply.safeParse(readJson(bytes)).data?.data ?? [];
        if (first?.b64_json) return { bytes: Buffer.from(first.b64_json, 'base64') };
        if (first?.url) return { url: first.url };
        throw new BadReply('The reply holds no picture.');
      },
    });
  }

  /** Where a server gives an address in place of the picture, on itself. */
  #fetch(address: string, signal: AbortSignal): Promise<Buffer> {
    return this.#client.call({
      model: this.#model,
      signal,
      ask: (client, options) => client.get(address, { ...options, __binaryResponse: true }),
      read: (bytes) => bytes,
    });
  }
}

type Found = { readonly bytes: Buffer; readonly url?: never } | { readonly url: string; readonly bytes?: never };
type Wishes = Partial<Pick<ImageGenerateParamsNonStreaming, 'size' | 'response_format' | 'output_format'>>;

/** Three to two, as the page shows it, in the sizes that each family of models has. */
function wishesFor(model: string): Wishes {
  if (model.startsWith('gpt-image') || model.startsWith('chatgpt-image'))
    return { size: '1536x1024', output_format: 'jpeg' };
  if (model.startsWith('dall-e-3')) return { size: '1792x1024', response_format: 'b64_json' };
  return { size: '1024x1024', response_format: 'b64_json' };
}

/** What providers call a prompt, or its picture, that they refuse for its content. */
const isRefusal = ({ code }: ProviderError): boolean =>
  /moderation_blocked|content_policy|content_filter|safety|image_generation_user_error/.test(code);

/** An address on the provider's own origin. Any other is not asked: what a server names could stand in our own network. */
function ownAddress(url: string, baseUrl: string): string {
  const base = new URL(baseUrl);
  const found = URL.canParse(url, base.origin) ? new URL(url, base.origin) : undefined;
  if (found?.origin !== base.origin)
    throw new ImageError('The provider gave an address elsewhere in place of a picture.', { retryable: false });
  return found.href;
}

function picture(bytes: Uint8Array): Picture {
  if (bytes.length > maxBytes)
    throw new ImageError(`The provider's picture is larger than ${maxBytes} bytes.`, { retryable: false });
  const mediaType = imageMediaType(bytes);
  if (!mediaType) throw new ImageError('What the provider gave is no PNG, JPEG or WebP.', { retryable: true });
  return { bytes, mediaType };
}
