import { configure } from '@testing-library/react';

// On a machine with other work a paint may take longer than the second that is the default.
configure({ asyncUtilTimeout: 5_000 });
