import { configure } from '@testing-library/react';
import { toast } from 'sonner';
import { afterEach } from 'vitest';
import { readCatalogue } from './features/language/catalogues.ts';
import { initTexts } from './features/language/start-language.ts';

// On a machine with other work a paint may take longer than the second that is the default.
configure({ asyncUtilTimeout: 5_000 });

await initTexts('en', await readCatalogue('en'));

// Notifications outlive the page that showed them, and some stay until they are closed.
afterEach(() => void toast.dismiss());
