import { configure } from '@testing-library/react';
import { readCatalogue } from './features/language/catalogues.ts';
import { initTexts } from './features/language/start-language.ts';

// On a machine with other work a paint may take longer than the second that is the default.
configure({ asyncUtilTimeout: 5_000 });

await initTexts('en', await readCatalogue('en'));
