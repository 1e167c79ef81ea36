# The edge image: Debian's nginx with its headers-more and brotli modules, and the built web app in /usr/share/lamplight/web.
# Build it from the root of the checkout; scripts/build-images does.
#
# It runs as uid 101 with a read-only root (/tmp writable), listens on 8080 and 8443 and needs no shell. Its configuration is
# what `node nginx/main.ts` of the server image renders into a volume over /etc/lamplight/nginx; what is in the image is the
# default one, for http alone.

# The same lines stand in both Dockerfiles, so that the second build takes this stage from the first one's cache.
FROM node:24-bookworm-slim AS web
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Not `npm ci`: package-lock.json lists the optional packages of one platform only. `--no-save` keeps to the locked versions.
RUN npm install --no-save --no-audit --no-fund
COPY tsconfig.json ./
COPY scripts/prepare ./scripts/prepare
COPY services/contract ./services/contract
COPY web ./web
RUN ["node", "node_modules/vite/bin/vite.js", "build", "web", "--logLevel", "warn"]

FROM node:24-bookworm-slim AS configuration
WORKDIR /app
COPY package.json ./
COPY nginx ./nginx
COPY services/platform ./services/platform
ENV PUBLIC_URL=http://localhost:8080 EDGE_TLS=off EDGE_RESOLVER=127.0.0.11
RUN ["node", "nginx/main.ts", "--out", "/configuration"]

FROM debian:bookworm-slim
RUN apt-get update -qq \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
      nginx libnginx-mod-http-headers-more-filter libnginx-mod-http-brotli-filter libnginx-mod-http-brotli-static \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/cache/debconf/* /var/log/apt /var/log/dpkg.log /usr/share/doc/* /usr/share/man/* \
      /etc/nginx/sites-enabled /etc/nginx/sites-available /var/www/html \
 && groupadd --system --gid 101 edge && useradd --system --uid 101 --gid 101 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin edge \
# What volumes are mounted on: a named volume takes its owner from here.
 && install -d -o 101 -g 101 /etc/lamplight/nginx /etc/lamplight/tls /var/lib/lamplight/acme
COPY deploy/health/edge.pl /usr/local/lib/lamplight/health.pl
COPY --from=configuration --chown=101:101 /configuration /etc/lamplight/nginx
COPY --from=web /app/web/dist /usr/share/lamplight/web
ARG VERSION=0.0.0
ARG REVISION=unknown
ARG CREATED=1970-01-01T00:00:00Z
ARG SOURCE=
LABEL org.opencontainers.image.title="Lamplight edge" \
      org.opencontainers.image.description="nginx in front of Lamplight, with its web app" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION" \
      org.opencontainers.image.created="$CREATED" \
      org.opencontainers.image.source="$SOURCE"
USER 101:101
EXPOSE 8080 8443
# Lets requests under way end; SIGTERM would cut them.
STOPSIGNAL SIGQUIT
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 CMD ["perl", "/usr/local/lib/lamplight/health.pl"]
# Before nginx has read where its errors go, it would write to a file of /var/log that it may not open.
CMD ["nginx", "-e", "stderr", "-c", "/etc/lamplight/nginx/nginx.conf", "-g", "daemon off;"]
