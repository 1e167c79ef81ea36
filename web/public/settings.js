// What whoever serves this page tells it, read before the app starts. `apiUrl`: the origin of the API where it is not the
// page's own, such as https://api.example.org; the edge then serves a file of this name with it.
globalThis.lamplightSettings = {};
