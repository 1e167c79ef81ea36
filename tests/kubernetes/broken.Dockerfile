# A release that goes wrong: its migration works, its processes do not start. Its context is this folder.
ARG BASE
FROM ${BASE}
COPY broken.ts ./services/api/main.ts
COPY broken.ts ./services/realtime/main.ts
COPY broken.ts ./services/worker/main.ts
COPY broken.ts ./services/scheduler/main.ts
