import { Component, type ReactNode } from 'react';

interface CanvasBoundaryProps {
  readonly fallback: ReactNode;
  readonly children: ReactNode;
}

/** A drawing that cannot be loaded or made (offline, a new release, a browser without canvas) takes nothing else with it. */
export class CanvasBoundary extends Component<CanvasBoundaryProps, { readonly isBroken: boolean }> {
  override state = { isBroken: false };

  static getDerivedStateFromError(): { readonly isBroken: boolean } {
    return { isBroken: true };
  }

  override render(): ReactNode {
    return this.state.isBroken ? this.props.fallback : this.props.children;
  }
}
