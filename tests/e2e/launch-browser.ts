import { type Browser, chromium } from 'playwright-core';

/** What Playwright leaves off itself. Chromium heeds the last list alone, so that ours has to repeat it; a test holds it to this. */
const leftOffByPlaywright = [
  ...['AvoidUnnecessaryBeforeUnloadCheckSync', 'DestroyProfileOnBrowserClose', 'HttpsUpgrades'],
  ...[
    'HttpsFirstBalancedModeAutoEnable',
    'LensOverlay',
    'MediaRouter',
    'PaintHolding',
    'ThirdPartyStoragePartitioning',
  ],
  ...['AvoidCorsURLLoaderRestartOnRedirect', 'TcpPortRandomizationWin', 'OptimizationHints'],
  ...['NetworkTimeServiceQuerying', 'AimEnabled', 'PreconnectToSearch', 'msForceBrowserSignIn'],
  'msEdgeUpdateLaunchServicesPreferredVersion',
];

/**
 * Two pages of Chromium's own, for what it proposes while an address is typed: it loads both with each window, each in a process
 * of its own, which takes longer than all else that a new context takes.
 */
const suggestions = ['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup'];

export const browserArguments: readonly string[] = [
  ...['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  `--disable-features=${[...leftOffByPlaywright, ...suggestions].join()}`,
];

/** Chromium without anything to see. `more`: arguments beside those that all journeys have. */
export const launchBrowser = (executablePath: string, more: readonly string[] = []): Promise<Browser> =>
  chromium.launch({ executablePath, args: [...browserArguments, ...more] });
