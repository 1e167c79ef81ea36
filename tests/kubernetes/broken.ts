console.error('This release is broken on purpose.');
process.exitCode = 1;
