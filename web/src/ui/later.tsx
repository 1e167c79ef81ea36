import { type ComponentType, useEffect, useEffectEvent, useState } from 'react';

interface LaterProps<Props> {
  /** Always the same function: it imports the component. */
  readonly load: () => Promise<ComponentType<Props>>;
  readonly props: Props;
  readonly onRefused: () => void;
}

/**
 * A component whose code is loaded when it is first shown. Where it cannot be loaded, `onRefused` is told and nothing is shown;
 * the page stays as it is, and showing it once more tries again.
 */
export function Later<Props extends object>({ load, props, onRefused }: LaterProps<Props>) {
  const [Shown, setShown] = useState<ComponentType<Props>>();
  const refused = useEffectEvent(onRefused);
  useEffect(() => {
    let isLeft = false;
    load().then(
      (component) => {
        if (!isLeft) setShown(() => component);
      },
      () => {
        if (!isLeft) refused();
      },
    );
    return () => {
      isLeft = true;
    };
  }, [load]);
  return Shown ? <Shown {...props} /> : null;
}
