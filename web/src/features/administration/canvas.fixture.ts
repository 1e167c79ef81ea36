import { vi } from 'vitest';

/** The page's canvases draw nothing, as the test's browser has none; what is drawn is a matter of the journeys. */
export function stubCanvas(): void {
  const context = new Proxy({} as Record<string | symbol, unknown>, {
    get: (target, name) => (name in target ? target[name] : () => ({ width: 10 })),
    set: (target, name, value) => {
      target[name] = value;
      return true;
    },
  });
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(context as never);
  const nothing = () => {};
  vi.stubGlobal(
    'Path2D',
    class {
      moveTo = nothing;
      lineTo = nothing;
      rect = nothing;
      arc = nothing;
      arcTo = nothing;
      closePath = nothing;
      addPath = nothing;
      roundRect = nothing;
    },
  );
}
