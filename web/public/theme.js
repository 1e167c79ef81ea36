// Runs before the first paint, so that a chosen theme never flashes the other one. A file, because a strict content
// security policy refuses inline scripts.
(() => {
  try {
    const theme = localStorage.getItem('lamplight.theme');
    if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  } catch {
    // Storage may be refused; the system's theme applies.
  }
})();
